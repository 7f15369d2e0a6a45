import { stateNode, type StoreDef } from '@rivulet/wire'
import { encodePart } from '../encode-part.ts'
import { typeAt } from './schema-walk.ts'
import { snapshotOf } from './snapshot-of.ts'
import { writeEntries } from './snapshot-text.ts'
import type { Client } from './types.ts'

/** Options of {@link dehydrate}. */
export interface DehydrateOptions {
  /** Only these stores; all that were read when absent. */
  readonly stores?: readonly StoreDef[]
}

/**
 * What a page needs in order to hydrate: the values that `prefetch`, `seed` and `useSuspenseStore` have put into the client, as JSON that is safe in a script element (`<` and its like are escaped).
 * The page gives it to `hydrate`. It holds what was rendered, not what the host has sent since.
 *
 * Throws `RivuletError` `config` for what is no client, `invalid-value` for a value that its schema cannot hold.
 *
 * @example
 * html += `<script type="application/json" id="rivulet-state">${dehydrate(client)}</script>`
 */
export function dehydrate(client: Client, { stores }: DehydrateOptions = {}): string {
  const snapshot = snapshotOf(client)
  const chosen = stores?.map(({ name }) => name)
  const defs = new Map(client.stores.map(({ def }) => [def.name, def]))
  const entries = snapshot
    .entries()
    .filter(({ store }) => defs.has(store) && (chosen === undefined || chosen.includes(store)))
  return writeEntries(entries, ({ store, path, bytes, known }) => {
    if (known === undefined) return bytes ?? null
    if (known.value === undefined) return null
    const def = defs.get(store) as StoreDef
    return encodePart(def.types, typeAt(def, stateNode(def), path), known.value)
  })
}
