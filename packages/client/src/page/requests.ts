import type { Path } from '@rivulet/wire'
import { pathKey } from './path-key.ts'
import type { PageStore } from './types.ts'

/** How long a request keeps its path followed after it was made last. */
const KEEP_MS = 2000
const SWEEP_MS = 1000

interface Request {
  readonly store: PageStore<unknown>
  readonly key: string
  stop: (() => void) | undefined
  until: number
  /** Somebody waits for news. */
  waiting: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined
}

/**
 * Asks for paths on behalf of somebody who cannot promise to give them up: a render that React may throw away, a loader of a route that may never be shown.
 *
 * A request ends by itself. While its data has not come, the promise resolves now and then all the same: who still waits asks again, and who has gone is not heard of any more. So nothing is held
 * for longer than a few seconds after the last request, and nobody who waits waits in vain.
 */
export interface Requests {
  /** Follows `path` for a while, at least `keepMs` from now. The promise resolves when it is worth looking again: data, an error, or time to ask again. */
  ask(store: PageStore<unknown>, path: Path, keepMs?: number): Promise<void>
  /** Prolongs requests that exist. */
  renew(store: PageStore<unknown>, path: Path): void
}

/** Makes the requests of a page: one timer for all of them. */
export function createRequests(): Requests {
  const byStore = new Map<PageStore<unknown>, Map<string, Request>>()
  let timer: ReturnType<typeof setTimeout> | undefined

  const arm = (): void => {
    if (timer === undefined && byStore.size > 0) timer = setTimeout(sweep, SWEEP_MS)
  }

  const sweep = (): void => {
    timer = undefined
    const now = performance.now()
    for (const requests of byStore.values()) {
      for (const request of requests.values()) {
        if (now < request.until) continue
        if (request.waiting === undefined) release(request)
        else {
          request.until = now + KEEP_MS
          wake(request)
        }
      }
    }
    arm()
  }

  const release = (request: Request): void => {
    const requests = byStore.get(request.store)
    requests?.delete(request.key)
    if (requests?.size === 0) byStore.delete(request.store)
    request.stop?.()
  }

  const wake = (request: Request): void => {
    request.waiting?.resolve()
    request.waiting = undefined
  }

  const start = (request: Request, path: Path): void => {
    if (byStore.get(request.store)?.get(request.key) !== request) return
    const { store } = request
    const look = (): void => {
      if (hasNews(store, path)) wake(request)
    }
    const stops = [store.subscribe(path, look), store.subscribeStatus(path, look)]
    request.stop = () => {
      for (const stop of stops) stop()
    }
    look()
  }

  const find = (store: PageStore<unknown>, key: string): Request | undefined => byStore.get(store)?.get(key)

  return {
    ask(store, path, keepMs = KEEP_MS) {
      const key = pathKey(path)
      let request = find(store, key)
      if (request === undefined) {
        request = { store, key, stop: undefined, until: 0, waiting: undefined }
        let requests = byStore.get(store)
        if (requests === undefined) byStore.set(store, (requests = new Map()))
        requests.set(key, request)
        const made = request
        // Following tells others that it is loading, which must not happen in mid-render.
        queueMicrotask(() => start(made, path))
        arm()
      }
      request.until = Math.max(request.until, performance.now() + keepMs)
      if (request.stop !== undefined && hasNews(store, path)) return Promise.resolve()
      request.waiting ??= withResolve()
      return request.waiting.promise
    },
    renew(store, path) {
      const request = find(store, pathKey(path))
      if (request !== undefined) request.until = Math.max(request.until, performance.now() + KEEP_MS)
    },
  }
}

function hasNews(store: PageStore<unknown>, path: Path): boolean {
  return store.loaded(path) || store.status(path) === 'error'
}

function withResolve(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve!: () => void
  const promise = new Promise<void>((yes) => {
    resolve = yes
  })
  return { promise, resolve }
}
