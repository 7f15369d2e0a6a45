import type { RivuletError } from '@rivulet/wire'
import type { EngineControl, PageHooks } from '../protocol.ts'
import type { ClientMode } from '../page/types.ts'

/** What the page asks of its engine, wherever it runs. */
export type EngineMethods = Omit<EngineControl, 'start' | 'serve'>

/** A running engine as the page holds it. */
export interface EngineLink {
  readonly mode: ClientMode
  readonly control: EngineMethods
  /** The page's end of the data port. */
  readonly port: MessagePort
  /** Lets other tabs use this engine too; absent where that is not this page's business. */
  readonly serve?: (channel: string) => Promise<void>
  /** Stops the engine at once: its worker, its port. Safe to call twice. */
  readonly terminate: () => void
}

/** How the tabs of one origin share an engine, and who is logged in: only the same share. */
export type TabSharing = 'own' | { readonly how: 'shared' | 'leader' | 'auto'; readonly identity: string }

/** What starts an engine; the page's tests bring their own. */
export type StartEngine = (request: StartRequest) => Promise<EngineLink>

/** What a start needs to know. */
export interface StartRequest {
  readonly config: Parameters<EngineControl['start']>[0]
  readonly hooks: PageHooks
  readonly worker: 'auto' | 'inline' | (() => Worker)
  /** With whom the engine is shared; `'own'` = with nobody. */
  readonly tabs: TabSharing
  readonly timeoutMs: number
  /** Aborted when the client ends during the start. */
  readonly signal: AbortSignal
  /** A problem that did not stop the start: which way failed and what is tried instead. */
  readonly onProblem: (error: RivuletError) => void
  /** The engine that runs is out of reach, through no fault of the page: another one is to be started. */
  readonly onGone: (error: RivuletError) => void
  /** The worker reported an error after it had started. It may still work. */
  readonly onTrouble: (error: RivuletError) => void
}

/**
 * Promises that have to settle when their engine is gone: a comlink call that is pending when its worker ends would stay pending for ever.
 */
export interface Guard {
  <T>(promise: Promise<T>): Promise<T>
  /** Rejects everything that is pending, and whatever comes later. */
  end(error: RivuletError): void
}

export function createGuard(): Guard {
  const pending = new Set<(error: RivuletError) => void>()
  let ended: RivuletError | undefined
  const guard = <T>(promise: Promise<T>): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      if (ended !== undefined) {
        // The caller hears of the end instead; the promise's own end is of no interest, but must not count as unhandled.
        promise.catch(() => undefined)
        reject(ended)
        return
      }
      pending.add(reject)
      promise.then(resolve, reject).finally(() => pending.delete(reject))
    })
  const end = (error: RivuletError): void => {
    ended ??= error
    for (const reject of pending) reject(error)
    pending.clear()
  }
  return Object.assign(guard, { end })
}
