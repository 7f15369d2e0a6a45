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
  if (!observation) return subscribe(listener)
  const tell = (): void => observation.hooks?.told(origin, get)
  const outer = observation.origin
  observation.origin = origin
  // What it answers to begin with.
  tell()
  try {
    return subscribe(() => {
      tell()
      listener()
    })
  } finally {
    observation.origin = outer
  }
}
