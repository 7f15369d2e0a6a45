import { encodeState, RivuletError, withPlace } from '@rivulet/wire'
import { asRivuletError, toPlainError } from '../../plain-error.ts'
import type { EngineConfig, OfflineConfig, PlainError } from '../../protocol.ts'
import { noDatabase, ownFactory } from '../../offline-database.ts'
import type { Clock } from '../clock.ts'
import type { StoreFeed } from '../store-feed.ts'
import { createKeptStates, type KeptState, type KeptStates } from './kept-states.ts'
import { develop, isHeard, lacksData, type Picture, restore } from './restore.ts'
import { schemaHash } from './schema-hash.ts'

/** A state that has just come is saved after this long at the latest, however rarely the rest: short visits count. */
const FIRST_SAVE_MS = 1000

/** Saving takes at most one part in this many of the engine's time. */
const SHARE = 50

/** What an engine does so that stores can be shown before, and without, the host. Nothing here ever throws, and nothing waits for it. */
export interface Offline {
  /** There may be new watches: they are shown what is kept, unless the host was faster. */
  watched(): void
  /** Watches have gone: a store that nobody watches any more is saved while its state is still there. */
  unwatched(): void
  /** An update of the host was taken. */
  updated(store: unknown): void
  /** Saves what has changed since it was saved last; resolves when that is done, or could not be done. */
  save(): Promise<void>
  end(): void
}

/** What keeping states needs of its engine. */
export interface OfflineHost {
  readonly config: Pick<EngineConfig, 'url' | 'path'> & { readonly offline: OfflineConfig }
  readonly clock: Clock
  /** Absent: the place has no database. */
  readonly factory: IDBFactory | undefined
  feed(store: string): StoreFeed | undefined
  error(error: PlainError): void
  /** Watches may have news, outside of any message. */
  flush(): void
}

interface Keeping {
  readonly store: string
  /** What the database had: not read since the host was heard last, being read, read, developed. */
  found: 'unread' | 'reading' | KeptState | Picture | undefined
  /** When the update came that is not saved yet; 0 when everything is. */
  dirty: number
  /** It may be saved again. */
  next: number
  saving: boolean
  cancel: (() => void) | undefined
  /** Not to be kept any more. */
  over: boolean
}

/** Keeps the last known state of stores in the browser's database, at bounded cost. */
function createOffline(host: OfflineHost): Offline {
  const { config, clock, factory } = host
  const { stores, scope, maxBytes, maxAgeMs, saveEveryMs } = config.offline
  const kept = factory && createKeptStates(factory, { host: config.url, endpoint: config.path, scope })
  const all = new Map<string, Keeping>()
  const pending = new Set<Promise<void>>()
  let over = kept === undefined

  for (const store of stores) {
    all.set(store, { store, found: 'unread', dirty: 0, next: 0, saving: false, cancel: undefined, over: false })
  }

  // What the first failure says, the next ones would say again; without storage everything else goes on.
  const giveUp = (e: unknown): void => {
    if (!over) host.error(toPlainError(asRivuletError(e, 'storage'), 'storage'))
    over = true
  }

  const track = (work: Promise<void>): void => {
    const tracked = work.catch(giveUp).finally(() => pending.delete(tracked))
    pending.add(tracked)
  }

  const read = async (wanted: readonly Keeping[]): Promise<void> => {
    if (kept === undefined || over || wanted.length === 0) return
    for (const one of wanted) one.found = 'reading'
    const found = await kept.read(
      wanted.map(({ store }) => store),
      clock.now(),
    )
    for (const [i, one] of wanted.entries()) {
      // Otherwise the host was faster.
      if (one.found !== 'reading') continue
      one.found = found[i]
      show(one)
    }
    host.flush()
  }

  const begin = async (states: KeptStates, first: readonly Keeping[]): Promise<void> => {
    await read(first)
    await states.purge(clock.now())
  }

  const show = (one: Keeping): void => {
    const { found } = one
    const feed = host.feed(one.store)
    if (typeof found !== 'object' || feed === undefined || !lacksData(feed)) return
    one.found = 'bytes' in found ? picture(feed, found) : found
    if (one.found !== undefined) restore(feed, one.found)
  }

  const picture = (feed: StoreFeed, { hash, bytes, paths }: KeptState): Picture | undefined => {
    // Of another build of the app. It is of no use to this one, and overwritten as soon as the host is heard.
    if (hash !== schemaHash(feed.def)) return undefined
    try {
      return develop(feed, bytes, paths)
    } catch (e) {
      const place = { store: feed.def.name }
      const cause = withPlace(asRivuletError(e, 'malformed'), place)
      const what = 'the state that was kept for offline use cannot be read, and was deleted'
      host.error(toPlainError(new RivuletError(cause.code, what, { ...place, cause }), 'malformed'))
      remove(feed.def.name)
      return undefined
    }
  }

  const remove = (store: string): void => {
    if (kept !== undefined && !over) track(kept.remove(store))
  }

  const schedule = (one: Keeping): void => {
    if (one.cancel !== undefined || one.over || over) return
    const wait = Math.max(Math.min(FIRST_SAVE_MS, saveEveryMs), one.next - clock.now())
    one.cancel = clock.after(wait, () => {
      one.cancel = undefined
      saveNow(one)
    })
  }

  const saveNow = (one: Keeping): void => {
    if (kept === undefined || over || one.over || one.dirty === 0) return
    if (one.saving) {
      schedule(one)
      return
    }
    const feed = host.feed(one.store)
    const state = feed && take(one, feed)
    one.dirty = 0
    if (state === undefined) return
    one.saving = true
    track(put(kept, one, state))
  }

  const put = async (states: KeptStates, one: Keeping, state: KeptState): Promise<void> => {
    try {
      if ((await states.save(one.store, state)) === 'forgotten') over = true
    } finally {
      one.saving = false
    }
  }

  /** The state as it is to be kept. Undefined: there is nothing to keep, or it cannot be. */
  const take = (one: Keeping, feed: StoreFeed): KeptState | undefined => {
    const paths = [...feed.keys.values()].filter(({ held }) => held).map(({ path }) => path)
    if (feed.state === undefined || paths.length === 0) return undefined
    const start = performance.now()
    try {
      const bytes = encodeState(feed.def, feed.state)
      if (bytes.length <= maxBytes) {
        const time = one.dirty
        return { hash: schemaHash(feed.def), time, expires: time + maxAgeMs, paths, bytes }
      }
      stop(one, tooLarge(one.store, bytes.length, maxBytes))
    } catch (e) {
      stop(one, withPlace(asRivuletError(e, 'invalid-value'), { store: one.store }))
    } finally {
      one.next = clock.now() + Math.max(saveEveryMs, SHARE * (performance.now() - start))
    }
    return undefined
  }

  const stop = (one: Keeping, why: RivuletError): void => {
    one.over = true
    host.error(toPlainError(why, why.code))
    // It would grow older and older.
    remove(one.store)
  }

  if (kept !== undefined) {
    const first = [...all.values()]
    track(begin(kept, first))
  } else if (typeof location !== 'undefined') {
    // A browser; where pages are rendered for browsers nobody expects a database.
    host.error(toPlainError(noDatabase(), 'storage'))
  }

  return {
    watched() {
      const unread: Keeping[] = []
      for (const one of all.values()) {
        const feed = host.feed(one.store)
        if (feed === undefined || !lacksData(feed)) continue
        if (one.found === 'unread') unread.push(one)
        else show(one)
      }
      if (unread.length > 0) track(read(unread))
    },
    unwatched() {
      for (const one of all.values()) {
        if (one.dirty === 0 || (host.feed(one.store)?.entries.size ?? 1) > 0) continue
        // Pages that come and go quickly are no reason to save all the time.
        if (clock.now() >= one.next - saveEveryMs + FIRST_SAVE_MS) saveNow(one)
      }
    },
    updated(store) {
      const one = all.get(store as string)
      const feed = one && host.feed(one.store)
      // Without anything live it is still the kept state.
      if (one === undefined || feed === undefined || over || !isHeard(feed)) return
      // From here on the host knows better.
      one.found = 'unread'
      one.dirty = clock.now()
      schedule(one)
    },
    async save() {
      // The second time for what was being saved already, in an earlier state.
      for (let round = 0; round < 2; round++) {
        for (const one of all.values()) saveNow(one)
        await Promise.all(pending)
      }
    },
    end() {
      over = true
      void Promise.all(pending).then(() => kept?.close())
    },
  }
}

/** Starts to keep states, as the options say; undefined when nothing is to be kept. */
export function startOffline(
  { url, path, offline }: EngineConfig,
  { indexedDB: given }: { readonly indexedDB?: IDBFactory | null },
  parts: Pick<OfflineHost, 'clock' | 'feed' | 'error' | 'flush'>,
): Offline | undefined {
  if (offline === undefined) return undefined
  return createOffline({
    config: { url, path, offline },
    factory: given === null ? undefined : (given ?? ownFactory()),
    ...parts,
  })
}

function tooLarge(store: string, bytes: number, maxBytes: number): RivuletError {
  return new RivuletError('limit', `a state of ${bytes} bytes is too large to be kept for offline use`, {
    store,
    hint: `keepOffline's maxBytes is ${maxBytes}. Raise it, or follow less of the store.`,
  })
}
