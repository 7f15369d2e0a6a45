import { type Path, RivuletError, type StoreDef } from '@rivulet/wire'
import { asRivuletError } from '../plain-error.ts'
import type { PathOf, ValueAt } from './path-types.ts'
import { requests } from './page-requests.ts'
import { schemaHash } from './schema-hash.ts'
import { cellOf, snapshotOf } from './snapshot-of.ts'
import type { Client, PageStore } from './types.ts'

/** Options of {@link prefetch}. */
export interface PrefetchOptions {
  /** How long the first data may take, milliseconds; 5 000 when absent. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

/** How long what was loaded stays followed, so that the next request finds it. */
const KEEP_MS = 10_000

/**
 * Loads a path and resolves to its value: for a loader that has to have data before it renders.
 *
 * On a server the value is also what is rendered from then on, by `useStore` and `useSuspenseStore` alike, and what `dehydrate` writes: it stays as it is for this client, so that a page which is streamed shows one state. That is why each
 * request has a client of its own (`createRequestClient`). On a page nothing is kept but the subscription, for some seconds.
 *
 * Rejects with `timeout`, `aborted`, `disposed`, `path`, or the path's error (`denied`, `unknown-store` …).
 *
 * @example
 * const request = createRequestClient(upstream)
 * await prefetch(request, BoardStore, 'board', { timeoutMs: 2000 })
 * const html = renderToString(<RivuletProvider client={request}><App /></RivuletProvider>)
 */
export async function prefetch<S>(client: Client, def: StoreDef<S>): Promise<S>
export async function prefetch<S, const P extends PathOf<S>>(
  client: Client,
  def: StoreDef<S>,
  path: P,
  options?: PrefetchOptions,
): Promise<ValueAt<S, P>>
export async function prefetch(
  client: Client,
  def: StoreDef,
  given: string | Path = [],
  { timeoutMs = 5000, signal }: PrefetchOptions = {},
): Promise<unknown> {
  const path: Path = typeof given === 'string' ? [given] : given
  const server = typeof document === 'undefined'
  const known = client.store(def).initial(path)
  if (server && known.known) return known.value
  const store = (cellOf(client).source ?? client).store(def)
  await ready(store, path, timeoutMs, signal)
  void requests.ask(store, path, KEEP_MS)
  const value = store.get(path)
  if (!server) return value
  // Somebody else may have loaded it meanwhile, and rendered with it.
  const before = client.store(def).initial(path)
  if (before.known) return before.value
  snapshotOf(client).put({ store: def.name, hash: schemaHash(def), path, known: { value } })
  return value
}

async function ready(
  store: PageStore<unknown>,
  path: Path,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), timeoutMs)
  try {
    const either = signal === undefined ? late.signal : AbortSignal.any([late.signal, signal])
    await store.ready(path, { signal: either })
  } catch (e) {
    if (!late.signal.aborted || signal?.aborted === true) throw asRivuletError(e, 'protocol')
    throw new RivuletError('timeout', `no data within ${timeoutMs} ms`, {
      store: store.def.name,
      path,
      hint: `The connection is ${store.client.connection.get().state}. Render without it, or allow more time (timeoutMs).`,
    })
  } finally {
    clearTimeout(timer)
  }
}
