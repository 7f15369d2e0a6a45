import { type Client, createClient } from '@rivulet/client'
import { RivuletProvider, useEvent, useRpc, useStore, useStoreKeys } from '@rivulet/react'
import { type ReactNode, useState } from 'react'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type Locator, page } from 'vitest/browser'
import { render, type RenderResult } from 'vitest-browser-react'
import { Add, BoardStore, Sound, Tick } from '../../client/test/support/board.ts'
import { type HostLink, startHost } from '../../client/test/topologies/host/link.ts'
import { mountDevtools } from '../src/overlay/mount-devtools.ts'
import { readRecording, stateAt } from '../src/recording.ts'
import { eventually } from './support/eventually.ts'

// The whole of it, with nothing made up: a host in a process of its own, the client with its worker, React components, and the devtools as they are mounted on a page; moved by what a person does with it.

function Title(): ReactNode {
  return <h1>{useStore(BoardStore, 'title')}</h1>
}

function Row({ id }: { readonly id: string }): ReactNode {
  const row = useStore(BoardStore, ['items', id])
  return <li>{`${id} ${row?.name ?? ''}`}</li>
}

function Rows(): ReactNode {
  const ids = useStoreKeys(BoardStore, 'items')
  return (
    <ul>
      {ids.map((id) => (
        <Row key={id} id={id} />
      ))}
    </ul>
  )
}

function Adder(): ReactNode {
  const add = useRpc(Add)
  const [sum, setSum] = useState('no sum yet')
  const [heard, setHeard] = useState(0)
  useEvent(Tick, ({ n }) => setHeard(n))
  useEvent(Sound, 'bell', ({ n }) => setHeard(n))
  return (
    <>
      <button onClick={() => void add({ x: 2, y: 3 }).then((result) => setSum(`sum ${result}`))}>
        Add two and three
      </button>
      <output>{`${sum}, heard ${heard}`}</output>
    </>
  )
}

let host: HostLink
let client: Client
let app: RenderResult
let unmount: () => void

beforeAll(async () => {
  await page.viewport(1500, 900)
  host = await startHost(`devtools ${crypto.randomUUID()}`)
})

beforeEach(async () => {
  await host.reset()
  localStorage.clear()
  // Wide enough for every column, and the app beside it.
  localStorage.setItem('rivulet.devtools.overlay', JSON.stringify({ right: 1150 }))
  client = createClient({
    url: host.url,
    path: '/game',
    devtools: true,
    workerStartTimeoutMs: 20_000,
    reconnect: { minMs: 20, maxMs: 200 },
  })
  app = await render(
    <RivuletProvider client={client}>
      <Title />
      <Rows />
      <Adder />
    </RivuletProvider>,
  )
  unmount = mountDevtools({ dock: 'right' })
  await press(page.getByRole('button', { name: 'Open Rivulet devtools' }))
  await shows('.rv-state', /^connected$/)
  await sees('h1', 'first')
})

afterEach(async () => {
  await app.unmount()
  unmount()
  await client.dispose()
})

afterAll(() => host?.stop())

/** The panel's shadow root. */
const panel = (): ShadowRoot => {
  const overlay = document.querySelector('rivulet-overlay')?.shadowRoot
  const root = overlay?.querySelector('rivulet-devtools')?.shadowRoot
  if (root === undefined || root === null) throw new Error('there is no panel')
  return root
}
/** Sooner than a test is given up, so that what is missing is said. */
const press = (what: Locator): Promise<void> => what.click({ timeout: 10_000 })
/** What an element of the app shows. */
const sees = (selector: string, text: string): Promise<void> =>
  eventually(() => expect(app.container.querySelector(selector)?.textContent).toBe(text))
const shows = (selector: string, text: string | RegExp): Promise<void> =>
  eventually(() => {
    const found = [...panel().querySelectorAll(selector)].map((element) => element.textContent)
    expect(found.join('\n')).toMatch(text instanceof RegExp ? text : literal(text))
  })
const literal = (text: string): RegExp => new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
const openTab = (name: string): Promise<void> => press(page.getByRole('tab', { name }))
const button = (name: string | RegExp): Locator => page.getByRole('button', { name, exact: false }).first()
/** A visible row of a list, by its label and what is in the row; the newest. */
const rowIn = (list: string, text: string | RegExp): Locator =>
  page.getByRole('listbox', { name: list, exact: true }).getByRole('option').filter({ hasText: text }).last()
/** A row of a tree, by its name. */
const leaf = (name: string): HTMLElement => {
  const rows = [...panel().querySelectorAll<HTMLElement>('.rv-tree-row:not([hidden])')]
  const row = rows.find((one) => one.querySelector('.rv-name')?.textContent === name)
  if (row === undefined) throw new Error(`no row ${name} in ${rows.map((one) => one.textContent).join('; ')}`)
  return row
}
const leafShows = (name: string, value: string): Promise<void> =>
  eventually(() => expect(leaf(name).querySelector('.rv-value')?.textContent).toBe(value))

test('Stores: live values, who wants them, and an edit that React shows until it is undone', async () => {
  expect(await client.mode).toBe('worker')
  await shows('[role=listbox] .rv-store-row', /BoardStore.*live/)
  await leafShows('title', '"first"')
  await host.title('second')
  await leafShows('title', '"second"')
  await sees('h1', 'second')
  expect(leaf('title').className).toContain('changed')

  await press(page.elementLocator(leaf('title')))
  await shows('.rv-details', '<Title>')
  await shows('.rv-details', /Asked of the host\s*Title live/)
  await shows('.rv-details', /by delta #\d+/)

  await press(button('Edit on this page'))
  await page.getByRole('textbox', { name: 'New value of title' }).fill('mine')
  await press(button('Show on this page'))
  await sees('h1', 'mine')
  await leafShows('title', '"mine"')
  expect(leaf('title').className).toContain('edited')
  await shows('.rv-local', '1 local value, on this page only')
  // The host goes on beneath it.
  await host.title('third')
  await host.row('c', 'Cy', 3, 3)
  await sees('li:last-child', 'c Cy')
  await sees('h1', 'mine')
  await press(button('Undo title'))
  await sees('h1', 'third')
  await leafShows('title', '"third"')
  expect(leaf('title').className).not.toContain('edited')
})

test('Wire: messages of both ways, and every byte of the delta that came', async () => {
  await openTab('Wire')
  await shows('.rv-messages .rv-row:not([hidden])', /→ outstoresubBoardStore Title/)
  await host.row('a', 'Anna', 5, 1)
  await sees('li', 'a Anna')
  await press(rowIn('Messages', /BoardStore partial/))
  await shows('.rv-meta', /in storeupdate BoardStore partial/)
  await shows('.rv-bytes [aria-label="Meaning of the bytes"]', 'BoardStore.items["a"].name')
  await press(rowIn('Meaning of the bytes', '"Anna"'))
  await shows('.rv-bytes .says', /^BoardStore\.items\["a"\]\.name — .*"Anna"/)
  // Its bytes are marked, and are those of the text.
  await eventually(() => {
    const marked = [...panel().querySelectorAll('.hex .sel')].map((cell) => Number.parseInt(cell.textContent ?? '', 16))
    expect(String.fromCharCode(...marked)).toContain('Anna')
  })
})

test('Renders: a component by its name, why it rendered, and the bytes that were the reason', async () => {
  await openTab('Renders')
  await host.row('b', 'Berta', 7, 2)
  await sees('li:last-child', 'b Berta')
  await eventually(async () => {
    // Not `Rows`, whose place in the table is as good.
    await press(rowIn('Components', /^Row(?!s)/))
    await shows('.rv-why', 'Why did this render?')
  })
  await shows('.rv-why h3', /^Row$/)
  await shows('.rv-why summary', /1× patch .*BoardStore items\.b/)
  await press(page.getByText(/1× patch .*items\.b/).first())
  await press(button(/^#\d+$/))
  await shows('.rv-why td', 'BoardStore.items["b"].name')
  await press(button(/^Message #\d+ in Wire$/))
  expect(page.getByRole('tab', { name: 'Wire' }).element().ariaSelected).toBe('true')
  // Its row, not the line above: that says what is under the mouse.
  await shows('[aria-label="Meaning of the bytes"] [aria-selected=true]', 'BoardStore.items["b"]')
})

test('RPC & events: a call with its result, called again at the host; an event that is listened to', async () => {
  await openTab('RPC & events')
  await press(page.getByRole('button', { name: 'Add two and three' }))
  await sees('output', 'sum 5, heard 0')
  await shows('[aria-label=Calls] .rv-row', /answeredBoardStore\.Add.*x.*2.*y.*3.*5/)
  await press(rowIn('Calls', 'BoardStore.Add'))
  await shows('.rv-facts', /Arguments.*"x": 2/s)
  await press(button('Edit and call again'))
  const args = page.getByRole('textbox', { name: 'Arguments' })
  await eventually(() => expect((args.element() as HTMLTextAreaElement).value).toContain('"y": 3'))
  await args.fill('{"x": 20, "y": 22}')
  await press(page.getByRole('button', { name: 'Call', exact: true }))
  await shows('.rv-form [role=status]', /"result": 42/)
  expect((await host.report()).calls).toEqual([
    [2, 3],
    [20, 22],
  ])

  await page.getByRole('combobox', { name: 'Event' }).selectOptions('Tick')
  await press(button('Subscribe'))
  await host.tick(7)
  await sees('output', 'sum 5, heard 7')
  await shows('.rv-listeners', /Tick 1 × .*"n": 7/)
  await shows('[aria-label=Events] .rv-row', /Tick.*7/)
  await page.getByRole('combobox', { name: 'Event' }).selectOptions('BoardStore.Board.Sound')
  await page.getByRole('textbox', { name: 'Key' }).fill('horn')
  await press(button('Subscribe'))
  await eventually(async () => {
    await host.sound('horn', 9)
    expect(panel().querySelector('.rv-listeners')?.textContent).toMatch(/horn \d+ × .*"n": 9/)
  })
  // The app has not asked for that one.
  await sees('output', 'sum 5, heard 7')
})

test('Session: where the connection stands, a cut, and the way back', async () => {
  await openTab('Session')
  await shows('dd', /^connected since/m)
  await shows('dd', host.url)
  await host.cut()
  await shows('[role=option]', /disconnected/)
  await shows('dd', /^connected since/m)
  await eventually(() => {
    const lines = [...panel().querySelectorAll('.rv-session-row:not([hidden]) .rv-text')].map((row) => row.textContent)
    const cut = lines.findIndex((line) => line?.startsWith('disconnected'))
    expect(cut).toBeGreaterThanOrEqual(0)
    expect(lines.slice(cut).some((line) => line?.startsWith('connected'))).toBe(true)
  })
  await host.title('after the cut')
  await sees('h1', 'after the cut')
})

test('Time travel: a step back in the panel, then in the app, then live; and the file', async () => {
  await host.title('second')
  await sees('h1', 'second')
  await host.title('third')
  await sees('h1', 'third')
  await openTab('Time travel')
  await leafShows('title', '"third"')
  await press(button('One back'))
  await leafShows('title', '"second"')
  // Looking back is no reason for the app to change.
  await sees('h1', 'third')
  await press(button('Show in the app'))
  await sees('h1', 'second')
  await shows('.rv-past', 'The page shows the past')
  await host.title('fourth')
  await press(button('One back'))
  await sees('h1', 'first')
  await press(button('Live again'))
  await sees('h1', 'fourth')

  await press(button(/^Take again/))
  await press(button('Newest moment'))
  await leafShows('title', '"fourth"')
  const saved: Blob[] = []
  const create = vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
    saved.push(blob as Blob)
    return 'about:blank#'
  })
  // The browser would ask where to put it.
  const download = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined)
  await press(button('Export'))
  await eventually(() => expect(saved).toHaveLength(1))
  create.mockRestore()
  download.mockRestore()
  const recording = readRecording((await saved[0]?.text()) ?? '')
  expect(recording.info.url).toBe(host.url)
  expect(stateAt(recording, BoardStore, recording.ring.last)?.title).toBe('fourth')
  expect(stateAt(recording, BoardStore, recording.ring.last)?.items?.get('a')?.name).toBe('a')
})
