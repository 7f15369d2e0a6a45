import type { Client, PageStore, PathStatus } from '@rivulet/client'
import { type Path, RivuletError, type StoreDef } from '@rivulet/wire'
import { zeroAt } from '@rivulet/client'

interface Subscription {
  readonly path: string | Path
  readonly listener: () => void
  readonly status: boolean
  stop: (() => void) | undefined
}

/** A page store whose client comes later, and may be replaced by another. */
export interface LatePage<S> extends PageStore<S> {
  /** From now on this client's store, or none. Whoever listens goes on listening. */
  attach(client: Client | undefined, def?: StoreDef): void
}

/** How far versions of one client are from those of the one before. */
const EPOCH = 2 ** 30

/**
 * The page's view of a store for code that makes its stores when it is loaded, long before it has a socket: until there is a client everything reads as zero.
 */
export function createLatePage<S>(derived: StoreDef<S>): LatePage<S> {
  const subscriptions = new Set<Subscription>()
  let inner: PageStore<unknown> | undefined
  let epoch = 0

  const start = (subscription: Subscription): void => {
    const { path, listener, status } = subscription
    subscription.stop = status ? inner?.subscribeStatus(path, listener) : inner?.subscribe(path, listener)
  }
  const add = (path: string | Path, listener: () => void, status: boolean): (() => void) => {
    const subscription: Subscription = { path, listener, status, stop: undefined }
    subscriptions.add(subscription)
    start(subscription)
    return () => {
      subscriptions.delete(subscription)
      subscription.stop?.()
    }
  }
  const toPath = (path: string | Path = []): Path => (typeof path === 'string' ? [path] : path)

  const page = {
    get def(): StoreDef {
      return inner?.def ?? derived
    },
    get client(): Client {
      if (inner !== undefined) return inner.client
      throw new RivuletError('config', 'the store has no connection yet', {
        store: derived.name,
        hint: 'Make the ReStreamSocket first.',
      })
    },
    get: (path?: string | Path): unknown =>
      inner === undefined ? zeroAt(derived, toPath(path)) : inner.get(toPath(path)),
    subscribe: (path: string | Path, listener: () => void) => add(path, listener, false),
    subscribeStatus: (path: string | Path, listener: () => void) => add(path, listener, true),
    status: (path?: string | Path): PathStatus => inner?.status(toPath(path)) ?? 'idle',
    statusError: (path?: string | Path): RivuletError | undefined => inner?.statusError(toPath(path)),
    loaded: (path?: string | Path): boolean => inner?.loaded(toPath(path)) ?? false,
    ready(path?: string | Path, options?: { readonly signal?: AbortSignal }): Promise<void> {
      return page.client.store(page.def).ready(toPath(path), options)
    },
    version(path: string | Path): number {
      const version = inner?.version(path) ?? 0
      return version === 0 ? 0 : version + epoch * EPOCH
    },
    attach(client: Client | undefined, def: StoreDef = derived): void {
      const next = client?.store(def)
      if (next === inner) return
      for (const subscription of subscriptions) subscription.stop?.()
      inner = next
      epoch++
      for (const subscription of subscriptions) start(subscription)
      // What was known is not known any more, or something else is.
      for (const { listener } of subscriptions) listener()
    },
  }
  return page as unknown as LatePage<S>
}
