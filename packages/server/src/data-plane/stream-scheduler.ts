import { RivuletError, type StreamUnit, unitSize } from '@rivulet/wire'

/** What became of a unit: queued, or dropped because the queue is full, or because its stream waits for a recovery frame. */
export type Enqueued = 'queued' | 'full' | 'needs-recovery'

/** How one stream is treated among others. */
export interface StreamShare {
  /** Share of the bandwidth, relative to others: 0.01 to 1,000,000. Default 1. */
  readonly weight?: number
  /** A stream that has been silent this long, in milliseconds, goes first. Default: never. */
  readonly maxSilenceMs?: number
}

/** Bounds of a scheduler; the defaults are ReStream's. */
export interface SchedulerOptions {
  /** Bytes that may wait. Default 8 MiB. */
  readonly maxBytes?: number
  /** Units that may wait. Default 1024. */
  readonly maxUnits?: number
  /** Bytes per visit and weight. Default 16 KiB. */
  readonly quantum?: number
  /** Milliseconds now; `performance.now` by default. */
  readonly now?: () => number
}

/** Decides which stream's unit goes next through one bottleneck (session.md §8.2). */
export interface StreamScheduler {
  /** Throws `config` for a stream that is there already, or a share that cannot work. */
  register(streamID: string, share?: StreamShare): void
  /** Forgets the stream and what waits of it. */
  unregister(streamID: string): void
  /** Takes a unit of a registered stream; throws `config` for any other. */
  push(unit: StreamUnit): Enqueued
  /** The unit to send now; null when nothing waits. */
  next(): StreamUnit | null
  readonly queuedBytes: number
  readonly queuedUnits: number
  /** Units that were dropped since the beginning. */
  readonly dropped: number
}

/** A stream that gained next to nothing per round would take for ever to get its turn. */
const LEAST_WEIGHT = 0.01
const MOST_WEIGHT = 1_000_000

interface Stream {
  readonly weight: number
  readonly maxSilenceMs: number
  queue: { readonly unit: StreamUnit; readonly size: number }[]
  deficit: number
  /** Whether this visit has been credited. */
  credited: boolean
  lastSent: number
  needsRecovery: boolean
}

/**
 * Makes a scheduler: weighted fair among streams, whoever was silent for too long first. It never holds more than its bounds. A stream whose unit did not fit has lost
 * its thread, so it takes nothing but a frame that starts anew (`recovery` and `discontinuity`). A recovery frame makes everything of its stream before it useless.
 *
 * @example
 * scheduler.register('video', { weight: 4 })
 * if (scheduler.push(unit) !== 'queued') encoder.requestKeyFrame()
 */
export function createStreamScheduler(options: SchedulerOptions = {}): StreamScheduler {
  const { maxBytes = 8 * 1024 * 1024, maxUnits = 1024, quantum = 16 * 1024 } = options
  const now = options.now ?? (() => performance.now())
  if (!(maxBytes > 0 && maxUnits > 0 && quantum > 0)) {
    throw new RivuletError('config', 'the bounds of a stream scheduler are numbers above 0')
  }
  const streams = new Map<string, Stream>()
  /** Streams in their order, as an array to walk around in. */
  let ring: Stream[] = []
  let at = 0
  let queuedBytes = 0
  let queuedUnits = 0
  let dropped = 0

  function clear(stream: Stream): void {
    for (const { size } of stream.queue) queuedBytes -= size
    queuedUnits -= stream.queue.length
    stream.queue = []
  }

  function push(unit: StreamUnit): Enqueued {
    const stream = streams.get(unit.streamID)
    if (stream === undefined) {
      throw new RivuletError('config', `the stream "${unit.streamID}" is not registered`, {
        hint: 'Call register first.',
      })
    }
    const recovery = unit.type === 'frame' && unit.recovery
    if (stream.needsRecovery && !(recovery && unit.discontinuity)) {
      dropped++
      return 'needs-recovery'
    }
    if (recovery) clear(stream)
    const size = unitSize(unit)
    if (queuedBytes + size > maxBytes || queuedUnits + 1 > maxUnits) {
      stream.needsRecovery = true
      dropped++
      return 'full'
    }
    stream.needsRecovery = false
    // Silence is counted from when there was something to say.
    if (stream.queue.length === 0) stream.lastSent = Math.max(stream.lastSent, now())
    stream.queue.push({ unit, size })
    queuedBytes += size
    queuedUnits++
    return 'queued'
  }

  function take(stream: Stream): StreamUnit {
    const { unit, size } = stream.queue.shift() as Stream['queue'][number]
    queuedBytes -= size
    queuedUnits--
    stream.deficit = stream.queue.length === 0 ? 0 : Math.max(0, stream.deficit - size)
    stream.lastSent = now()
    return unit
  }

  /** The stream that is most past its silence. */
  function overdue(): Stream | null {
    const time = now()
    let most = 0
    let found: Stream | null = null
    for (const stream of ring) {
      const late = time - stream.lastSent - stream.maxSilenceMs
      if (stream.queue.length > 0 && late > most) {
        most = late
        found = stream
      }
    }
    return found
  }

  function next(): StreamUnit | null {
    if (queuedUnits === 0) return null
    const late = overdue()
    if (late !== null) return take(late)
    // Some stream has a unit, and gains on it with every round.
    for (;;) {
      const stream = ring[at % ring.length] as Stream
      const head = stream.queue[0]
      if (head !== undefined && !stream.credited) {
        stream.deficit += quantum * stream.weight
        stream.credited = true
      }
      if (head !== undefined && stream.deficit >= head.size) return take(stream)
      stream.credited = false
      at = (at + 1) % ring.length
    }
  }

  return {
    register(streamID, { weight = 1, maxSilenceMs = Infinity } = {}) {
      if (streams.has(streamID)) throw new RivuletError('config', `the stream "${streamID}" is registered already`)
      if (!(weight >= LEAST_WEIGHT && weight <= MOST_WEIGHT && maxSilenceMs > 0)) {
        throw new RivuletError('config', `the share of the stream "${streamID}" cannot be that`, {
          hint: `A weight is between ${LEAST_WEIGHT} and ${MOST_WEIGHT}, a silence above 0.`,
        })
      }
      const stream: Stream = {
        weight,
        maxSilenceMs,
        queue: [],
        deficit: 0,
        credited: false,
        lastSent: now(),
        needsRecovery: false,
      }
      streams.set(streamID, stream)
      ring.push(stream)
    },
    unregister(streamID) {
      const stream = streams.get(streamID)
      if (stream === undefined) return
      clear(stream)
      streams.delete(streamID)
      ring = ring.filter((other) => other !== stream)
      at = 0
    },
    push,
    next,
    get queuedBytes() {
      return queuedBytes
    },
    get queuedUnits() {
      return queuedUnits
    },
    get dropped() {
      return dropped
    },
  }
}
