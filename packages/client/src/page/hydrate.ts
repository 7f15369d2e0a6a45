import { readEntries } from './snapshot-text.ts'
import { snapshotOf } from './snapshot-of.ts'
import type { Client } from './types.ts'

const taken = new WeakMap<Client, Set<string>>()
/** States that a client remembers to have taken; a page has one, or one per navigation. */
const MAX_REMEMBERED = 100

/**
 * Gives a client the state that came with the page, as `dehydrate` wrote it. From now on its paths read as that state, with status `stale`, until live data arrives; and React hydrates with it, whatever has arrived by then.
 * Call it before the stores are read. The same text again does nothing.
 *
 * A store whose definition is not the one that the server had is ignored, and the app is told (`onError`, code `schema`); so are values that do not decode.
 *
 * Throws `RivuletError` `protocol` for a text that `dehydrate` has not written, `config` for what is no client.
 *
 * @example
 * hydrate(client, document.querySelector('#rivulet-state')?.textContent ?? '')
 * hydrateRoot(root, <RivuletProvider client={client}><App /></RivuletProvider>)
 */
export function hydrate(client: Client, state: string): void {
  let known = taken.get(client)
  if (known?.has(state) === true) return
  const snapshot = snapshotOf(client)
  for (const entry of readEntries(state)) snapshot.put(entry)
  if (known === undefined || known.size >= MAX_REMEMBERED) taken.set(client, (known = new Set()))
  known.add(state)
}
