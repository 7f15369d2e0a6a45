import { type Path, stateNode, type StoreDef } from '@rivulet/wire'
import type { PathOf, ValueAt } from './path-types.ts'
import { schemaHash } from './schema-hash.ts'
import { typeAt } from './schema-walk.ts'
import { snapshotOf } from './snapshot-of.ts'
import type { Client } from './types.ts'

/**
 * Puts a value that the server has in its hands into a client that renders: the state of a store of a host in the same process, which needs no connection to it. As with `prefetch`, it is rendered, and written by `dehydrate`.
 * The value is not copied, so it must not change any more; a host's `store.state` does not.
 *
 * Throws `RivuletError` `path` for a path that leads nowhere, `config` for what is no client.
 *
 * @example
 * seed(request, BoardStore, [], boardOfTheHost.state)
 * const html = renderToString(<RivuletProvider client={request}><App /></RivuletProvider>)
 */
export function seed<S>(client: Client, def: StoreDef<S>, path: readonly [], value: S): void
export function seed<S, const P extends PathOf<S>>(
  client: Client,
  def: StoreDef<S>,
  path: P,
  value: ValueAt<S, P>,
): void
export function seed(client: Client, def: StoreDef, given: string | Path, value: unknown): void {
  const path: Path = typeof given === 'string' ? [given] : given
  typeAt(def, stateNode(def), path)
  client.store(def)
  snapshotOf(client).put({ store: def.name, hash: schemaHash(def), path, known: { value } })
}
