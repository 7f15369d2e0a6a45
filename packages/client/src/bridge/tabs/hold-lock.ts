/** A Web Lock of this page. It ends with the page at the latest, however that ends. */
export interface HeldLock {
  release(): void
  /** Resolves when another page has taken the lock away, see {@link stealLock}; never otherwise. */
  readonly stolen: Promise<void>
}

/** Takes the Web Lock of this name, waiting for it if need be. Rejects with the reason of `signal` when that is aborted first. */
export function holdLock(name: string, signal: AbortSignal): Promise<HeldLock> {
  return request(name, { signal }) as Promise<HeldLock>
}

/** The same if nobody has it; null at once otherwise. */
export function tryLock(name: string): Promise<HeldLock | null> {
  return request(name, { ifAvailable: true })
}

/** Takes the lock from whoever has it: for a holder that does not react any more. */
export function stealLock(name: string): Promise<HeldLock> {
  return request(name, { steal: true }) as Promise<HeldLock>
}

function request(name: string, options: LockOptions): Promise<HeldLock | null> {
  return new Promise((resolve, reject) => {
    let granted = false
    let rob!: () => void
    const stolen = new Promise<void>((r) => {
      rob = r
    })
    navigator.locks
      .request(name, options, (lock) => {
        if (lock === null) {
          resolve(null)
          return undefined
        }
        granted = true
        return new Promise<void>((release) => resolve({ release: () => release(), stolen }))
      })
      .catch((e: unknown) => {
        // A lock that was granted can only be lost to a thief.
        if (granted) rob()
        else reject(e)
      })
  })
}
