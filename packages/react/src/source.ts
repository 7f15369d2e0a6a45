/**
 * What `useSyncExternalStore` asks for, as one object per thing that is read. Its functions must keep their identity:
 * React subscribes again whenever `subscribe` is another function.
 */
export interface Source<T> {
  readonly subscribe: (listener: () => void) => () => void
  readonly get: () => T
  /** What the server rendered. The same value on every call, whatever has arrived since. */
  readonly getServer: () => T
}
