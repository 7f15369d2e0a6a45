import type { StreamUnit } from '@rivulet/wire'
import type { UnitInfo } from '../../stream-protocol.ts'
import type { Clock } from '../clock.ts'

/** Takes units. */
type DeliverUnit = (unit: StreamUnit, info: UnitInfo) => void

export interface UnitQueueOptions {
  readonly maxUnits: number
  readonly maxBytes: number
  readonly clock: Clock
  /** The stream has begun already: only a recovery frame can be the first unit, and nothing before it is missing. */
  readonly joins?: boolean
  readonly deliver: DeliverUnit
  /** Something was lost that the stream does not repeat by itself: it has to be started anew, once the queue is empty. */
  readonly broken: (why: string) => void
}

/** Units on their way to a slow taker. */
export interface UnitQueue {
  push(unit: StreamUnit, lost: number): void
  /** The taker is done with so much. */
  taken(units: number, bytes: number): void
  /** Nothing waits, and the taker would get the next unit at once. */
  isDrained(): boolean
  /** Calls `then` when {@link UnitQueue.isDrained}, once; the latest call counts. */
  whenDrained(then: () => void): void
  close(): void
}

/** Units and bytes that are with the taker at the same time; the rest waits here, where it can still be dropped. */
const AHEAD_UNITS = 32
const AHEAD_BYTES = 4 * 1024 * 1024

/** How long a stream that lost its thread may take to begin again before it is asked to. */
const RECOVERY_MS = 10_000

/**
 * Holds what the taker has no time for, within bounds. When they are reached, frames are dropped up to the next recovery frame, which comes with the number of those lost; of
 * block sets nothing can be left out, so losing one breaks the stream.
 */
export function createUnitQueue({
  maxUnits,
  maxBytes,
  clock,
  joins = false,
  deliver,
  broken,
}: UnitQueueOptions): UnitQueue {
  let waiting: { readonly unit: StreamUnit; readonly lost: number }[] = []
  let waitingBytes = 0
  let ahead = 0
  let aheadBytes = 0
  /** Dropped since the last unit that was kept. */
  let dropped = 0
  let needsRecovery = joins
  let joining = joins
  let stopTimer: (() => void) | null = null
  let drained: (() => void) | null = null
  let pumping = false
  let closed = false

  // One unit always fits, however large.
  const mayGo = (): boolean => ahead === 0 || (ahead < AHEAD_UNITS && aheadBytes < AHEAD_BYTES)
  const fits = (unit: StreamUnit): boolean =>
    waiting.length === 0 || (waiting.length < maxUnits && waitingBytes + unit.payload.length <= maxBytes)
  const isDrained = (): boolean => waiting.length === 0 && mayGo()

  function clear(): number {
    const lost = waiting.reduce((sum, one) => sum + 1 + one.lost, 0)
    waiting = []
    waitingBytes = 0
    return lost
  }

  function pump(): void {
    // A taker that is done at once says so from within `deliver`.
    if (pumping) return
    pumping = true
    while (waiting.length > 0 && mayGo()) {
      const { unit, lost } = waiting.shift() as (typeof waiting)[number]
      waitingBytes -= unit.payload.length
      ahead++
      aheadBytes += unit.payload.length
      deliver(lost > 0 && !unit.discontinuity ? { ...unit, discontinuity: true } : unit, { lost })
    }
    pumping = false
    if (!isDrained() || closed) return
    const then = drained
    drained = null
    then?.()
    // The taker keeps up again; a source that never starts anew would leave it waiting.
    if (needsRecovery) {
      stopTimer ??= clock.after(RECOVERY_MS, () => {
        stopTimer = null
        if (needsRecovery) fail(`no recovery frame came within ${RECOVERY_MS} ms`)
      })
    }
  }

  function fail(why: string): void {
    dropped += clear()
    needsRecovery = joining = false
    stopTimer?.()
    stopTimer = null
    broken(why)
  }

  // A page that joins waits for its first unit from now on.
  if (joins) pump()

  return {
    push(unit, lost) {
      if (closed) return
      const isFrame = unit.type === 'frame'
      if (joining) {
        if (isFrame && !unit.recovery) return
        joining = false
        // Earlier blocks of the set are gone.
        if (!isFrame) return fail('the stream had begun')
      } else dropped += lost
      if (isFrame && needsRecovery && !unit.recovery) {
        dropped++
        return
      }
      if (!fits(unit)) {
        const framesOnly = isFrame && waiting.every((one) => one.unit.type === 'frame')
        if (!framesOnly) {
          dropped++
          return fail('blocks were lost')
        }
        if (!unit.recovery) {
          dropped++
          needsRecovery = true
          return
        }
        // All that waits is useless once this one is there.
        dropped += clear()
      }
      if (isFrame && unit.recovery) {
        needsRecovery = false
        stopTimer?.()
        stopTimer = null
      }
      waiting.push({ unit, lost: dropped })
      waitingBytes += unit.payload.length
      dropped = 0
      pump()
    },
    taken(units, bytes) {
      ahead = Math.max(0, ahead - units)
      aheadBytes = Math.max(0, aheadBytes - bytes)
      pump()
    },
    isDrained,
    whenDrained(then) {
      drained = then
      pump()
    },
    close() {
      closed = true
      waiting = []
      drained = null
      stopTimer?.()
      stopTimer = null
    },
  }
}
