import type { EngineControl } from '../protocol.ts'
import { allExtras } from './all-extras.ts'
import { createHub } from './create-hub.ts'
import type { Extras } from './extras.ts'
import type { EngineDeps } from './run-engine.ts'

/**
 * Makes an engine: the part of the client that holds the connection and the state of every watched store. It runs wherever it is put (dedicated worker, page, Node) and
 * talks to one page through {@link EngineControl} and the port that `start` gets. For several pages see {@link createHub}.
 *
 * `start` does not connect; `connect` does. Until then, and while the connection is down, watches wait as `loading` or `stale`, and calls wait for their timeout.
 *
 * @example
 * const engine = createEngine()
 * await engine.start(config, port, hooks)
 * await engine.connect()
 */
export function createEngine(deps: EngineDeps & { readonly extras?: Extras } = {}): EngineControl {
  return createHub({ extras: allExtras, ...deps }).control()
}
