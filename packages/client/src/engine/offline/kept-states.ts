import type { Path } from '@rivulet/wire'
import { BY_EXPIRY, committed, epochOf, HOSTS, openDatabase, STATES, storageError } from '../../offline-database.ts'

/** The last known state of one store, as the database has it. */
export interface KeptState {
  readonly hash: string
  /** When the host's last update of it came, and when it is too old to be shown; Unix milliseconds. */
  readonly time: number
  readonly expires: number
  /** What of it is known. */
  readonly paths: readonly Path[]
  /** The whole state in wire bytes; zero where nothing is known. */
  readonly bytes: Uint8Array
}

/** Whose states these are: no other owner ever sees them. */
export interface Owner {
  /** The origin of the host. */
  readonly host: string
  /** Path of its endpoint. */
  readonly endpoint: string
  readonly scope: string
}

/** A state that is from further in the future than this was kept while the clock was wrong: it is not shown, and does not stand in the way of others. */
const WRONG_CLOCK_MS = 3_600_000

/** What came of a save. `forgotten`: everything of this host was deleted since the first `read`, and nothing of it is to be kept any more. */
type Saved = 'saved' | 'outdated' | 'forgotten'

/** The kept states of one owner. Every promise rejects with `storage` when the browser refuses. */
export interface KeptStates {
  /** What is kept of these stores, in their order; what is not usable is left out. */
  read(stores: readonly string[], now: number): Promise<(KeptState | undefined)[]>
  /** Keeps a state, unless another tab has kept a later one of the same definition. */
  save(store: string, state: KeptState): Promise<Saved>
  remove(store: string): Promise<void>
  /** Deletes what is too old, whoever owned it. */
  purge(now: number): Promise<void>
  close(): void
}

/** Makes the way to the kept states of `owner`. Opens the database when it is first needed, and again when it was closed. */
export function createKeptStates(factory: IDBFactory, { host, endpoint, scope }: Owner): KeptStates {
  let opening: Promise<IDBDatabase> | undefined
  /** How often everything of this host had been forgotten when this engine began. */
  let epoch: number | undefined

  const keyOf = (store: string): string[] => [host, endpoint, scope, store]

  const begin = async (stores: string[], mode: IDBTransactionMode): Promise<IDBTransaction> => {
    opening ??= openDatabase(factory, () => {
      opening = undefined
    })
    try {
      return (await opening).transaction(stores, mode)
    } catch (e) {
      opening = undefined
      throw storageError(e)
    }
  }

  return {
    async read(stores, now) {
      const transaction = await begin([STATES, HOSTS], 'readonly')
      const done = committed(transaction)
      const forgotten = transaction.objectStore(HOSTS).get(host)
      const found = stores.map((store) => transaction.objectStore(STATES).get(keyOf(store)))
      await done
      epoch ??= epochOf(forgotten.result)
      return found.map(({ result }) => usable(result, now))
    },
    async save(store, state) {
      const transaction = await begin([STATES, HOSTS], 'readwrite')
      const done = committed(transaction)
      const states = transaction.objectStore(STATES)
      let outcome: Saved = 'outdated'
      const forgotten = transaction.objectStore(HOSTS).get(host)
      const before = states.get(keyOf(store))
      before.onsuccess = () => {
        epoch ??= epochOf(forgotten.result)
        const known = before.result as Partial<KeptState> | undefined
        if (epochOf(forgotten.result) !== epoch) outcome = 'forgotten'
        else if (known?.hash !== state.hash || !isLater(known.time, state.time)) {
          states.put(state, keyOf(store))
          outcome = 'saved'
        }
      }
      await done
      return outcome
    },
    async remove(store) {
      const transaction = await begin([STATES], 'readwrite')
      transaction.objectStore(STATES).delete(keyOf(store))
      await committed(transaction)
    },
    async purge(now) {
      const transaction = await begin([STATES], 'readwrite')
      const old = transaction.objectStore(STATES).index(BY_EXPIRY).openCursor(IDBKeyRange.upperBound(now))
      old.onsuccess = () => {
        old.result?.delete()
        old.result?.continue()
      }
      await committed(transaction)
    },
    close() {
      void opening?.then(
        (database) => database.close(),
        // It is not open then.
        () => undefined,
      )
    },
  }
}

function isLater(time: unknown, than: number): boolean {
  return typeof time === 'number' && time > than && time < than + WRONG_CLOCK_MS
}

/** Whatever lies in the database: it may be too old, from a time when the clock was wrong, or from another program. */
function usable(value: unknown, now: number): KeptState | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { hash, time, expires, paths, bytes } = value as Partial<KeptState>
  const fits = typeof hash === 'string' && typeof time === 'number' && typeof expires === 'number'
  if (!fits || !Array.isArray(paths) || !(bytes instanceof Uint8Array)) return undefined
  return expires > now && time < now + WRONG_CLOCK_MS ? (value as KeptState) : undefined
}
