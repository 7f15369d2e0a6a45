import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { eventually } from '../../../packages/client/test/support/eventually.ts'
import { canonical } from '../../../packages/server/test/support/canonical.ts'
import { until } from '../../../packages/server/test/support/until.ts'
import type { Follower, FollowerKind } from '../../src/faults/follower.ts'
import { FOLLOWER_KINDS } from '../../src/faults/follower-kinds.ts'
import { type Ledger, openLedger } from '../../src/faults/ledger-host.ts'
import type { LedgerStoreState } from '../../src/generated/schema.ts'
import { type CallRecord, callSteadily, endsOf, faultsOfCalls } from '../../src/faults/steady-calls.ts'
import { createFaultyLink, type LinkMode } from '../../src/faulty-link.ts'

// Engine.IO's heartbeat notices a dead connection after 25 + 20 s at the latest, and a host keeps a session for 60 s. These faults last as long as they say, with the real
// heartbeat and the real time-outs, all of them at the same time.

interface Fault {
  readonly name: string
  readonly mode: LinkMode
  readonly ms: number
  /** Whether the viewer has to notice before it is over. */
  readonly noticed: boolean
  /** What becomes of a session: the same one, or a new one because it had expired. */
  readonly session: 'resumed' | 'expired'
}

const reset = { kind: 'cut', how: 'reset' } as const
const stall = { kind: 'stalled', direction: 'both' } as const
const silent = (direction: 'up' | 'down' | 'both'): LinkMode => ({ kind: 'silent', direction })

const FAULTS: readonly Fault[] = [
  { name: 'cut for 1 s', mode: reset, ms: 1_000, noticed: true, session: 'resumed' },
  { name: 'cut for 10 s', mode: { kind: 'cut', how: 'end' }, ms: 10_000, noticed: true, session: 'resumed' },
  { name: 'cut for 70 s', mode: reset, ms: 70_000, noticed: true, session: 'expired' },
  { name: 'no packet for 1 s', mode: stall, ms: 1_000, noticed: false, session: 'resumed' },
  { name: 'no packet for 10 s', mode: stall, ms: 10_000, noticed: false, session: 'resumed' },
  { name: 'no packet for 70 s', mode: stall, ms: 70_000, noticed: true, session: 'resumed' },
  { name: 'half-open, viewer not heard for 55 s', mode: silent('up'), ms: 55_000, noticed: true, session: 'resumed' },
  { name: 'half-open, host not heard for 55 s', mode: silent('down'), ms: 55_000, noticed: true, session: 'resumed' },
  { name: 'half-open, nobody heard for 55 s', mode: silent('both'), ms: 55_000, noticed: true, session: 'resumed' },
]
const CALL_TIMEOUT_MS = 5_000

/** What came of one viewer in one fault. */
interface Outcome {
  readonly follower: Follower
  readonly records: readonly CallRecord[]
  /** From the start of the fault to when the viewer said so; null when it did not. */
  readonly noticedMs: number | null
  /** From the end of the fault to current again. */
  readonly recoveredMs: number
  readonly reconnects: number
}

let ledger: Ledger
let ticker: NodeJS.Timeout
let outcomes: ReadonlyMap<string, Promise<Outcome>>
const followers = new Map<string, Follower>()
const closers: (() => Promise<void>)[] = []

beforeAll(async () => {
  ledger = await openLedger()
  ticker = setInterval(() => ledger.step(), 200)
  outcomes = new Map(
    FAULTS.flatMap((fault) =>
      FOLLOWER_KINDS.map((kind) => {
        const outcome = suffer(fault, kind)
        // Whoever fails is heard when its test asks.
        outcome.catch(() => undefined)
        return [`${fault.name} ${kind.name}`, outcome] as const
      }),
    ),
  )
})

afterAll(async () => {
  clearInterval(ticker)
  for (const close of closers) await close()
  await ledger.close()
})

async function suffer(fault: Fault, kind: FollowerKind): Promise<Outcome> {
  const link = await createFaultyLink(ledger.ports[kind.host])
  const follower = kind.open(link.port)
  followers.set(`${fault.name}, ${kind.name}`, follower)
  closers.push(
    () => follower.close(),
    () => link.close(),
  )
  const calls = callSteadily(follower, {
    name: `${fault.name}, ${kind.name}`,
    everyMs: 500,
    timeoutMs: patienceIn(fault, kind),
  })
  await until(() => follower.live() && follower.changes > 5, `${kind.name} to follow`, 30_000)
  const began = performance.now()
  link.set(fault.mode)
  let noticedMs: number | null = null
  while (performance.now() - began < fault.ms) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    if (!follower.live()) noticedMs ??= performance.now() - began
  }
  const tick = ledger.store.state.tick
  link.set({ kind: 'pass' })
  const over = performance.now()
  // Not merely "live": a stalled viewer believes that all the time.
  await until(() => follower.live() && (follower.view()?.tick ?? 0) > tick, `${kind.name} to be current`, 30_000)
  const recoveredMs = performance.now() - over
  const records = await calls.stop()
  // Calls work again.
  const id = `${fault.name}, ${kind.name}, afterwards`
  const afterwards = { id, end: await follower.credit(id, CALL_TIMEOUT_MS), tookMs: 0 }
  return { follower, records: [...records, afterwards], noticedMs, recoveredMs, reconnects: link.accepted - 1 }
}

describe.each(FAULTS)('$name', (fault) => {
  test.each(FOLLOWER_KINDS)('$name', { timeout: 180_000 }, async (kind) => {
    const outcome = await (outcomes.get(`${fault.name} ${kind.name}`) as Promise<Outcome>)
    const { follower, records, noticedMs, recoveredMs, reconnects } = outcome
    console.log(
      `${fault.name}, ${kind.name}: ${noticedMs === null ? 'not noticed' : `noticed after ${seconds(noticedMs)}`}, ` +
        `current ${seconds(recoveredMs)} after it ended, ${reconnects} attempts, calls: ${endsOf(records)}`,
    )
    // A second is too short to be sure to look in time.
    expect((fault.ms > 1000 ? noticedMs !== null : reconnects > 0) || !fault.noticed).toBe(true)
    expect(follower.torn).toEqual([])
    expect(follower.pending).toBe(0)
    const latestMs = patienceIn(fault, kind) + 10_000
    expect(faultsOfCalls(records, ledger.store.state.credits, latestMs)).toEqual([])
    const mayFail = !kind.callsSurvive || fault.session === 'expired'
    expect(records.filter(({ end }) => !mayFail && !('ran' in end))).toEqual([])
    expect(records.at(-1)?.end).toEqual({ ran: 1 })
    expect(troubleOf(follower, fault)).toEqual([])
  })
})

test(
  'afterwards everybody agrees with the host, and it holds what they have and nothing else',
  { timeout: 60_000 },
  async () => {
    const all = await Promise.all(outcomes.values())
    clearInterval(ticker)
    await vi.waitFor(() => expect(disagreements()).toEqual([]), { timeout: 30_000, interval: 100 })
    const idle = { queuedMessages: 0, callsInFlight: 0 }
    for (const [name, host] of Object.entries(ledger.hosts)) {
      const kinds = FOLLOWER_KINDS.filter((kind) => kind.host === name)
      const viewers = FAULTS.length * kinds.length
      const subscriptions = FAULTS.length * kinds.reduce((sum, { keys }) => sum + keys, 0)
      const sessions = name === 'sessions' ? viewers : 0
      await eventually(() => expect(host.health()).toMatchObject({ ...idle, viewers, subscriptions, sessions }))
      expect(host.health()).toMatchObject({ detachedSessions: 0, dropped: 0 })
    }

    await Promise.all(all.map(({ follower }) => follower.close()))
    const nothing = { viewers: 0, sessions: 0, subscriptions: 0, ...idle }
    await eventually(() => expect(ledger.hosts.plain.health()).toMatchObject(nothing))
    await eventually(() => expect(ledger.hosts.sessions.health()).toMatchObject(nothing))
  },
)

/** How long a call waits: where it has to be answered in the end, longer than the fault lasts. */
function patienceIn(fault: Fault, { callsSurvive }: FollowerKind): number {
  return callsSurvive ? fault.ms + 30_000 : CALL_TIMEOUT_MS
}

/** Problems that this fault is no reason for, and sessions that did not go on as they should have. */
function troubleOf(follower: Follower, fault: Fault): readonly string[] {
  const { attaches, errors } = follower
  const others = errors.filter((code) => code !== 'disconnected')
  if (attaches === undefined) return others
  const [first, ...later] = attaches
  const fine =
    fault.session === 'expired'
      ? later.at(-1) === 'created' && !later.includes('resumed')
      : later.every((how) => how === 'resumed') && later.length > 0 === fault.noticed
  if (first !== 'created' || !fine) return attaches
  // The stock client reports the refusal as an error as well.
  return attaches.includes('refused') ? [] : others
}

/** Who shows something else than the host has, and what. */
function disagreements(): string[] {
  const { state } = ledger.store
  return [...followers].flatMap(([name, follower]) => {
    const view = follower.view()
    const parts = (Object.keys(state) as (keyof LedgerStoreState)[]).filter(
      (part) => canonical(view?.[part]) !== canonical(state[part]),
    )
    return parts.map((part) => `${name} (${follower.live() ? 'live' : 'not live'}): ${part}`)
  })
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
