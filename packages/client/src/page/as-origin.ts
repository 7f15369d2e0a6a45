import { observationOf, type Origin } from './observation.ts'
import type { Client } from './types.ts'

/**
 * Subscribes in the name of `origin`, for packages that do it for components: whatever `subscribe` listens to by the way counts as its doing, and when a patch changes what `get` answers, the next run of its hook is
 * because of that patch. Without an origin, or when nothing is noted, just `subscribe(listener)`.
 *
 * @example
 * const stop = asOrigin(client, memory.origin, source.get, rerender, (heard) => store.subscribe(path, heard))
 */
export function asOrigin(
  client: Client,
  origin: Origin | undefined,
  get: () => unknown,
  listener: () => void,
  subscribe: (listener: () => void) => () => void,
): () => void {
  const observation = origin && observationOf(client)
  if (origin === undefined || observation === undefined) return subscribe(listener)
  let last = attempt(get)
  const heard = (): void => {
    const now = attempt(get)
    if (!Object.is(now, last) && observation.patching !== 0) origin.cause = observation.patching
    last = now
    listener()
  }
  const outer = observation.origin
  observation.origin = origin
  try {
    return subscribe(heard)
  } finally {
    observation.origin = outer
  }
}

/** What was thrown is an answer too: whoever reads it renders for it. */
function attempt(get: () => unknown): unknown {
  try {
    return get()
  } catch (error) {
    return error
  }
}
