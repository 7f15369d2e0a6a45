import type { FeedEntry } from '@rivulet/client/inspect'
import { formatMs } from '../../format-units.ts'

/** One line of the session's history. */
export interface SessionLine {
  readonly kind: string
  readonly text: string
  /** A colour of the theme. */
  readonly class: 'good' | 'warn' | 'bad' | 'dim'
}

/** The colour of a connection's state. */
export const STATE_CLASS: Readonly<Record<string, SessionLine['class']>> = {
  connected: 'good',
  connecting: 'warn',
  authenticating: 'warn',
  disconnected: 'bad',
  disposed: 'bad',
}

/**
 * What an entry says about the session; undefined for one that says nothing about it.
 *
 * @example
 * sessionLine({ type: 'page', page: 3, step: 'joined', seq: 1, at: 0 })?.text // 'page 3 joined'
 */
export function sessionLine(entry: FeedEntry): SessionLine | undefined {
  switch (entry.type) {
    case 'connection': {
      const { state, attempt, session, error } = entry.status
      const parts = [
        state,
        session === undefined ? '' : `session ${session}`,
        attempt > 0 && state !== 'connected' ? `attempt ${attempt}` : '',
        error === undefined ? '' : `${error.what} (${error.code})`,
      ]
      return { kind: 'connection', text: parts.filter(Boolean).join(', '), class: STATE_CLASS[state] ?? 'dim' }
    }
    case 'resync':
      return { kind: 'resync', text: `${entry.store}: ${entry.error.what} (${entry.error.code})`, class: 'warn' }
    case 'error': {
      const { store, what, code, hint } = entry.error
      return {
        kind: 'error',
        text: `${store === undefined ? '' : `${store}: `}${what} (${code})${hint === undefined ? '' : `. ${hint}`}`,
        class: 'bad',
      }
    }
    case 'page':
      return { kind: 'page', text: `page ${entry.page} ${entry.step}`, class: 'dim' }
    default:
      return undefined
  }
}

/** For how long the connection was in a state. */
export interface Stretch {
  readonly state: string
  readonly from: number
  readonly to: number
}

/** The states of a connection up to `now`, oldest first, from its entries. A state before the first entry is not known. */
export function stretches(entries: Iterable<FeedEntry>, now: number): readonly Stretch[] {
  const found: Stretch[] = []
  let last: { readonly state: string; readonly from: number } | undefined
  for (const entry of entries) {
    if (entry.type !== 'connection' || entry.status.state === last?.state) continue
    if (last !== undefined) found.push({ ...last, to: entry.at })
    last = { state: entry.status.state, from: entry.at }
  }
  if (last !== undefined) found.push({ ...last, to: Math.max(now, last.from) })
  return found
}

/** What share of the time each state had, as a sentence. */
export function describeStretches(found: readonly Stretch[]): string {
  const sums = new Map<string, number>()
  for (const { state, from, to } of found) sums.set(state, (sums.get(state) ?? 0) + to - from)
  return [...sums].map(([state, ms]) => `${state} ${formatMs(ms)}`).join(', ')
}

/** Answer times of calls, from frames. */
export interface RoundTrips {
  readonly add: (entry: FeedEntry) => void
  /** Of the last 100 answers, the fastest, milliseconds; undefined before the first. The host's own work is in it. */
  readonly fastest: number | undefined
  readonly count: number
}

const WAITING = 1000
const KEPT = 100

/** Makes what pairs calls with their answers. */
export function createRoundTrips(): RoundTrips {
  const sent = new Map<number, number>()
  const times: number[] = []
  return {
    add(entry) {
      if (entry.type !== 'frame' || entry.call === undefined) return
      if (entry.kind === 'rpccall' && entry.dir === 'out') {
        sent.set(entry.call, entry.at)
        if (sent.size > WAITING) sent.delete(sent.keys().next().value as number)
        return
      }
      const from = sent.get(entry.call)
      if (entry.kind !== 'rpccallresp' || from === undefined) return
      sent.delete(entry.call)
      times.push(entry.at - from)
      if (times.length > KEPT) times.shift()
    },
    get fastest() {
      return times.length === 0 ? undefined : Math.min(...times)
    },
    get count() {
      return times.length
    },
  }
}
