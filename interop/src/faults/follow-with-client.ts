import { type Client, type ClientOptions, createClient, isRivuletError } from '@rivulet/client'
import type { Follower } from './follower.ts'
import { Credit, type LedgerStoreState, LedgerStore } from '../generated/schema.ts'
import { tornPlaces } from './torn-places.ts'

/** Which paths a page listens to: the whole store, or fields that belong together, one by one. */
export type Looks = 'store' | 'fields'

/** What a page listens to that looks at fields. */
export const FIELDS: readonly (keyof LedgerStoreState)[] = ['epoch', 'tick', 'mirror', 'total', 'rows', 'credits']

/** Follows the ledger with our client. `options` go to `createClient`. */
export function followWithClient(port: number, looks: Looks, options: Partial<ClientOptions> = {}): Follower {
  const errors: string[] = []
  const torn: string[] = []
  let changes = 0
  let pending = 0
  const client: Client = createClient({
    url: `http://127.0.0.1:${port}`,
    worker: 'inline',
    graceMs: 20,
    reconnect: { minMs: 20, maxMs: 500 },
    onError: (error) => errors.push(error.code),
    ...options,
  })
  const store = client.store(LedgerStore)
  const paths = looks === 'store' ? [[] as const] : FIELDS.map((field) => [field] as const)
  // `get` of the whole store shows what is followed field by field as well, in one value.
  const view = (): LedgerStoreState => (looks === 'store' ? store.get() : readFields())
  const readFields = (): LedgerStoreState => ({
    epoch: store.get(['epoch']),
    tick: store.get(['tick']),
    mirror: store.get(['mirror']),
    total: store.get(['total']),
    rows: store.get(['rows']),
    credits: store.get(['credits']),
  })
  const loaded = (): boolean => paths.every((path) => store.loaded(path))
  const live = (): boolean => paths.every((path) => store.status(path) === 'live')
  const changed = (): void => {
    changes++
    // A page that marks what is stale may show it; what it takes for current has to be true.
    if (loaded() && live()) torn.push(...tornPlaces(view()))
  }
  const stops = paths.map((path) => store.subscribe(path, changed))
  const attaches: ('created' | 'resumed')[] = []
  let connected = false
  client.connection.subscribe(() => {
    const { state, session } = client.connection.get()
    const before = connected
    connected = state === 'connected'
    if (connected && !before) attaches.push(session === 'resumed' ? 'resumed' : 'created')
  })

  return {
    name: `client, ${looks}`,
    ...(options.sessions === undefined ? {} : { attaches }),
    view: () => (loaded() ? view() : null),
    live,
    torn,
    errors,
    get changes() {
      return changes
    },
    get pending() {
      return pending
    },
    async credit(id, timeoutMs) {
      pending++
      try {
        return { ran: await client.call(Credit, { id }, { timeoutMs }) }
      } catch (e) {
        return { failed: isRivuletError(e) ? e.code : String(e) }
      } finally {
        pending--
      }
    },
    async close() {
      for (const stop of stops) stop()
      await client.dispose()
    },
  }
}
