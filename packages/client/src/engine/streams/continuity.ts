import type { StreamUnit } from '@rivulet/wire'

/** How a unit stands to the one before: its successor, further on, one that was there already, or the first of a new start. */
type Relation = 'next' | 'gap' | 'repeat' | 'start'

/** What to do with a unit: null = nothing, it was there already. */
type Admission = { readonly discontinuity: boolean; readonly lost: number } | null

/** The sequence of one stream, across all connections that it comes over. */
export interface Continuity {
  relation(unit: StreamUnit): Relation
  /** Takes the next unit of the stream. */
  admit(unit: StreamUnit): Admission
  /** A new connection without the old one: what the source says again is no repetition. */
  reconnected(): void
}

/** A source that says for this long what it said before means it. */
const REPEAT_MS = 2_000

/**
 * Follows generation and sequence (session.md §8.1): nothing is delivered twice, and what is missing is counted.
 *
 * `restarted` hears of a source that counts from the beginning without a new generation, which is against the protocol but must not silence the stream.
 */
export function createContinuity(now: () => number, restarted: () => void): Continuity {
  let generation = 0n
  let sequence = 0n
  let repeating: number | null = null
  let fresh = false

  function relation(unit: StreamUnit): Relation {
    if (unit.generation !== generation) return 'start'
    if (unit.sequence > sequence) return unit.sequence === sequence + 1n ? 'next' : 'gap'
    return unit.recovery && unit.discontinuity ? 'start' : 'repeat'
  }

  function admit(unit: StreamUnit): Admission {
    const first = generation === 0n
    const how = relation(unit)
    const again = fresh
    fresh = false
    if (how === 'repeat' && !again) {
      repeating ??= now()
      if (now() - repeating < REPEAT_MS) return null
      restarted()
    }
    repeating = null
    const lost = how === 'gap' ? Number(unit.sequence - sequence) - 1 : 0
    ;({ generation, sequence } = unit)
    return { discontinuity: unit.discontinuity || (how !== 'next' && !first), lost }
  }

  return {
    relation,
    admit,
    reconnected() {
      fresh = true
      repeating = null
    },
  }
}
