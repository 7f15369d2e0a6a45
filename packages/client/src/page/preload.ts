import type { StoreDef } from '@rivulet/wire'
import type { PathOf } from './path-types.ts'
import { requests } from './page-requests.ts'
import type { Client } from './types.ts'

/** Options of {@link preload}. */
export interface PreloadOptions {
  /** How long the path stays followed for whoever comes to read it, from now and again from when it is there. Milliseconds; 5 000 when absent. */
  readonly keepMs?: number
  readonly signal?: AbortSignal
}

/**
 * Starts to load a path before a component reads it: in a route's loader, or when the pointer rests on a link. Nobody has to give it up: it stays followed for `keepMs`, and then only if somebody reads it.
 *
 * Resolves when the path is live; a loader that should not wait ignores the promise, whose rejection does not count as unhandled. Rejects with the path's error, `path`, `aborted` or `disposed`.
 *
 * @example
 * <Link onPointerEnter={() => void preload(client, FleetStore, ['boats', id])} />
 */
export function preload<S>(
  client: Client,
  def: StoreDef<S>,
  path?: PathOf<S>,
  { keepMs = 5000, signal }: PreloadOptions = {},
): Promise<void> {
  const store = client.store(def)
  const ready = store.ready(path, signal === undefined ? {} : { signal })
  const long = path === undefined ? [] : typeof path === 'string' ? [path] : path
  const done = ready.then(() => void requests.ask(store as never, long as never, keepMs))
  // The caller may not care.
  done.catch(() => undefined)
  return done
}
