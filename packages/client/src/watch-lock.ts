/**
 * Calls `gone` once whoever holds the Web Lock of this name has let go of it, which also the end of a crashed tab does. Returns what stops waiting.
 *
 * The lock has to be held already.
 */
export function watchLock(lock: string, gone: () => void): () => void {
  const waiting = new AbortController()
  navigator.locks
    .request(lock, { signal: waiting.signal }, () => gone())
    .catch((e: unknown) => {
      // Nobody waits any more: that is what the abort says. Without locks nobody would hear of the end of a tab, so that is thrown.
      if (!waiting.signal.aborted) throw e
    })
  return () => waiting.abort()
}
