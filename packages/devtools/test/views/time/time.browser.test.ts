import { decodeState, type StoreDef } from '@rivulet/wire'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { board, BoardStore } from '../../../../client/test/support/board.ts'
import { FleetStore, makeBoat, makeFleet } from '../../../../client/test/support/fleet.ts'
import { createTimeView, type OpenDetail } from '../../../src/panel/views/time/index.ts'
import { createRecordedModel } from '../../../src/panel/views/time/recorded-model.ts'
import { encodeRecording, readRecording, type Recording, stateAt, takeRecording } from '../../../src/recording.ts'
import { eventually } from '../../support/eventually.ts'
import { createLiveModel, type LiveModel } from '../../support/live-model.ts'
import { choose, mountView, type OnPage, rowsOf, type } from '../../support/view-on-page.ts'
import { buildRing } from '../../support/ring-builder.ts'

const timeView = createTimeView(() => import('../../../src/panel/views/time/files.ts'))
const defs = { stores: [FleetStore, BoardStore] as readonly StoreDef[] }

/** Ten moments: two connections, a resync, updates of two stores. */
function recorded(more = 0): Recording {
  const ring = buildRing()
  ring.entry({ type: 'connection', status: { state: 'connected', since: 1, attempt: 0, clockOffset: null } })
  ring.frame({ dir: 'out', kind: 'storesub', store: 'fleet', key: '', action: 'subscribe' })
  ring.full(FleetStore, makeFleet())
  ring.full(BoardStore, board())
  ring.partial(FleetStore, { count: { set: 7 } })
  ring.partial(FleetStore, { boats: { mods: new Map([['a', { at: { mod: { lat: { set: 40 } } } }]]) } })
  ring.partial(BoardStore, { title: { set: 'second' } })
  ring.entry({ type: 'resync', store: 'fleet', error: { code: 'malformed', what: 'no such index' } })
  ring.gap(FleetStore)
  ring.full(FleetStore, makeFleet({ count: 8 }))
  ring.entry({ type: 'connection', status: { state: 'disconnected', since: 1, attempt: 1, clockOffset: null } })
  ring.partial(FleetStore, { boats: { sets: new Map([['c', makeBoat('Cy')]]), deletes: new Set(['a']) } })
  for (let i = 0; i < more; i++) ring.partial(FleetStore, { count: { set: 100 + i } })
  return takeRecording(ring.ring(), defs, { taken: 1_700_000_000_000 })
}

async function mounted(model = createLiveModel(recorded())): Promise<OnPage & { readonly model: LiveModel }> {
  const page = mountView(timeView, model)
  await eventually(() => expect(rowsOf(page, 'Moments').length).toBeGreaterThan(0))
  return { ...page, model }
}

const by = (page: OnPage, label: string): HTMLElement => page.find(`[aria-label="${label}"]`)
const where = (page: OnPage): string => page.find('.bar [role=status]').textContent ?? ''
const treeOf = (page: OnPage, store: string): readonly string[] => rowsOf(page, `State of ${store}`)
const changedRows = (page: OnPage): readonly string[] =>
  page.all('.rv-tree-row.changed:not([hidden]) .rv-name').map((name) => name.textContent ?? '')
const namesOfChanges = (page: OnPage): readonly string[] =>
  page.all('[aria-label="Changed by this message"] button').map((button) => button.textContent ?? '')

function go(page: OnPage, index: number): void {
  const scrub = by(page, 'Moment') as HTMLInputElement
  scrub.value = String(index)
  scrub.dispatchEvent(new Event('input', { bubbles: true }))
}

describe('the timeline', () => {
  test('begins at the newest moment, with its state and what it changed', async () => {
    const page = await mounted()
    expect(where(page)).toMatch(/^10 of 10 · message 11, /)
    expect(rowsOf(page, 'Moments').map((row) => row.split('|')[1])).toEqual([
      'connected',
      'fleet full',
      'BoardStore full',
      'fleet partial',
      'fleet partial',
      'BoardStore partial',
      'fleet resync: no such index',
      'fleet full',
      'disconnected',
      'fleet partial',
    ])
    expect(treeOf(page, 'fleet')).toContainEqual(expect.stringContaining('count|8'))
    expect(namesOfChanges(page)).toEqual(['boats.c', 'boats.a'])
    expect(changedRows(page)).toEqual(['fleet', 'boats'])
  })

  test('steps, jumps and shows the store that the moment was about', async () => {
    const page = await mounted()
    by(page, 'First moment').click()
    expect(where(page)).toMatch(/^1 of 10/)
    expect((by(page, 'One back (left arrow)') as HTMLButtonElement).disabled).toBe(true)
    go(page, 3)
    expect(namesOfChanges(page)).toEqual(['count'])
    expect(treeOf(page, 'fleet')).toContainEqual(expect.stringContaining('count|7'))
    by(page, 'One back (left arrow)').click()
    expect(treeOf(page, 'BoardStore')).toContainEqual(expect.stringContaining('title|"first"'))
    expect(namesOfChanges(page)).toEqual(['everything'])
    by(page, 'Newest moment').click()
    expect(where(page)).toMatch(/^10 of 10/)
  })

  test('goes by keys, and by a click into the strip or the list', async () => {
    const page = await mounted()
    const key = (name: string): unknown =>
      by(page, 'First moment').dispatchEvent(
        new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true }),
      )
    key('ArrowLeft')
    key('ArrowLeft')
    expect(where(page)).toMatch(/^8 of 10/)
    key('ArrowRight')
    expect(where(page)).toMatch(/^9 of 10/)
    page.all('[aria-label="Moments"] .rv-row')[3]?.click()
    expect(where(page)).toMatch(/^4 of 10 · message 5/)
    const canvas = page.find('.rv-strip canvas')
    canvas.setPointerCapture = () => undefined
    const { left, width } = canvas.getBoundingClientRect()
    const at = (x: number): unknown =>
      canvas.dispatchEvent(new PointerEvent('pointerdown', { clientX: x, buttons: 1, bubbles: true }))
    at(left + width)
    expect(where(page)).toMatch(/^10 of 10/)
    at(left + 1)
    expect(where(page)).toMatch(/^1 of 10/)
  })

  test('of one store', async () => {
    const page = await mounted()
    choose(by(page, 'Store') as HTMLSelectElement, 'BoardStore')
    expect(rowsOf(page, 'Moments').map((row) => row.split('|')[1])).toEqual([
      'connected',
      'BoardStore full',
      'BoardStore partial',
      'disconnected',
    ])
    go(page, 2)
    expect(treeOf(page, 'BoardStore')).toContainEqual(expect.stringContaining('title|"second"'))
    choose(by(page, 'Store') as HTMLSelectElement, '')
    // The same moment as before.
    expect(where(page)).toMatch(/^6 of 10 · message 7/)
  })

  test('says what is not known', async () => {
    const page = await mounted()
    go(page, 6)
    expect(page.find('.empty:not([hidden])').textContent).toBe('Nothing is known of fleet at this moment.')
    go(page, 7)
    expect(treeOf(page, 'fleet').length).toBeGreaterThan(3)
  })

  test('plays to the end', async () => {
    const page = await mounted()
    go(page, 0)
    choose(by(page, 'Speed') as HTMLSelectElement, '16')
    page.button('Play').click()
    await eventually(() => expect(where(page)).toMatch(/^10 of 10/))
    await eventually(() => expect(page.button('Play').ariaPressed).toBe('false'))
    expect(page.button('Play').disabled).toBe(true)
  })

  test('takes more when asked, and stays where it is', async () => {
    const page = await mounted()
    go(page, 3)
    page.model.record(recorded(5))
    page.view.update()
    page.button('Take again (+5)').click()
    await eventually(() => expect(where(page)).toMatch(/^4 of 15/))
    expect(page.button('Take again').textContent).toBe('Take again')
  })

  test('a link of another view leads to the moment of an entry, and fetches it if need be', async () => {
    const page = await mounted()
    page.view.goto?.({ view: 'time', seq: 5 })
    expect(where(page)).toMatch(/^4 of 10 · message 5/)
    page.model.record(recorded(5))
    page.view.goto?.({ view: 'time', seq: 14 })
    await eventually(() => expect(where(page)).toMatch(/^13 of 15 · message 14/))
  })

  test('without an engine, with the recording off, with nothing in it, and when the engine fails', async () => {
    const model = createLiveModel(takeRecording({ first: 0, last: 0, entries: [], payloads: [], checkpoints: [] }, {}))
    const { hello } = model
    Object.assign(model, { hello: undefined, gone: 'the client is not connected' })
    const page = mountView(timeView, model)
    const said = (): string => page.find('.empty:not([hidden])').textContent ?? ''
    expect(said()).toBe('the client is not connected')
    Object.assign(model, { hello: { ...hello, ringBytes: 0 }, ring: () => new Promise(() => undefined) })
    page.view.update()
    expect(said()).toContain('Session view')
    const other = createLiveModel(recorded())
    other.ring = () => Promise.reject(new Error('the engine is gone'))
    const failed = mountView(timeView, other)
    await eventually(() => expect(failed.find('.rv-fault').textContent).toBe('the engine is gone'))
    const empty = mountView(timeView, createRecordedModel(recorded()))
    expect(rowsOf(empty, 'Moments')).toHaveLength(10)
  })

  test('a message that does not fit its descriptor is said, and the others can be looked at', async () => {
    const ring = buildRing()
    ring.full(FleetStore, makeFleet())
    ring.frame({ dir: 'in', kind: 'storeupdate', store: 'fleet', update: 'full' }, new Uint8Array([0x63, 1]))
    ring.full(FleetStore, makeFleet())
    ring.frame({ dir: 'in', kind: 'storeupdate', store: 'ghost', update: 'full' }, new Uint8Array([0]))
    const page = await mounted(createLiveModel(takeRecording(ring.ring(), defs)))
    expect(page.find('.empty:not([hidden])').textContent).toMatch(/no descriptor/)
    go(page, 2)
    expect(treeOf(page, 'fleet').length).toBeGreaterThan(3)
    go(page, 1)
    expect(page.find('.empty:not([hidden])').textContent).toMatch(/fleet/)
  })
})

describe('two moments', () => {
  test('differ in places, before and after, and one leads into the state', async () => {
    const page = await mounted()
    go(page, 1)
    page.button('Mark').click()
    go(page, 9)
    page.button('Compare with 3').click()
    expect(page.find('.rv-diff [role=status]').textContent).toBe('4 places differ between messages 3 and 11')
    expect(rowsOf(page, 'Differences')).toEqual([
      'fleet.count|2|8',
      'fleet.boats.c|–|{name: "Cy", at: {lat: 0, lon: 0}, crew: null}',
      expect.stringContaining('fleet.boats.a|{name: "Ada"'),
      expect.stringContaining('BoardStore|–|'),
    ])
    // The order of the moments does not matter.
    go(page, 3)
    expect(rowsOf(page, 'Differences')[0]).toBe('fleet.count|2|7')
    page.all('[aria-label="Differences"] .rv-row')[0]?.click()
    expect(page.find('[aria-label="State of fleet"] [aria-selected=true] .rv-name').textContent).toBe('count')
    page.button('Compare with 3').click()
    go(page, 1)
    expect(page.find('.rv-diff [role=status]').textContent).toMatch(/^Nothing differs/)
  })
})

describe('the app', () => {
  test('shows the past of every store until it is live again; the view says so, also after it was away', async () => {
    const model = createLiveModel(recorded())
    const page = await mounted(model)
    const banner = page.find('.rv-past')
    expect(banner.hidden).toBe(true)
    go(page, 3)
    page.button('Show in the app').click()
    await eventually(() => expect(model.told).toHaveLength(2))
    expect(banner.textContent).toMatch(/^The page shows the past: message 5, .* recorded, not shown/)
    expect(page.button('Show in the app').hidden).toBe(true)
    const state = (n: number): unknown => {
      const { store, writes } = model.told[n] as (typeof model.told)[number]
      expect(writes.map(({ path }) => path)).toEqual([[]])
      const def = defs.stores.find(({ name }) => name === store) as StoreDef
      return decodeState(def, writes[0]?.bytes)
    }
    expect([state(0), state(1)]).toEqual([stateAt(recorded(), FleetStore, 5), stateAt(recorded(), BoardStore, 5)])
    // It goes along.
    by(page, 'One on (right arrow)').click()
    await eventually(() => expect(model.told).toHaveLength(4))
    expect(state(2)).toEqual(stateAt(recorded(), FleetStore, 6))

    page.view.destroy()
    const again = mountView(timeView, model)
    expect(again.find('.rv-past').hidden).toBe(false)
    await eventually(() => expect(rowsOf(again, 'Moments').length).toBeGreaterThan(0))
    model.told.length = 0
    again.button('Live again').click()
    await eventually(() => expect(model.told.filter(({ writes }) => writes.length === 0)).toHaveLength(2))
    again.view.update()
    expect(again.find('.rv-past').hidden).toBe(true)
  })

  test('is not run after: of moments that it cannot keep up with it shows the newest', async () => {
    const model = createLiveModel(recorded())
    const open: (() => void)[] = []
    const seen: unknown[] = []
    model.show = (store, writes) =>
      new Promise((resolve) => {
        const bytes = writes[0]?.bytes
        if (store === 'fleet') seen.push(decodeState(FleetStore, bytes).count)
        open.push(resolve)
      })
    const page = await mounted(model)
    go(page, 1)
    page.button('Show in the app').click()
    for (const index of [3, 4, 5, 7]) go(page, index)
    const finish = async (): Promise<void> => {
      for (;;) {
        const one = open.shift()
        if (one === undefined) return
        one()
        await new Promise((resolve) => setTimeout(resolve))
      }
    }
    await eventually(() => expect(open).toHaveLength(1))
    await finish()
    expect(seen).toEqual([2, 8])
  })

  test('refuses, and the view says why', async () => {
    const page = await mounted()
    page.model.refuse = new Error('the page has gone')
    page.button('Show in the app').click()
    await eventually(() => expect(page.find('.rv-fault').textContent).toBe('the page has gone'))
  })
})

describe('a recording', () => {
  test('is saved, and copied as text', async () => {
    const page = await mounted()
    const saved: { name: string; blob: Blob }[] = []
    const blobs = new Map<string, Blob>()
    const make = vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
      blobs.set(`blob:${blobs.size}`, blob as Blob)
      return `blob:${blobs.size - 1}`
    })
    const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      saved.push({ name: this.download, blob: blobs.get(this.href) as Blob })
    })
    const copied: string[] = []
    const write = vi.spyOn(navigator.clipboard, 'writeText').mockImplementation(async (it) => void copied.push(it))
    onTestFinished(() => [make, click, write].forEach((spy) => spy.mockRestore()))

    page.button('Export').click()
    await eventually(() => expect(saved[0]?.name).toMatch(/^rivulet-\d{4}-.*\.rsrec$/))
    const { blob } = saved[0] as (typeof saved)[number]
    const read = readRecording(await blob.text())
    expect(read.ring.entries).toEqual(recorded().ring.entries)
    expect(read.info).toMatchObject({ url: 'https://host.test', page: 'Fleet', since: 1_700_000_000_000 })

    page.button('Copy').click()
    await eventually(() => expect(readRecording(copied[0] as string)).toEqual(read))
    go(page, 3)
    page
      .all('button')
      .find((button) => button.textContent === 'Copy as test')
      ?.click()
    await eventually(() => expect(copied[1]).toContain('await replay.to(5)'))
    expect(copied[1]).toContain("expect(await replay.state('fleet')).toEqual({")
    expect(saved).toHaveLength(1)
  })

  test('is pasted, looked at in the place of the live one, and closed', async () => {
    const page = await mounted()
    page.button('Import').click()
    const area = by(page, 'Recording as text') as HTMLTextAreaElement
    type(area, 'nonsense')
    page.button('Open').click()
    await eventually(() => expect(page.find('.rv-fault').textContent).toMatch(/cannot be read/))
    type(area, encodeRecording(recorded(20)))
    page.button('Open').click()
    await eventually(() => expect(where(page)).toMatch(/ of 30/))
    expect(page.find('.rv-fault').hidden).toBe(true)
    expect(area.closest<HTMLElement>('.rv-paste')?.hidden).toBe(true)
    expect(page.button('Show in the app').hidden).toBe(true)
    page.button('Close it').click()
    expect(where(page)).toMatch(/ of 10/)
    expect(page.button('Show in the app').hidden).toBe(false)
  })

  test('comes from a file', async () => {
    const page = await mounted()
    page.button('Import').click()
    const input = by(page, 'Recording file') as HTMLInputElement
    const files = new DataTransfer()
    files.items.add(new File([encodeRecording(recorded(3))], 'a.rsrec'))
    input.files = files.files
    input.dispatchEvent(new Event('change'))
    await eventually(() => expect(where(page)).toMatch(/ of 13/))
  })

  test('is offered to the panel, which may open it for all views', async () => {
    const page = await mounted()
    const offered = new Promise<CustomEvent>((resolve) =>
      page.root.getRootNode().addEventListener('rv-open', (event) => {
        event.preventDefault()
        resolve(event as CustomEvent)
      }),
    )
    page.button('Import').click()
    type(by(page, 'Recording as text') as HTMLTextAreaElement, encodeRecording(recorded(20)))
    page.button('Open').click()
    const { model } = (await offered).detail as OpenDetail
    expect(where(page)).toMatch(/ of 10/)
    const opened = mountView(timeView, model)
    expect(where(opened)).toMatch(/ of 30/)
    expect(opened.button('Show in the app').hidden).toBe(true)
    expect(opened.button('Take again').hidden).toBe(true)
  })
})

test('20,000 moments: what is drawn is what is visible', async () => {
  const page = await mounted(createLiveModel(recorded(20_000)))
  expect(page.root.querySelectorAll('[aria-label="Moments"] .rv-row').length).toBeLessThan(60)
  const began = performance.now()
  for (let i = 0; i < 100; i++) go(page, 20_009 - i * 197)
  const each = (performance.now() - began) / 100
  console.log(`20,000 moments: a jump takes ${each.toFixed(2)} ms`)
  expect(where(page)).toMatch(/^507 of 20,010/)
})
