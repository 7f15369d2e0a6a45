import type { FeedEntry, FrameEntry } from '@rivulet/client/inspect'
import type { Log } from '../../log.ts'
import { createTail } from '../../tail.ts'
import { createPicked, type Picked } from '../parts/picked.ts'

/** A call from beginning to end, as far as it was seen. */
export interface CallRow {
  readonly name: string
  /** Who asked; absent where only messages were seen. */
  readonly page?: number
  asked?: number
  sent?: FrameEntry
  answer?: FrameEntry
  /** `asked`: not on its way yet. `sent`: nobody answers such a call. */
  state: 'asked' | 'pending' | 'sent' | 'answered' | 'failed' | 'cancelled'
  error?: { readonly what: string; readonly hint?: string } | undefined
  /** From asking to the end, milliseconds. */
  took?: number
}

/** Calls in order, put together from entries that tell of one step each. */
export interface CallRows {
  readonly rows: Picked<CallRow>
  /** Of those that are kept. */
  readonly pending: number
  /** Position of the oldest entry that is kept: older rows are gone. */
  readonly oldest: number
  /** Takes in what is new, and forgets what the log did. */
  read(): void
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/**
 * Follows the calls in a log; `began` hears of each when its first step is read, with the position of that.
 *
 * What a page asks and what the engine sends have numbers of their own, so they are matched by name in order: the engine sends in the order in which it was asked.
 */
export function createCallRows(
  log: Log<FeedEntry>,
  began: (row: CallRow, position: number) => void = () => undefined,
): CallRows {
  const rows = createPicked<CallRow>()
  const begin = (row: CallRow, position: number): void => {
    rows.add(row, position)
    began(row, position)
  }
  const byPage = new Map<string, CallRow>()
  const byCall = new Map<number, CallRow>()
  /** Asked and not sent, by name. */
  const queued = new Map<string, CallRow[]>()
  /** Under which keys a row is found, so that it can be forgotten. */
  const keys = new Map<CallRow, { page?: string; call?: number }>()

  const unqueue = (row: CallRow): void => {
    const queue = queued.get(row.name)
    const at = queue?.indexOf(row) ?? -1
    if (at >= 0) queue?.splice(at, 1)
    if (queue?.length === 0) queued.delete(row.name)
  }
  const forget = (row: CallRow): void => {
    const { page, call } = keys.get(row) ?? {}
    if (page !== undefined && byPage.get(page) === row) byPage.delete(page)
    if (call !== undefined && byCall.get(call) === row) byCall.delete(call)
    keys.delete(row)
    unqueue(row)
  }
  const end = (row: CallRow, state: CallRow['state'], error?: CallRow['error']): void => {
    row.state = state
    if (error !== undefined) row.error = error
  }

  const onFrame = (entry: FrameEntry, position: number): void => {
    if (entry.kind === 'rpccallresp') {
      const row = byCall.get(entry.call ?? NaN)
      if (row === undefined) return
      row.answer = entry
      // The page's own word about it follows, where there is a page.
      if (entry.error !== undefined) end(row, 'failed', entry.error)
      else if (row.page === undefined) end(row, 'answered')
      if (row.page === undefined) {
        row.took = entry.at - (row.sent?.at ?? entry.at)
        forget(row)
      }
      return
    }
    const name = entry.name ?? ''
    let row = queued.get(name)?.[0]
    if (row === undefined) {
      row = { name, state: 'pending' }
      begin(row, position)
    } else unqueue(row)
    row.sent = entry
    row.state = entry.call === undefined ? 'sent' : 'pending'
    if (entry.call === undefined) return forget(row)
    keys.set(row, { ...keys.get(row), call: entry.call })
    byCall.set(entry.call, row)
  }

  const take = (entry: FeedEntry, position: number): void => {
    if (entry.type === 'frame') {
      if (entry.kind === 'rpccall' || entry.kind === 'rpccallresp') onFrame(entry, position)
      return
    }
    if (entry.type !== 'call') return
    const key = `${entry.page} ${entry.id}`
    if (entry.step === 'asked') {
      const row: Mutable<CallRow> = { name: entry.name, page: entry.page, asked: entry.at, state: 'asked' }
      begin(row, position)
      byPage.set(key, row)
      keys.set(row, { page: key })
      const queue = queued.get(entry.name) ?? []
      queue.push(row)
      queued.set(entry.name, queue)
      return
    }
    const row = byPage.get(key)
    if (row === undefined) return
    end(row, entry.step, entry.error)
    row.took = entry.took ?? entry.at - (row.asked ?? entry.at)
    forget(row)
  }

  const tail = createTail(log, take)
  let oldest = 0
  return {
    rows,
    get pending() {
      return keys.size
    },
    get oldest() {
      return oldest
    },
    read() {
      oldest = tail()
      rows.dropBefore(oldest, forget)
    },
  }
}
