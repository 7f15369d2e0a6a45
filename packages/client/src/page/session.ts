import { RivuletError } from '@rivulet/wire'
import {
  createGuard,
  type EngineLink,
  type EngineMethods,
  type Guard,
  type StartEngine,
  type StartRequest,
} from '../bridge/engine-link.ts'
import { asRivuletError } from '../plain-error.ts'
import type { EngineMessage, PageMessage } from '../protocol.ts'
import { createCreditPacing } from './credit-pacing.ts'
import type { ClientMode } from './types.ts'

/** What a session tells its client. */
export interface SessionHandlers {
  message(message: EngineMessage): void
  /** A fresh engine runs: tell it everything it has to know. Runs before anything else is asked of it. */
  started(control: EngineMethods): void
  /** The engine is gone and another one is being started. */
  lost(error: RivuletError): void
  /** The engine is gone, or never came, for good. */
  failed(error: RivuletError): void
  /** A data message could not be read: what the page holds may miss something. */
  gap(error: RivuletError): void
  report(error: RivuletError): void
}

/** Something asked of the engine. */
interface Ask<T> {
  readonly promise: Promise<T>
  /** Forgets it, when it still waits for the engine to start. */
  cancel(): void
}

/** The page's hold on its engine: started once, started again when the worker dies, ended for good. */
export interface Session {
  readonly mode: Promise<ClientMode>
  /** Starts the engine, unless it runs or is starting. */
  begin(): void
  /** Runs `action` as soon as there is an engine. The promise rejects when the engine dies or the session ends; it never hangs. */
  ask<T>(action: (control: EngineMethods) => Promise<T>): Ask<T>
  /** Runs `action` when there is an engine; does nothing otherwise, because a new engine is told everything anyway. */
  tell(action: (control: EngineMethods) => Promise<unknown>): void
  /** Something points to a dead worker: finds out, and starts another if so. */
  suspect(): void
  /** Gives the engine up until the next `begin`; what is pending rejects with `error`. */
  leave(error: RivuletError): void
  end(error: RivuletError): Promise<void>
}

interface Live {
  readonly link: EngineLink
  readonly guard: Guard
  readonly since: number
  /** Patches that have come over this link. */
  patches: number
}

interface Waiting {
  go(live: Live): void
  reject(error: RivuletError): void
}

const PING_SECONDS = 5
/** An engine that dies again this soon is not started once more: whatever kills it would kill the next one too. */
const HEALTHY_MS = 60_000
/** With what an engine ends; it answers with none of these itself. */
const ENDS: ReadonlySet<string> = new Set(['disposed', 'worker', 'disconnected'])
const GOODBYE_MS = 500
const MAX_WAITING = 4096

/** What a {@link StartRequest} needs besides what the session itself knows. */
export type SessionRequest = Omit<StartRequest, 'signal' | 'onProblem' | 'onGone' | 'onTrouble'>

/** Makes a session; nothing runs before `begin`. */
export function createSession(start: StartEngine, request: SessionRequest, handlers: SessionHandlers): Session {
  const pacing = createCreditPacing(() => grant())
  const ending = new AbortController()
  const whole = createGuard()
  const waiting = new Set<Waiting>()
  let state: 'new' | 'starting' | 'running' | 'failed' | 'ended' = 'new'
  let live: Live | undefined
  let failure: RivuletError | undefined
  let pinging = false
  let launches = 0

  let settleMode!: { resolve(mode: ClientMode): void; reject(error: RivuletError): void }
  const mode = new Promise<ClientMode>((resolve, reject) => {
    settleMode = { resolve, reject }
  })
  // Nobody has to ask for the mode, so its rejection must not count as unhandled.
  mode.catch(() => undefined)

  const begin = (): void => {
    if (state !== 'new' && state !== 'failed') return
    launch()
  }

  const launch = (): void => {
    state = 'starting'
    failure = undefined
    const launched = ++launches
    const isWanted = (): boolean => state === 'starting' && launched === launches
    const running = start({
      ...request,
      signal: ending.signal,
      onProblem: (problem) => handlers.report(problem),
      onGone,
      onTrouble,
    })
    running.then(
      (link) => arrived(link, isWanted()),
      (e: unknown) => {
        if (isWanted()) fail(asRivuletError(e, 'worker'))
      },
    )
  }

  const arrived = (link: EngineLink, wanted: boolean): void => {
    if (!wanted) {
      void partFrom(link)
      return
    }
    state = 'running'
    const here: Live = { link, guard: createGuard(), since: performance.now(), patches: 0 }
    live = here
    link.port.addEventListener('message', (event: MessageEvent<EngineMessage>) => {
      if (live !== here) return
      const began = performance.now()
      if (event.data.type === 'patch') here.patches++
      handlers.message(event.data)
      // Whatever a credit limits asks for the next one: a page that only hears events must not run dry (outbox.ts counts them per credit).
      // In a microtask, because that is where React renders what a store has announced.
      queueMicrotask(() => taken(here, began))
    })
    link.port.addEventListener('messageerror', () => {
      if (live !== here) return
      // Perhaps it was one: the engine would wait for ever for a patch that is never counted.
      here.patches++
      handlers.gap(new RivuletError('protocol', 'a message of the engine could not be read'))
      pacing.taken(performance.now())
    })
    link.port.start()
    settleMode.resolve(link.mode)
    handlers.started(link.control)
    grant()
    const all = [...waiting]
    waiting.clear()
    for (const one of all) one.go(here)
  }

  const grant = (): void => {
    if (live === undefined) return
    const { link, patches } = live
    // On its own thread the engine is late because the page is busy, and more patches would keep it so.
    const credit: PageMessage =
      link.mode === 'inline' ? { type: 'credit', patches } : { type: 'credit', patches, at: Date.now() }
    link.port.postMessage(credit)
  }

  const taken = (by: Live, began: number): void => {
    // Listeners may have ended the session.
    if (live === by) pacing.taken(began)
  }

  const onGone = (error: RivuletError): void => {
    if (stop(error) === undefined) return
    handlers.lost(error)
    launch()
  }

  const leave = (error: RivuletError): void => {
    if (state !== 'starting' && state !== 'running') return
    const was = live
    state = 'new'
    live = undefined
    pacing.cancel()
    if (was === undefined) return
    was.guard.end(error)
    void partFrom(was.link)
  }

  const onTrouble = (error: RivuletError): void => {
    handlers.report(error)
    suspect()
  }

  const suspect = (): void => {
    if (pinging || live === undefined) return
    pinging = true
    const asked = live
    let seconds = 0
    // In steps, because a page that was frozen for an hour has only waited for one of them.
    const tick = (): void => {
      if (++seconds < PING_SECONDS) {
        timer = setTimeout(tick, 1000)
        return
      }
      pinging = false
      if (live === asked) die(new RivuletError('worker', `the worker has not answered for ${PING_SECONDS} seconds`))
    }
    let timer = setTimeout(tick, 1000)
    const alive = (): void => {
      pinging = false
      clearTimeout(timer)
    }
    // Any answer proves that it lives; an error is an answer too.
    asked.guard(asked.link.control.unwatch([])).then(alive, alive)
  }

  const stop = (error: RivuletError): Live | undefined => {
    const was = live
    live = undefined
    pacing.cancel()
    was?.guard.end(error)
    was?.link.terminate()
    return was
  }

  const die = (error: RivuletError): void => {
    const was = stop(error)
    if (was !== undefined && performance.now() - was.since < HEALTHY_MS) {
      fail(error)
      return
    }
    handlers.report(error)
    handlers.lost(error)
    launch()
  }

  const fail = (error: RivuletError): void => {
    state = 'failed'
    failure = error
    settleMode.reject(error)
    for (const one of waiting) one.reject(error)
    waiting.clear()
    handlers.report(error)
    handlers.failed(error)
  }

  const ask = <T>(action: (control: EngineMethods) => Promise<T>): Ask<T> => {
    let entry: Waiting | undefined
    const promise = new Promise<T>((resolve, reject) => {
      const go = (here: Live): void => {
        try {
          here.guard(action(here.link.control)).then(resolve, reject)
        } catch (e) {
          // A descriptor that contradicts itself is found while the message is put together.
          reject(e)
        }
      }
      if (live !== undefined) go(live)
      else if (failure !== undefined) reject(failure)
      else if (waiting.size >= MAX_WAITING) reject(tooMany())
      else waiting.add((entry = { go, reject }))
    })
    const cancel = (): void => {
      if (entry !== undefined) waiting.delete(entry)
    }
    return { promise: whole(promise), cancel }
  }

  const tell = (action: (control: EngineMethods) => Promise<unknown>): void => {
    if (live === undefined) return
    live.guard(action(live.link.control)).catch((e: unknown) => {
      const error = asRivuletError(e, 'protocol')
      // The end of the engine is reported by whoever ended it; a new one is told everything anyway.
      if (!ENDS.has(error.code)) handlers.report(error)
    })
  }

  const end = async (error: RivuletError): Promise<void> => {
    if (state === 'ended') return
    const was = live
    state = 'ended'
    failure = error
    live = undefined
    pacing.cancel()
    ending.abort()
    settleMode.reject(error)
    for (const one of waiting) one.reject(error)
    waiting.clear()
    whole.end(error)
    if (was === undefined) return
    was.guard.end(error)
    await partFrom(was.link)
  }

  return { mode, begin, ask, tell, suspect, leave, end }
}

/** Lets the engine close its connection in good order, but not for long: a dead worker never answers. */
async function partFrom(link: EngineLink): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const tooLong = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, GOODBYE_MS)
  })
  await Promise.race([tooLong, link.control.dispose().catch(ignore)])
  clearTimeout(timer)
  link.terminate()
}

/** A dying engine may answer with an error; that it answered is all that counts. */
function ignore(): void {}

function tooMany(): RivuletError {
  return new RivuletError('limit', `more than ${MAX_WAITING} calls wait for the engine to start`, {
    hint: 'Call connect() first, or call less often.',
  })
}
