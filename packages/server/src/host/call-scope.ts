import type { Peer } from './peer.ts'
import type { Viewer } from './viewer.ts'

/** What a handler knows about its caller. */
export interface CallContext {
  readonly viewer: Viewer
  /** The caller's access level at the time of the call. */
  readonly level: number
  /** What the host's `annotations` option says about the call (session.md §10.6); empty without it. Never part of the arguments. */
  readonly annotations: Readonly<Record<string, string>>
  /** Aborted when nobody waits for the answer any more: the connection has ended (with sessions: the session), or the call took longer than its `timeoutMs`. */
  readonly signal: AbortSignal
}

/** What the application says about a call, for its handler. */
export type Annotate = (viewer: Viewer, method: string) => Readonly<Record<string, string>>

/** The life of one call. */
export interface CallScope {
  readonly context: CallContext
  /** The call is answered, or given up: nothing of it is left behind. Returns whether that is news. */
  end(): boolean
}

/**
 * Begins a call of `peer`. With a `timeoutMs` above 0, `late` is called when the call has not ended by then; it has ended when `late` runs.
 *
 * The signal is one of its own: what a handler hangs on it goes with the call, however long the connection lasts.
 */
export function callScope(
  peer: Peer,
  caller: Pick<CallContext, 'level' | 'annotations'>,
  timeoutMs: number,
  late: () => void,
): CallScope {
  let abort: AbortController | undefined
  let ended = false
  const onGone = (): void => abort?.abort(peer.signal.reason)
  const timer = timeoutMs > 0 ? setTimeout(onLate, timeoutMs) : undefined
  timer?.unref()

  function onLate(): void {
    end()
    late()
    signalOf().abort(new DOMException('the call took too long', 'TimeoutError'))
  }

  // Made when it is asked for: most handlers do not.
  function signalOf(): AbortController {
    if (abort !== undefined) return abort
    abort = new AbortController()
    if (peer.signal.aborted) onGone()
    else if (!ended) peer.signal.addEventListener('abort', onGone)
    return abort
  }

  function end(): boolean {
    if (ended) return false
    ended = true
    clearTimeout(timer)
    peer.signal.removeEventListener('abort', onGone)
    return true
  }

  return {
    context: {
      viewer: peer.viewer,
      ...caller,
      get signal() {
        return signalOf().signal
      },
    },
    end,
  }
}
