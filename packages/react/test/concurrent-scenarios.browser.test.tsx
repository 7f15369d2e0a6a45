import { memo, startTransition, useDeferredValue, useEffect, useState, useTransition, type ReactNode } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { afterEach, describe, expect, test } from 'vitest'
import { RivuletProvider as PlainProvider, useStore as usePlainStore } from '@rivulet/react'
import { RivuletProvider as ConcurrentProvider, useStore as useConcurrentStore } from '@rivulet/react/concurrent'
import { createFakeClient, type FakeClient } from './support/fake-client.ts'
import { FLEET, FleetStore, type FleetState } from './support/schema.ts'

/**
 * The ten questions that are asked of every store that lives outside React: whether many slow components agree on one count, in the end and in each commit, when it changes while they render and while they mount; whether a change in a
 * transition can be interrupted; and whether an urgent change can overtake it.
 *
 * The count is made of two fields, because that is what a host's deltas say: which fields have changed. Increments go to one, doublings to the other.
 */
const countOf = (s: FleetState): number => s.ticks * 2 ** s.head.count

const plain = { Provider: PlainProvider, useCount: (): number => usePlainStore(FleetStore, countOf) }
const concurrent = { Provider: ConcurrentProvider, useCount: (): number => useConcurrentStore(FleetStore, countOf) }
type Kind = typeof plain

const COUNTERS = 20
const ids = Array.from({ length: COUNTERS }, (_, id) => id)

/** Takes so long that React yields between components. */
function work(): void {
  const until = performance.now() + 4
  while (performance.now() < until);
}

const PlainCounter = memo((): ReactNode => {
  const count = plain.useCount()
  work()
  return <i className="count">{count}</i>
})
const PlainDeferred = memo((): ReactNode => {
  const count = useDeferredValue(plain.useCount())
  work()
  return <i className="count">{count}</i>
})
const ConcurrentCounter = memo((): ReactNode => {
  const count = concurrent.useCount()
  work()
  return <i className="count">{count}</i>
})
const ConcurrentDeferred = memo((): ReactNode => {
  const count = useDeferredValue(concurrent.useCount())
  work()
  return <i className="count">{count}</i>
})

type Mode = 'none' | 'counter' | 'deferred'

/** What a test does to the page from outside. */
interface Remote {
  readonly show: (mode: Mode) => void
  readonly inTransition: (change: () => void) => void
  readonly urgent: (n: number) => void
}

interface MainProps {
  readonly kind: Kind
  readonly onReady: (remote: Remote) => void
  readonly onCommit: () => void
}

const Shell = ({ count, kind, onReady, onCommit }: MainProps & { readonly count: number }): ReactNode => {
  const [mode, setMode] = useState<Mode>('none')
  const [urgent, setUrgent] = useState(0)
  const [pending, start] = useTransition()
  const deferred = useDeferredValue(count)
  useEffect(() => {
    onReady({ show: (next) => start(() => setMode(next)), inTransition: (change) => start(change), urgent: setUrgent })
  }, [onReady, start])
  useEffect(onCommit)
  const isPlain = kind === plain
  return (
    <div>
      <b className="pending">{pending ? 'pending' : ''}</b>
      <b className="urgent">{urgent}</b>
      {mode === 'counter' && ids.map((id) => (isPlain ? <PlainCounter key={id} /> : <ConcurrentCounter key={id} />))}
      {mode === 'deferred' && ids.map((id) => (isPlain ? <PlainDeferred key={id} /> : <ConcurrentDeferred key={id} />))}
      <i className="count">{mode === 'deferred' ? deferred : count}</i>
    </div>
  )
}
const PlainMain = (props: MainProps): ReactNode => <Shell count={plain.useCount()} {...props} />
const ConcurrentMain = (props: MainProps): ReactNode => <Shell count={concurrent.useCount()} {...props} />

interface App extends Remote {
  /** The counts on the page, each once. */
  readonly counts: () => string[]
  readonly counters: () => number
  readonly text: (name: string) => string
  /** Commits in which not all agreed. */
  readonly torn: readonly string[]
  readonly increment: () => void
  readonly double: () => void
}

let root: Root | undefined
let host: HTMLElement | undefined
afterEach(() => {
  root?.unmount()
  host?.remove()
})

async function open(kind: Kind, ticks = 1): Promise<App> {
  const here = document.body.appendChild(document.createElement('div'))
  host = here
  const fake: FakeClient = createFakeClient({ ...FLEET, ticks })
  const all = (): Element[] => [...here.querySelectorAll('.count')]
  const counts = (): string[] => [...new Set(all().map(({ textContent }) => textContent))]
  const torn: string[] = []
  let remote: Remote | undefined
  root = createRoot(here)
  const Main = kind === plain ? PlainMain : ConcurrentMain
  root.render(
    <kind.Provider client={fake.client}>
      <Main
        kind={kind}
        onReady={(given) => {
          remote = given
        }}
        onCommit={() => {
          if (counts().length > 1) torn.push(counts().join())
        }}
      />
    </kind.Provider>,
  )
  await expect.poll(() => remote).toBeDefined()
  const state = (): FleetState => fake.store.page.get() as FleetState
  return {
    ...(remote as Remote),
    counts,
    counters: () => all().length - 1,
    text: (name) => here.querySelector(`.${name}`)?.textContent ?? '',
    torn,
    increment: () => fake.store.put(['ticks'], state().ticks + 1),
    double: () => fake.store.put(['head', 'count'], state().head.count + 1),
  }
}

/** As the user does it: React lets what an event like this causes overtake a transition, and nothing else, so not what arrives from a host. */
function click(act: () => void): void {
  const button = document.createElement('button')
  button.addEventListener('click', act)
  button.click()
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Changes the count from outside React while `meanwhile` goes on. */
async function incrementOften(app: App, meanwhile?: () => void): Promise<void> {
  for (let i = 0; i < 12; i += 1) {
    app.increment()
    if (i === 2) meanwhile?.()
    await pause(25)
  }
}

async function shown(app: App, mode: Mode): Promise<void> {
  app.show(mode)
  await expect.poll(() => app.counters()).toBe(COUNTERS)
}

/** Changes while the counters are there already. */
async function update(kind: Kind, mode: Mode): Promise<App> {
  const app = await open(kind)
  await shown(app, mode)
  await incrementOften(app)
  await expect.poll(() => app.counts()).toContain('13')
  return app
}

/** Changes while the counters are being mounted. */
async function mount(kind: Kind, mode: Mode): Promise<App> {
  const app = await open(kind)
  await incrementOften(app, () => app.show(mode))
  await expect.poll(() => app.counters()).toBe(COUNTERS)
  return app
}

/** Whether what follows comes true. */
async function comesTrue(check: () => boolean): Promise<boolean> {
  for (const until = performance.now() + 8000; performance.now() < until;) {
    if (check()) return true
    await pause(5)
  }
  return false
}

const agreesInTheEnd = (app: App): Promise<boolean> => comesTrue(() => app.counts().join() === '13')
const neverTorn = async (app: App): Promise<boolean> => (await agreesInTheEnd(app)) && app.torn.length === 0

/** An urgent update is on screen while a change in a transition still renders. */
async function interruptible(kind: Kind): Promise<boolean> {
  const app = await open(kind)
  await shown(app, 'counter')
  app.inTransition(app.increment)
  click(() => app.urgent(7))
  await expect.poll(() => app.text('urgent')).toBe('7')
  const before = app.counts().join() === '1'
  await expect.poll(() => app.counts().join()).toBe('2')
  await expect.poll(() => app.text('pending')).toBe('')
  return before && app.torn.length === 0
}

/** An urgent change shows without one that is in a transition, and then both show. */
async function branches(kind: Kind): Promise<boolean> {
  const app = await open(kind, 3)
  await shown(app, 'counter')
  const seen = new Set<string>()
  const observer = new MutationObserver(() => seen.add(app.counts().join()))
  observer.observe(document.body, { childList: true, subtree: true, characterData: true })
  app.inTransition(app.increment)
  app.inTransition(app.increment)
  await Promise.resolve()
  click(app.double)
  await expect.poll(() => app.counts().join()).toBe('10')
  observer.disconnect()
  return seen.has('6') && app.torn.length === 0
}

const scenarios: readonly (readonly [string, (kind: Kind) => Promise<boolean>])[] = [
  ['1 transition: agrees in the end, on update', async (kind) => agreesInTheEnd(await update(kind, 'counter'))],
  ['2 transition: agrees in the end, on mount', async (kind) => agreesInTheEnd(await mount(kind, 'counter'))],
  ['3 deferred value: agrees in the end, on update', async (kind) => agreesInTheEnd(await update(kind, 'deferred'))],
  ['4 deferred value: agrees in the end, on mount', async (kind) => agreesInTheEnd(await mount(kind, 'deferred'))],
  ['5 transition: agrees in every commit, on update', async (kind) => neverTorn(await update(kind, 'counter'))],
  ['6 transition: agrees in every commit, on mount', async (kind) => neverTorn(await mount(kind, 'counter'))],
  ['7 deferred value: agrees in every commit, on update', async (kind) => neverTorn(await update(kind, 'deferred'))],
  ['8 deferred value: agrees in every commit, on mount', async (kind) => neverTorn(await mount(kind, 'deferred'))],
  ['9 a change in a transition can be interrupted', interruptible],
  ['10 an urgent change overtakes one in a transition', branches],
]

describe('the default hook: eight of ten', () => {
  // React renders what useSyncExternalStore reads at once and in one piece, whatever it was caused in.
  const impossible = new Set(['9', '10'])
  test.for(scenarios)('%s', async ([name, run]) => {
    expect(await run(plain)).toBe(!impossible.has(name.split(' ')[0] as string))
  })
})

describe('the concurrent hook: ten of ten', () => {
  test.for(scenarios)('%s', async ([, run]) => {
    expect(await run(concurrent)).toBe(true)
  })
})

test('startTransition outside components is one too', async () => {
  const app = await open(concurrent)
  await shown(app, 'counter')
  startTransition(app.increment)
  expect(app.counts()).toEqual(['1'])
  click(() => app.urgent(1))
  await expect.poll(() => app.text('urgent')).toBe('1')
  await expect.poll(() => app.counts()).toEqual(['2'])
  expect(app.torn).toEqual([])
})
