import type { StreamUnit } from '@rivulet/wire'
import type { StreamStatus } from '../../stream-protocol.ts'
import type { Consumer } from './consumer.ts'
import { createStreamFeed, type StreamFeed, type StreamFeedHost } from './stream-feed.ts'
import type { StreamIdentity } from './subscriptions.ts'
import type { UnitQueue } from './unit-queue.ts'

/** A page that takes a stream, at its own pace. */
export interface Taker {
  readonly seat: number
  readonly queue: UnitQueue
  readonly consumer: Consumer
  /** Where its units come from; null while it waits for a line of its own. */
  line: StreamLine | null
  /** The last unit of the line that it left, from which what it misses is counted. */
  leftAt: Pick<StreamUnit, 'generation' | 'sequence'> | null
}

/** One subscription with its lease and data connection, and the pages that share it. */
export interface StreamLine {
  readonly id: string
  readonly feed: StreamFeed
  readonly takers: Set<Taker>
  /** Whether a page may come to it now: no unit is gone yet, or the stream can be begun with later ones too. */
  mayJoin(): boolean
  /** Whether there have been units, so that who joins begins with a recovery frame. */
  readonly begun: boolean
  /** Lets a page in. */
  join(taker: Taker): void
  /** The others keep it; what the page misses from now on is counted. */
  leave(taker: Taker): void
  halt(why: string): void
  resume(): void
}

export interface StreamLineOptions {
  readonly id: string
  readonly identity: StreamIdentity
  readonly maxSilenceMs: number
  /** The pages have had units of the stream already. */
  readonly wasLive: boolean
}

/** Opens a stream at the host for `first`, and for whoever joins. Each gets every unit; its queue decides what becomes of it, so nobody waits for anybody. */
export function openStreamLine(host: StreamFeedHost, options: StreamLineOptions, first: Taker): StreamLine {
  const takers = new Set([first])
  let status: StreamStatus | undefined
  let begun = false
  let recovers = false
  let halted = false
  let last: Taker['leftAt'] = null

  function give(taker: Taker, unit: StreamUnit, lost: number): void {
    const { leftAt } = taker
    taker.leftAt = null
    const missed =
      leftAt === null || leftAt.generation !== unit.generation || leftAt.sequence >= unit.sequence
        ? 0
        : Number(unit.sequence - leftAt.sequence) - 1
    taker.queue.push(unit, lost + missed)
  }

  const feed = createStreamFeed(host, {
    ...options,
    unit(unit, lost) {
      begun = true
      recovers ||= unit.type === 'frame' && unit.recovery
      // Not the unit itself, which would keep its payload.
      last = { generation: unit.generation, sequence: unit.sequence }
      const all = Array.from(takers)
      const keeps = all.pop()
      // Units are transferred, so all but one get a copy, made before the original goes.
      for (const taker of all) give(taker, { ...unit, payload: unit.payload.slice() }, lost)
      if (keeps !== undefined) give(keeps, unit, lost)
    },
    status(next) {
      status = next
      for (const { consumer } of takers) consumer.status(next)
    },
  })

  const line: StreamLine = {
    id: options.id,
    feed,
    takers,
    get begun() {
      return begun
    },
    mayJoin: () => !halted && (!begun || recovers),
    join(taker) {
      takers.add(taker)
      taker.line = line
      if (status !== undefined) taker.consumer.status(status)
    },
    leave(taker) {
      takers.delete(taker)
      taker.line = null
      taker.leftAt = last
    },
    halt(why) {
      halted = true
      feed.halt(why)
    },
    resume() {
      halted = false
      feed.resume()
    },
  }
  first.line = line
  return line
}
