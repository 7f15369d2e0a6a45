import { isRivuletError, RivuletError } from '@rivulet/wire'

/** Object stores of the database: what is kept of a host's stores, and per host how often that was forgotten. */
export const STATES = 'states'
export const HOSTS = 'hosts'

/** By when a kept state counts as outdated. */
export const BY_EXPIRY = 'byExpiry'

/**
 * Opens the database of kept states, which all pages and workers of an origin share. It is closed when another version of it is wanted, or the user clears it: a connection that stays open would stop both.
 *
 * Rejects with `storage` where there is no database, or none may be used.
 */
export function openDatabase(factory: IDBFactory, gone: () => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown): void => reject(storageError(cause))
    let request: IDBOpenDBRequest
    try {
      request = factory.open('rivulet-offline', 1)
    } catch (e) {
      // The policy of the page forbids storage.
      fail(e)
      return
    }
    request.onupgradeneeded = () => {
      request.result.createObjectStore(STATES).createIndex(BY_EXPIRY, 'expires')
      request.result.createObjectStore(HOSTS)
    }
    request.addEventListener('error', () => fail(request.error))
    request.addEventListener('blocked', () => fail('another tab holds an older version of it open'))
    request.onsuccess = () => {
      const database = request.result
      database.addEventListener('close', gone)
      database.addEventListener('versionchange', () => {
        database.close()
        gone()
      })
      resolve(database)
    }
  })
}

/** Resolves once the transaction is done: what it has written is there to stay, or nothing of it is. */
export function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.addEventListener('complete', () => resolve())
    transaction.addEventListener('abort', () => reject(storageError(transaction.error)))
  })
}

/** An error of the browser's storage as one of ours. */
export function storageError(cause: unknown): RivuletError {
  if (isRivuletError(cause)) return cause
  // DOMExceptions are errors to TypeScript's types and at runtime, but not in every realm.
  const { name = 'unknown', message = 'no reason given' } = (cause ?? {}) as Partial<Error>
  const why = typeof cause === 'string' ? cause : `${name}: ${message}`
  return new RivuletError('storage', `nothing can be kept for offline use (${why})`, {
    hint: 'Everything else works. Private windows, full disks and blocked site data are the usual reasons.',
    cause,
  })
}

/** How often everything of a host has been forgotten, from what the database has under its name. */
export function epochOf(value: unknown): number {
  return typeof value === 'number' ? value : 0
}

/**
 * Deletes everything that is kept of a host, for all its users, and makes engines that run stop keeping more: they compare the host's epoch with every save.
 *
 * Rejects with `storage`.
 */
export async function forgetHost(factory: IDBFactory, host: string): Promise<void> {
  const database = await openDatabase(factory, () => undefined)
  try {
    const transaction = database.transaction([STATES, HOSTS], 'readwrite')
    const done = committed(transaction)
    // Arrays sort behind strings, so this is everything whose key begins with the host.
    transaction.objectStore(STATES).delete(IDBKeyRange.bound([host], [host, []]))
    const hosts = transaction.objectStore(HOSTS)
    const before = hosts.get(host)
    before.onsuccess = () => hosts.put(epochOf(before.result) + 1, host)
    await done
  } finally {
    database.close()
  }
}

/** The browser's database. Undefined where there is none, or where none may be used. */
export function ownFactory(): IDBFactory | undefined {
  try {
    return globalThis.indexedDB
  } catch {
    // A document of an opaque origin may not even look at it.
    return undefined
  }
}

/** The error of a place without one. */
export function noDatabase(): RivuletError {
  return storageError('there is no IndexedDB here')
}
