import type { ProbeOrigin, ProbeSubscriber } from '@rivulet/client/inspect'

/** An origin as data. Reading its name is what costs. */
function plainOrigin({ id, name, source, hook, runs }: ProbeOrigin): ProbeOrigin {
  return { id, name, runs, ...(source !== undefined && { source }), ...(hook !== undefined && { hook }) }
}

/** A subscriber as data. */
export function plainSubscriber(subscriber: ProbeSubscriber): ProbeSubscriber {
  return { ...subscriber, origins: subscriber.origins.map((origin) => origin && plainOrigin(origin)) }
}

/** Origins as they go to one panel: each is named once, in an event of its own, and only so many at a time. */
export interface OriginNames {
  /** As data; without a name when there are too many new ones now. That comes later. */
  plain(origin: ProbeOrigin): ProbeOrigin
  /** It is to be named, sooner or later. */
  mention(origin: ProbeOrigin): void
  /** Those that the panel has not heard of, and begins anew. */
  take(): readonly ProbeOrigin[]
}

/** Names that are worked out between two `take`; a stack costs tens of microseconds. */
const AT_A_TIME = 300
/** Origins that are remembered as named, or wait for it. */
const MAX_KNOWN = 20_000

export function createOriginNames(): OriginNames {
  let known = new Set<number>()
  let later = new Map<number, ProbeOrigin>()
  let fresh: ProbeOrigin[] = []

  const name = (origin: ProbeOrigin): boolean => {
    if (known.has(origin.id)) return true
    if (fresh.length >= AT_A_TIME) {
      if (later.size < MAX_KNOWN) later.set(origin.id, origin)
      return false
    }
    // Named again is better than growing.
    if (known.size >= MAX_KNOWN) known = new Set()
    known.add(origin.id)
    fresh.push(plainOrigin(origin))
    return true
  }

  return {
    plain: (origin) => (name(origin) ? plainOrigin(origin) : { id: origin.id, name: '', runs: origin.runs }),
    mention: name,
    take() {
      const out = fresh
      fresh = []
      const waiting = later
      later = new Map()
      for (const origin of waiting.values()) name(origin)
      return out
    },
  }
}
