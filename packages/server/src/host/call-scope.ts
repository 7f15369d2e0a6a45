import type { Peer } from './peer.ts'
import type { Viewer } from './viewer.ts'

/** What a handler knows about its caller. */
export interface CallContext {
  readonly viewer: Viewer
  /** The caller's access level at the time of the call. */
  readonly level: number
  /** What the host's `annotations` option says about the call (session.md §10.6); empty without it. Never part of the arguments. */
  readonly annotations: Readonly<Record<string, string>>
  /**
   * Aborted when the caller is gone for good, be it long after the answer: when its connection ends, or with sessions when its session does. Aborted with a `TimeoutError` when the call took longer than its
   * `timeoutMs`.
   */
  readonly signal: AbortSignal
}

/** What the application says about a call, for its handler. */
export type Annotate = (viewer: Viewer, method: string) => Readonly<Record<string, string>>

/** The life of one call. */
export interface CallScope {
  readonly context: CallContext
  /** The call is answered. Returns whether that is news: it may have been given up. */
  end(): boolean
}

/** Begins a call of `peer`. With a `timeoutMs` above 0, `late` is called when the call has not ended by then, and it has ended when `late` runs. */
export function callScope(
  peer: Peer,
  caller: Pick<CallContext, 'viewer' | 'level' | 'annotations'>,
  timeoutMs: number,
  late: () => void,
): CallScope {
  const abort = timeoutMs > 0 ? new AbortController() : null
  const signal = abort === null ? peer.signal : AbortSignal.any([peer.signal, abort.signal])
  const timer = abort === null ? undefined : setTimeout(onLate, timeoutMs).unref()
  let ended = false

  function onLate(): void {
    end()
    late()
    abort?.abort(new DOMException(`the call took longer than ${timeoutMs} ms`, 'TimeoutError'))
  }

  function end(): boolean {
    if (ended) return false
    ended = true
    clearTimeout(timer)
    return true
  }

  return { context: { ...caller, signal }, end }
}
