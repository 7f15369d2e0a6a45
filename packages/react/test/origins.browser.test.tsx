import type { Client } from '@rivulet/client'
import { pageProbes, type Probe, type ProbeOrigin, type ProbeSubscriber } from '@rivulet/client/inspect'
import { createHooks, For, Text, useStore, useStoreDiff, useStoreKeys, useSuspenseStore } from '@rivulet/react'
import { Activity, forwardRef, memo, StrictMode, Suspense, useState, type ReactNode } from 'react'
import { afterEach, describe, expect, test } from 'vitest'
import { render } from 'vitest-browser-react'
import { closePages, openPage, type TestPage } from '../../client/test/support/page.ts'
import { provide } from './support/provide.tsx'
import { FLEET, FleetStore } from './support/schema.ts'

afterEach(closePages)

interface Run {
  readonly name: string
  readonly cause: number | undefined
}

/** A client that tools look into, and what they see. */
interface Probed extends TestPage {
  readonly probe: Probe
  readonly runs: Run[]
  /** The number of the last patch. */
  readonly last: () => number
  readonly names: (path: string) => (string | undefined)[]
}

async function openProbed(): Promise<Probed> {
  const page = openPage({ devtools: true })
  const find = (): Probe | undefined => [...pageProbes().clients].find(({ client }) => client === page.client)
  await expect.poll(find).toBeDefined()
  const probe = find() as Probe
  const runs: Run[] = []
  let last = 0
  probe.observe({
    patch: ({ number }) => void (last = number),
    settled: () => undefined,
    ran: ({ name }, cause) => void runs.push({ name, cause }),
  })
  const at = (path: string): ProbeSubscriber | undefined =>
    probe.subscribers('FleetStore').find((subscriber) => subscriber.path.join('.') === path)
  return {
    ...page,
    probe,
    runs,
    last: () => last,
    names: (path) => (at(path)?.origins ?? []).map((origin) => origin?.name),
  }
}

const originAt = (probe: Probe, path: string): ProbeOrigin | null | undefined =>
  probe.subscribers('FleetStore').find((subscriber) => subscriber.path.join('.') === path)?.origins[0]

const useTurn = (): string => useStore(FleetStore, 'title')

function Title(): ReactNode {
  return <p>{useTurn()}</p>
}
function Ticks(): ReactNode {
  return <i>{useStore(FleetStore, 'ticks')}</i>
}
const Memoized = memo(function Head(): ReactNode {
  return <b>{useStore(FleetStore, (s) => s.head.name)}</b>
})
const Forwarded = forwardRef<HTMLElement>(function Marks(_, ref): ReactNode {
  return <em ref={ref}>{useStore(FleetStore, 'marks')?.length}</em>
})
const Nameless = memo((): ReactNode => <u>{useStore(FleetStore, 'on') ? 'on' : 'off'}</u>)

describe('who subscribes', () => {
  test('is the component, through hooks of the app, memo, forwardRef; without a name its place', async () => {
    const page = await openProbed()
    await render(
      <>
        <Title />
        <Memoized />
        <Forwarded />
        <Nameless />
      </>,
      { wrapper: provide(page.client) },
    )
    expect(page.names('title')).toEqual(['Title'])
    expect(page.names('head.name')).toEqual(['Head'])
    expect(page.names('marks')).toEqual(['Marks'])
    expect(page.names('on')).toEqual([expect.stringMatching(/^origins\.browser\.test\.tsx:\d+$/)])
    expect(originAt(page.probe, 'title')).toMatchObject({ hook: 'useStore', runs: 1 })
    expect(originAt(page.probe, 'title')?.source).toMatch(/origins\.browser\.test\.tsx:\d+:\d+$/)
  })

  test('is For, Text, the component of a list, and of a diff', async () => {
    const page = await openProbed()
    function Keys(): ReactNode {
      useStoreDiff(FleetStore, 'rows', () => undefined)
      return useStoreKeys(FleetStore, 'rows').length
    }
    await render(
      <>
        <For each={[FleetStore, 'rows']}>{(id) => <Text of={[FleetStore, ['rows', id, 'name']]} />}</For>
        <Keys />
      </>,
      { wrapper: provide(page.client) },
    )
    page.fake.load(FleetStore, FLEET)
    await expect.poll(() => page.names('rows.r1.name')).toEqual(['Text'])
    const lists = page.probe.subscribers('FleetStore').filter(({ list }) => list === true)
    expect(
      lists.flatMap(({ origins }) => origins.map((origin) => `${origin?.name} ${origin?.hook}`)).toSorted(),
    ).toEqual(['Keys useStoreDiff', 'Keys useStoreKeys'])
    // A diff reads the rows, too.
    expect(page.names('rows')).toEqual(['For', 'Keys'])
  })

  test('is known for hooks of one client, too', async () => {
    const page = await openProbed()
    const hooks = createHooks(page.client)
    function Bound(): ReactNode {
      return hooks.useStore(FleetStore, 'title')
    }
    await render(<Bound />)
    expect(page.names('title')).toEqual(['Bound'])
  })

  test('each instance is one of its own, the same as long as it lives', async () => {
    const page = await openProbed()
    const { rerender } = await render([<Ticks key="a" />, <Ticks key="b" />], { wrapper: provide(page.client) })
    const ids = (): unknown[] =>
      page.probe.subscribers('FleetStore').flatMap(({ origins }) => origins.map((origin) => origin?.id))
    const before = ids()
    expect(new Set(before).size).toBe(2)
    await rerender([<Ticks key="a" />, <Ticks key="b" />])
    expect(ids()).toEqual(before)
    await rerender([<Ticks key="b" />])
    expect(ids()).toEqual([before[1]])
  })

  test('is nobody while its tree is hidden, and the same afterwards', async () => {
    const page = await openProbed()
    const Page = ({ mode }: { readonly mode: 'visible' | 'hidden' }): ReactNode => (
      <Activity mode={mode}>
        <Title />
      </Activity>
    )
    const { rerender } = await render(<Page mode="visible" />, { wrapper: provide(page.client) })
    const before = originAt(page.probe, 'title')?.id
    await rerender(<Page mode="hidden" />)
    await expect.poll(() => page.names('title')).toEqual([])
    await rerender(<Page mode="visible" />)
    await expect.poll(() => originAt(page.probe, 'title')?.id).toBe(before)
    expect(before).toBeGreaterThan(0)
  })

  test('without devtools nothing is noted', async () => {
    const page = openPage({ devtools: false })
    await render(<Title />, { wrapper: provide(page.client) })
    expect([...pageProbes().clients].filter(({ client }: { client: Client }) => client === page.client)).toEqual([])
  })
})

describe('why something rendered', () => {
  test('a patch that changed what it reads, and no other', async () => {
    const page = await openProbed()
    await render(
      <>
        <Title />
        <Ticks />
      </>,
      { wrapper: provide(page.client) },
    )
    page.fake.load(FleetStore, FLEET)
    await expect.poll(() => document.querySelector('p')?.textContent).toBe('Harbour')
    page.runs.length = 0
    page.fake.load(FleetStore, { ...FLEET, title: 'Port' })
    await expect.poll(() => document.querySelector('p')?.textContent).toBe('Port')
    expect(page.runs).toEqual([{ name: 'Title', cause: page.last() }])
    page.runs.length = 0
    page.fake.load(FleetStore, { ...FLEET, title: 'Port', ticks: 5 })
    await expect.poll(() => document.querySelector('i')?.textContent).toBe('5')
    expect(page.runs).toEqual([{ name: 'Ticks', cause: page.last() }])
  })

  test('its parent, or its own state: no patch', async () => {
    const page = await openProbed()
    page.fake.load(FleetStore, FLEET)
    function Own(): ReactNode {
      const [size, setSize] = useState(0)
      return <button onClick={() => setSize((n) => n + 1)}>{`${useStore(FleetStore, 'title')} ${size}`}</button>
    }
    await render(<Own />, { wrapper: provide(page.client) })
    await expect.poll(() => document.querySelector('button')?.textContent).toBe('Harbour 0')
    page.runs.length = 0
    document.querySelector('button')?.click()
    await expect.poll(() => document.querySelector('button')?.textContent).toBe('Harbour 1')
    expect(page.runs).toEqual([{ name: 'Own', cause: undefined }])
  })

  test('a selector whose result stays the same renders nothing, and later renders are not blamed on it', async () => {
    const page = await openProbed()
    page.fake.load(FleetStore, FLEET)
    function Count(): ReactNode {
      const [size, setSize] = useState(0)
      const rows = useStore(FleetStore, (s) => s.rows?.size ?? 0)
      return <button onClick={() => setSize((n) => n + 1)}>{`${rows} ${size}`}</button>
    }
    await render(
      <>
        <Count />
        <Ticks />
      </>,
      { wrapper: provide(page.client) },
    )
    await expect.poll(() => document.querySelector('button')?.textContent).toBe('2 0')
    page.runs.length = 0
    const rows = new Map(FLEET.rows).set('r1', { name: 'other', count: 9 })
    page.fake.load(FleetStore, { ...FLEET, rows, ticks: 8 })
    await expect.poll(() => document.querySelector('i')?.textContent).toBe('8')
    document.querySelector('button')?.click()
    await expect.poll(() => document.querySelector('button')?.textContent).toBe('2 1')
    expect(page.runs.filter(({ name }) => name === 'Count')).toEqual([{ name: 'Count', cause: undefined }])
  })

  test('in strict mode a render counts once', async () => {
    const page = await openProbed()
    page.fake.load(FleetStore, FLEET)
    await render(
      <StrictMode>
        <Title />
        <Memoized />
      </StrictMode>,
      { wrapper: provide(page.client) },
    )
    await expect.poll(() => document.querySelector('p')?.textContent).toBe('Harbour')
    await expect.poll(() => document.querySelector('b')?.textContent).toBe('head')
    page.runs.length = 0
    const [before = 0, head = 0] = ['title', 'head.name'].map((path) => originAt(page.probe, path)?.runs)
    page.fake.load(FleetStore, { ...FLEET, title: 'Port' })
    await expect.poll(() => document.querySelector('p')?.textContent).toBe('Port')
    page.fake.load(FleetStore, { ...FLEET, title: 'Quay' })
    await expect.poll(() => document.querySelector('p')?.textContent).toBe('Quay')
    expect(page.runs.map(({ name }) => name)).toEqual(['Title', 'Title'])
    expect(page.runs.every(({ cause }) => cause !== undefined)).toBe(true)
    expect(originAt(page.probe, 'title')?.runs).toBe(before + 2)
    expect(originAt(page.probe, 'head.name')?.runs).toBe(head)
    // Mounted and, where data came later, rendered with it: not twice as often.
    expect(before).toBeLessThanOrEqual(2)
  })

  test('Suspense: what is shown in the end is known, and told by patches', async () => {
    const page = await openProbed()
    function Later(): ReactNode {
      return <p>{useSuspenseStore(FleetStore, 'title')}</p>
    }
    await render(
      <Suspense fallback="loading">
        <Later />
      </Suspense>,
      { wrapper: provide(page.client) },
    )
    page.fake.load(FleetStore, FLEET)
    await expect.poll(() => document.querySelector('p')?.textContent).toBe('Harbour')
    await expect.poll(() => page.names('title')).toContain('Later')
    page.runs.length = 0
    page.fake.load(FleetStore, { ...FLEET, title: 'Port' })
    await expect.poll(() => document.querySelector('p')?.textContent).toBe('Port')
    expect(page.runs).toEqual([{ name: 'Later', cause: page.last() }])
  })
})

test('values that tools show render who reads them, and nobody else', async () => {
  const page = await openProbed()
  page.fake.load(FleetStore, FLEET)
  await render(
    <>
      <Title />
      <Ticks />
    </>,
    { wrapper: provide(page.client) },
  )
  await expect.poll(() => document.querySelector('p')?.textContent).toBe('Harbour')
  page.runs.length = 0
  const bytes = new TextEncoder().encode('\u0005Shown')
  page.probe.show('FleetStore', [{ path: ['title'], bytes }])
  await expect.poll(() => document.querySelector('p')?.textContent).toBe('Shown')
  expect(page.runs).toEqual([{ name: 'Title', cause: undefined }])
  page.probe.show('FleetStore', [])
  await expect.poll(() => document.querySelector('p')?.textContent).toBe('Harbour')
})
