import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ClientOptions, createClient, type RivuletError } from '@rivulet/client'
import { type Path, valueAt } from '@rivulet/wire'
import {
  array,
  asyncProperty,
  assert,
  constant,
  constantFrom,
  integer,
  oneof,
  record,
  tuple,
  type Arbitrary,
} from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { eventually } from '../../../packages/client/test/support/eventually.ts'
import { canonical } from '../../../packages/server/test/support/canonical.ts'
import { until } from '../../../packages/server/test/support/until.ts'
import { followWithSession } from '../../src/faults/follow-with-session.ts'
import { type HostKind, type Ledger, openLedger } from '../../src/faults/ledger-host.ts'
import { Credit, LedgerStore } from '../../src/generated/schema.ts'
import { tornPlaces } from '../../src/faults/torn-places.ts'
import { type CallRecord, faultsOfCalls } from '../../src/faults/steady-calls.ts'
import { createFaultyLink, type FaultyLink, type LinkMode } from '../../src/faulty-link.ts'

const PATHS = [
  [],
  ['tick'],
  ['mirror'],
  ['rows'],
  ['rows', 'r1'],
  ['rows', 'r2', 'left'],
  ['rows', 'nobody'],
  ['credits'],
] as const satisfies readonly Path[]

type Step =
  | { readonly kind: 'update'; readonly rows: number }
  | { readonly kind: 'row'; readonly name: string }
  | { readonly kind: 'subscribe' | 'unsubscribe'; readonly path: number }
  | { readonly kind: 'link'; readonly which: readonly (0 | 1)[]; readonly mode: LinkMode }
  | { readonly kind: 'call' }
  | { readonly kind: 'restart' }
  | { readonly kind: 'rest'; readonly ms: number }

const direction = constantFrom('up', 'down', 'both')
const mode: Arbitrary<LinkMode> = oneof(
  constant({ kind: 'pass' } as const),
  record({ kind: constant('cut'), how: constantFrom('reset', 'end') }),
  record({ kind: constant('silent'), direction }),
  record({ kind: constant('stalled'), direction }),
  record({
    kind: constant('slow'),
    bytesPerSecond: integer({ min: 2_000, max: 50_000 }),
    latencyMs: integer({ max: 50, min: 0 }),
  }),
)
const step: Arbitrary<Step> = oneof(
  { weight: 4, arbitrary: record({ kind: constant('update'), rows: integer({ min: 1, max: 8 }) }) },
  { weight: 1, arbitrary: record({ kind: constant('row'), name: constantFrom('r1', 'r2', 'nobody') }) },
  { weight: 3, arbitrary: record({ kind: constant('subscribe'), path: integer({ min: 0, max: PATHS.length - 1 }) }) },
  { weight: 2, arbitrary: record({ kind: constant('unsubscribe'), path: integer({ min: 0, max: PATHS.length - 1 }) }) },
  { weight: 3, arbitrary: record({ kind: constant('link'), which: constantFrom<(0 | 1)[]>([0], [1], [0, 1]), mode }) },
  { weight: 3, arbitrary: constant({ kind: 'call' }) },
  { weight: 1, arbitrary: constant({ kind: 'restart' }) },
  { weight: 3, arbitrary: record({ kind: constant('rest'), ms: integer({ min: 1, max: 60 }) }) },
)

const CALL_TIMEOUT_MS = 2000
/** Lost connections are noticed within a second. */
const HEARTBEAT = { intervalMs: 400, timeoutMs: 600 }
/** Replays a run: what was printed. `RIVULET_FAULT_RUNS` makes more of them than the usual 25. */
const SEED = Number(process.env['RIVULET_FAULT_SEED'] ?? Math.floor(Math.random() * 2 ** 31))

/** Our client, as it can be used. */
interface Mode {
  readonly name: string
  readonly host: HostKind
  readonly options: Partial<ClientOptions>
  readonly callTimeoutMs: number
}

test.each<Mode>([
  { name: 'without sessions', host: 'plain', options: {}, callTimeoutMs: CALL_TIMEOUT_MS },
  // Longer than any fault here lasts: only a restart is a reason for no answer.
  { name: 'with sessions', host: 'sessions', options: { sessions: true }, callTimeoutMs: 30_000 },
])(
  'whatever happens to the network and the host, in any order: everybody ends with what the host has (client $name)',
  { timeout: 180_000 },
  async (how) => {
    const folder = mkdtempSync(join(tmpdir(), 'rivulet-random-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    console.log(`random faults: RIVULET_FAULT_SEED=${SEED}`)
    let run = 0
    await assert(
      asyncProperty(
        tuple(array(integer({ min: 0, max: PATHS.length - 1 }), { maxLength: 3 }), array(step, { maxLength: 20 })),
        ([paths, steps]) =>
          live(how, join(folder, `journal-${run++}`), [
            ...paths.map((path) => ({ kind: 'subscribe', path }) as const),
            ...steps,
          ]),
      ),
      // A smaller failing case would take minutes of real time to find; the seed finds this one again.
      { seed: SEED, numRuns: Number(process.env['RIVULET_FAULT_RUNS'] ?? 25), endOnFailure: true },
    )
  },
)

async function live(how: Mode, journal: string, steps: readonly Step[]): Promise<void> {
  let epoch = 1
  let ledger: Ledger = await openLedger({ journal, heartbeat: HEARTBEAT, epoch })
  const links: readonly [FaultyLink, FaultyLink] = [
    await createFaultyLink(ledger.ports[how.host]),
    await createFaultyLink(ledger.ports.sessions),
  ]
  const errors: RivuletError[] = []
  const torn: string[] = []
  const calls: Promise<CallRecord>[] = []
  const client = createClient({
    url: `http://127.0.0.1:${links[0].port}`,
    worker: 'inline',
    graceMs: 10,
    reconnect: { minMs: 5, maxMs: 50 },
    onError: (error) => errors.push(error),
    ...how.options,
  })
  const store = client.store(LedgerStore)
  const stops = new Map<number, () => void>()
  const session = followWithSession(links[1].port)
  const followed = (): readonly (typeof PATHS)[number][] => [...stops.keys()].map((i) => PATHS[i] ?? [])

  async function restart(): Promise<void> {
    const before = links.map((link) => link.mode)
    // Killed, not closed: nobody hears a goodbye.
    for (const link of links) link.set({ kind: 'cut', how: 'reset' })
    await ledger.close()
    ledger = await openLedger({ journal, heartbeat: HEARTBEAT, epoch: ++epoch })
    links[0].target = ledger.ports[how.host]
    links[1].target = ledger.ports.sessions
    links.forEach((link, i) => link.set(before[i] ?? { kind: 'pass' }))
  }

  async function take(one: Step): Promise<void> {
    switch (one.kind) {
      case 'update':
        ledger.step(one.rows)
        break
      case 'row':
        ledger.store.update((draft) => {
          const row = draft.rows.get(one.name)
          if (row === undefined) draft.rows.set(one.name, { left: 0, right: 0, note: 'back' })
          else {
            draft.total -= row.left
            draft.rows.delete(one.name)
          }
        })
        break
      case 'subscribe':
        if (!stops.has(one.path)) stops.set(one.path, store.subscribe(PATHS[one.path] as [], changed))
        break
      case 'unsubscribe':
        stops.get(one.path)?.()
        stops.delete(one.path)
        break
      case 'link':
        for (const i of one.which) links[i].set(one.mode)
        break
      case 'call':
        calls.push(
          timed(`client ${calls.length}`, (id) =>
            client.call(Credit, { id }, { timeoutMs: how.callTimeoutMs }).then(
              (ran) => ({ ran }),
              (e: unknown) => ({ failed: String(e) }),
            ),
          ),
          timed(`session ${calls.length}`, (id) => session.credit(id, CALL_TIMEOUT_MS)),
        )
        break
      case 'restart':
        await restart()
        break
      case 'rest':
        await new Promise((resolve) => setTimeout(resolve, one.ms))
    }
  }

  /** What a host holds for the client: the session follower has a viewer and a subscription of its own, and one that was cut off during an attach keeps its session for a while. */
  function ofClient(): { readonly viewers: number; readonly subscriptions: number } {
    const health = ledger.hosts[how.host].health()
    if (how.host === 'plain') return health
    const orphans = health.sessions - health.viewers
    return {
      ...health,
      viewers: health.viewers - 1,
      subscriptions: orphans > 0 ? 0 : health.subscriptions - 1,
    }
  }

  function changed(): void {
    if (stops.has(0) && store.status() === 'live') torn.push(...tornPlaces(store.get()))
  }

  try {
    for (const one of steps) await take(one)
    for (const link of links) link.set({ kind: 'pass' })
    // Until these are over they may still change the store.
    const records = await Promise.all(calls)
    await until(
      () =>
        followed().every(
          (path) =>
            store.status(path as []) === 'live' &&
            canonical(store.get(path as [])) === canonical(valueAt(ledger.store.state, path)),
        ),
      `the client to agree on ${JSON.stringify(followed())}`,
      20_000,
    )
    await until(
      () => session.live() && canonical(session.view()) === canonical(ledger.store.state),
      'the session to agree',
      20_000,
    )
    expect(faultsOfCalls(records, ledger.store.state.credits, how.callTimeoutMs + 10_000)).toEqual([])
    // Only a host that restarts may leave a call of a session unanswered.
    const mayFail = how.host === 'plain' || epoch > 1
    expect(records.filter(({ id, end }) => !mayFail && id.startsWith('client ') && !('ran' in end))).toEqual([])
    expect([torn, session.torn]).toEqual([[], []])
    expect(errors.map(String)).toEqual([])
    for (const stop of stops.values()) stop()
    await eventually(() => expect(ofClient().subscriptions).toBe(0))
    await client.dispose()
    const nothing = { queuedMessages: 0, callsInFlight: 0 }
    await eventually(() => expect(ofClient()).toMatchObject({ viewers: 0, ...nothing }))
    await eventually(() => {
      const health = ledger.hosts.sessions.health()
      expect(health).toMatchObject({ viewers: 1, ...nothing })
      // One whose viewer never heard of it (cut off during its attach) waits for its time-out.
      expect(health.sessions - health.detachedSessions).toBe(1)
    })
  } finally {
    await Promise.all([client.dispose(), session.close()])
    await Promise.all(links.map((link) => link.close()))
    await ledger.close()
  }
}

async function timed(id: string, work: (id: string) => Promise<CallRecord['end']>): Promise<CallRecord> {
  const began = performance.now()
  return { id, end: await work(id), tookMs: performance.now() - began }
}
