import type { FeedEntry, FrameEntry } from '@rivulet/client/inspect'
import { parseKey, type StoreDef } from '@rivulet/wire'
import type { Warning } from './warnings.ts'

/** What is remembered of a store, to tell what is usual. */
interface Known {
  /** Full states that were asked for and did not come yet. */
  expected: number
  had: boolean
  partials: number
  bytes: number
}

/** Stores that are remembered; the host names them. */
const MAX_STORES = 1000
/** Socket.IO hosts refuse more from a viewer unless they are told otherwise (session.md §1). */
const SEND_LIMIT = 1_000_000
const LARGE = 256 * 1024
/** A partial this many times larger than the mean of at least {@link ENOUGH} is unusual, if it is no trifle. */
const TIMES = 16
const TRIFLE = 4096
const ENOUGH = 8

/**
 * Makes a function that is given every entry in order and says what is wrong with it, as far as that can be told without its bytes.
 *
 * @example
 * const warn = createEntryWarnings((store) => model.stores.get(store))
 * for (const entry of model.entries) console.log(warn(entry))
 */
export function createEntryWarnings(
  storeOf: (name: string) => StoreDef | undefined,
): (entry: FeedEntry) => readonly Warning[] {
  const stores = new Map<string, Known>()
  const known = (name: string): Known => {
    let store = stores.get(name)
    if (store === undefined) {
      if (stores.size >= MAX_STORES) stores.delete(stores.keys().next().value as string)
      stores.set(name, (store = { expected: 0, had: false, partials: 0, bytes: 0 }))
    }
    return store
  }

  const ofUpdate = (entry: FrameEntry, store: Known): Warning | undefined => {
    if (entry.update === 'full') {
      const again = store.had && store.expected === 0
      store.expected = Math.max(0, store.expected - 1)
      store.had = true
      if (again) return { code: 'again' }
      return undefined
    }
    const mean = store.bytes / Math.max(1, store.partials)
    const unusual = store.partials >= ENOUGH && entry.bytes > TRIFLE && entry.bytes > TIMES * mean
    store.partials++
    store.bytes += entry.bytes
    return unusual ? { code: 'large', detail: `${Math.round(entry.bytes / mean)} times the mean` } : undefined
  }

  return (entry) => {
    if (entry.type === 'connection') {
      // Every connection begins with full states.
      for (const store of stores.values()) store.had = false
      return NONE
    }
    if (entry.type === 'resync') {
      known(entry.store).had = false
      return NONE
    }
    if (entry.type !== 'frame') return entry.type === 'error' ? [{ code: 'error' }] : NONE
    const out: Warning[] = []
    if (entry.error !== undefined) out.push({ code: 'error', detail: entry.error.what })
    if (entry.kind === 'storesub' && entry.store !== undefined && entry.action === 'subscribe') {
      known(entry.store).expected++
      const def = storeOf(entry.store)
      if (def !== undefined && parseKey(def, entry.key ?? '') === null)
        out.push({ code: 'key', ...(entry.key === undefined ? {} : { detail: entry.key }) })
    }
    const found =
      entry.kind === 'storeupdate' && entry.store !== undefined ? ofUpdate(entry, known(entry.store)) : undefined
    if (found !== undefined) out.push(found)
    if (entry.bytes > (entry.dir === 'out' ? SEND_LIMIT : LARGE) && found?.code !== 'large') out.push({ code: 'large' })
    return out.length === 0 ? NONE : out
  }
}

const NONE: readonly Warning[] = []
