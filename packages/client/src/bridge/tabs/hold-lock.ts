/** A Web Lock of this page. It ends with the page at the latest, however that ends. */
export interface HeldLock {
  release(): void
}

/** Takes the Web Lock of this name, waiting for it if need be. Rejects with the reason of `signal` when that is aborted first. */
export function holdLock(name: string, signal: AbortSignal): Promise<HeldLock> {
  return new Promise((resolve, reject) => {
    navigator.locks.request(name, { signal }, () => held(resolve)).catch(reject)
  })
}

/** The same if nobody has it; null at once otherwise. */
export function tryLock(name: string): Promise<HeldLock | null> {
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(name, { ifAvailable: true }, (lock) => {
        if (lock !== null) return held(resolve)
        resolve(null)
        return undefined
      })
      .catch(reject)
  })
}

/** A lock is held until this promise resolves. */
function held(resolve: (lock: HeldLock) => void): Promise<void> {
  return new Promise((release) => resolve({ release: () => release() }))
}
