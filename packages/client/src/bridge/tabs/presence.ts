/** Whether this page can run code at all. */
export interface Presence {
  /** Resolves while the page is awake; later when it is frozen, or kept for the back button. */
  awake(): Promise<void>
}

/**
 * Notices when the browser puts the page away: freezes it, or keeps it for the back button, or has not shown it yet (a page that is only hidden is awake). `away` runs as the last thing before that: what is shared with others has
 * to be let go then, because a page that is put away can answer nobody, and one that holds a connection or a lock is not kept for the back button.
 */
export function watchPresence(signal: AbortSignal, away: () => void): Presence {
  let waiting: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined

  const leave = (): void => {
    if (waiting !== undefined) return
    let resolve!: () => void
    const promise = new Promise<void>((r) => {
      resolve = r
    })
    waiting = { promise, resolve }
    away()
  }
  const comeBack = (): void => {
    waiting?.resolve()
    waiting = undefined
  }

  if (typeof document !== 'undefined') {
    // A page that is rendered before anybody asked for it may start no worker yet, and may never be shown.
    if ((document as { readonly prerendering?: boolean }).prerendering === true) {
      leave()
      document.addEventListener('prerenderingchange', comeBack, { signal })
    }
    for (const [target, type, listener] of [
      [globalThis, 'pagehide', leave],
      [document, 'freeze', leave],
      [globalThis, 'pageshow', comeBack],
      [document, 'resume', comeBack],
    ] as const) {
      target.addEventListener(type, listener, { signal })
    }
    signal.addEventListener('abort', comeBack)
  }
  return { awake: () => waiting?.promise ?? Promise.resolve() }
}
