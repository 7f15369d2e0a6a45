import type { Path } from '@rivulet/wire'
import { pathKey } from './path-key.ts'
import type { Client, PageStore } from './types.ts'

interface Asked {
  readonly promise: Promise<void>
  error?: unknown
}

const askedOf = new WeakMap<Client, Map<string, Asked>>()

/**
 * On a server: loads what `store.initial(path)` does not know yet, as `prefetch` does. Resolves when it is known; throws what the load has failed with when it is asked for again. For bindings that can suspend a render.
 *
 * @example
 * if (!store.initial(path).known) throw askInitial(store, path)
 */
export function askInitial(store: PageStore<unknown>, path: Path): Promise<void> {
  const { client, def } = store
  let all = askedOf.get(client)
  if (all === undefined) askedOf.set(client, (all = new Map()))
  const key = `${def.name} ${pathKey(path)}`
  const before = all.get(key)
  if (before !== undefined) {
    if ('error' in before) throw before.error
    return before.promise
  }
  const asked: Asked = { promise: load(client, store, path).catch((error: unknown) => void (asked.error = error)) }
  all.set(key, asked)
  return asked.promise
}

// A chunk of its own: no page ever loads it.
async function load(client: Client, { def }: PageStore<unknown>, path: Path): Promise<void> {
  const { prefetch } = await import('./prefetch.ts')
  await prefetch(client, def, path as never)
}
