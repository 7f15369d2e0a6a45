import type { StreamUnit } from '@rivulet/wire'
import type { Clock } from '../clock.ts'
import type { Continuity } from './continuity.ts'

/** How long two data connections of one stream are kept side by side. */
const OVERLAP_MS = 2_000

/** Bounds of what the new connection is ahead. */
const MAX_HELD_UNITS = 64
const MAX_HELD_BYTES = 8 * 1024 * 1024

/** The change from one data connection of a stream to the next, without a gap where that is possible. */
export interface Handover {
  /** The old connection has delivered something. */
  oldUnit(): void
  /** The old connection is gone. */
  oldEnded(): void
  /** The new connection has this. Returns false once it is the stream's only one: the unit is the caller's. */
  newUnit(unit: StreamUnit): boolean
  close(): void
}

/**
 * Decides when the new connection takes over: with the first unit that the old one has had already, or that follows it, or that starts anew. If the new one is ahead, the old one may first bring what lies between.
 * `done` gets what was held meanwhile.
 */
export function createHandover(
  clock: Clock,
  continuity: Continuity,
  done: (held: readonly StreamUnit[]) => void,
): Handover {
  let held: StreamUnit[] = []
  let heldBytes = 0
  let over = false
  const stopTimer = clock.after(OVERLAP_MS, finish)

  function finish(): void {
    if (over) return
    over = true
    stopTimer()
    done(held)
  }

  return {
    oldUnit() {
      const first = held[0]
      if (first !== undefined && continuity.relation(first) !== 'gap') finish()
    },
    oldEnded: finish,
    newUnit(unit) {
      if (over) return false
      if (held.length === 0 && continuity.relation(unit) !== 'gap') {
        finish()
        return false
      }
      held.push(unit)
      heldBytes += unit.payload.length
      if (held.length >= MAX_HELD_UNITS || heldBytes >= MAX_HELD_BYTES) finish()
      return true
    },
    close() {
      over = true
      held = []
      stopTimer()
    },
  }
}
