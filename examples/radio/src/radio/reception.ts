import { levelOf } from '../../../shared/audio/pcm.ts'
import { createSequence } from '../../../shared/audio/sequence.ts'
import type { StationFrameEvent } from './schema.ts'

/** How well a station comes in. */
interface Report {
  readonly frames: number
  readonly bytes: number
  readonly lost: number
  readonly gaps: number
  /** Frames in the second before. */
  readonly perSecond: number
}

/** Listens along: counts frames and knows how loud it is. Plain data that React does not see; what is shown of it is read now and then. */
export interface Reception {
  /** Takes a frame that arrived at `now`, milliseconds of any steady clock. */
  take(packet: StationFrameEvent, now: number): void
  /** How loud it is at `now`, 0 to 1. */
  level(now: number): number
  report(now: number): Report
}

/** Without a frame for this long it is silent. */
const SILENT_MS = 250
const SECOND = 1000
/** Twice as many arrivals as a second has. */
const MOST_ARRIVALS = 100

/** Makes a reception of one station. */
export function createReception(): Reception {
  const sequence = createSequence()
  const arrivals: number[] = []
  let bytes = 0
  let loudness = 0

  return {
    take({ seq, pcm }, now) {
      sequence.take(seq)
      bytes += pcm.byteLength
      loudness = levelOf(pcm)
      arrivals.push(now)
      if (arrivals.length > MOST_ARRIVALS) arrivals.shift()
    },
    level: (now) => (now - (arrivals.at(-1) ?? -Infinity) < SILENT_MS ? loudness : 0),
    report(now) {
      const { received, lost, gaps } = sequence.arrivals
      const perSecond = arrivals.filter((at) => now - at < SECOND).length
      return { frames: received, bytes, lost, gaps, perSecond }
    },
  }
}
