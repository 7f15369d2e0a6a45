/** Something whose code comes when it is first wanted. */
export interface OnceLoaded<T> {
  /** Undefined until it is there. */
  readonly now: T | undefined
  /** Loads it, once; after a failure the next call tries again: the network may be back. */
  get(): Promise<T>
}

/**
 * Makes a {@link OnceLoaded} of what loads it.
 *
 * @example
 * const editor = onceLoaded(late.valueEditor)
 * const createValueEditor = editor.now ?? (await editor.get())
 */
export function onceLoaded<T>(load: () => Promise<T>): OnceLoaded<T> {
  let now: T | undefined
  let loading: Promise<T> | undefined
  return {
    get now() {
      return now
    },
    get() {
      loading ??= load().then(
        (loaded) => (now = loaded),
        (error: unknown) => {
          loading = undefined
          throw error
        },
      )
      return loading
    },
  }
}
