/** Calls `save` whenever the page may not run much longer: nothing else is certain to be told to a page that is swiped away. Returns what ends that. Elsewhere than in a browser it does nothing. */
export function whenLeaving(save: () => void): () => void {
  if (typeof document === 'undefined') return () => undefined
  const until = new AbortController()
  const { signal } = until
  const onVisibility = (): void => {
    if (document.visibilityState === 'hidden') save()
  }
  document.addEventListener('visibilitychange', onVisibility, { signal })
  // Not every browser hides a page before it unloads it.
  addEventListener('pagehide', save, { signal })
  return () => until.abort()
}
