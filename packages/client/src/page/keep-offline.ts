import type { StoreDef } from '@rivulet/wire'
import type { OfflineConfig } from '../protocol.ts'
import { need } from './need.ts'

const DAY_MS = 24 * 3_600_000

/** What {@link keepOffline} is told. */
export interface OfflineOptions {
  /** The stores whose last known state is kept. */
  readonly stores: readonly StoreDef[]
  /**
   * Whose data it is, as any string that is not empty: the id of the signed-in user, or a word such as `everybody` for stores that are the same for all. What is kept under one scope is never shown under another. There is no
   * default, because a wrong one would show one user's data to the next.
   */
  readonly scope: string
  /** Largest state of one store that is kept, in bytes of the wire; a larger one is reported with code `limit`. 16 MiB when absent. */
  readonly maxBytes?: number
  /** How long after the host's last update a state is still shown, milliseconds; 7 days when absent. */
  readonly maxAgeMs?: number
  /** A store that changes all the time is saved once in so many milliseconds; 5 000 when absent. What came since then is saved when the page is hidden or closed, as far as the browser lets it. */
  readonly saveEveryMs?: number
}

/**
 * The option `offline` of `createClient`: the last known state of these stores is kept in the browser (IndexedDB), and the next visit shows it as `stale` until the host has answered, or for as long as there is no connection
 * (docs/offline.md). It can only be read so: changes still need the host.
 *
 * Throws `RivuletError` `config` for options that cannot work.
 *
 * @example
 * const client = createClient({ url, offline: keepOffline({ stores: [HarborStore], scope: user.id }) })
 */
export function keepOffline(options: OfflineOptions): OfflineConfig {
  const { stores, scope, maxBytes = 16 * 1024 * 1024, maxAgeMs = 7 * DAY_MS, saveEveryMs = 5000 } = options
  const listed = Array.isArray(stores) && stores.every((def: Partial<StoreDef> | null) => def?.kind === 'store')
  need(listed, 'offline.stores', stores, 'It is a list of store definitions, as the generated module exports them.')
  const scoped = typeof scope === 'string' && scope !== ''
  need(scoped, 'offline.scope', scope, 'Say whose data it is: the id of the signed-in user, or a word for everybody.')
  for (const [name, value] of Object.entries({ maxBytes, maxAgeMs, saveEveryMs })) {
    const fits = typeof value === 'number' && value > 0 && value <= Number.MAX_SAFE_INTEGER
    need(fits, `offline.${name}`, value, 'It is a number above 0.')
  }
  return { stores: [...new Set(stores.map(({ name }) => name))], scope, maxBytes, maxAgeMs, saveEveryMs }
}
