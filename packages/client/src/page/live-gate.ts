import type { RivuletError } from '@rivulet/wire'
import { asRivuletError } from '../plain-error.ts'
import type { CreateLive, Live, LiveSetup, LoadLive } from './live.ts'
import type { ClientMode } from './types.ts'

/** The way to the live part of a client, which may still have to be loaded. */
export interface LiveGate {
  /** Where the engine runs, once it does. */
  readonly mode: Promise<ClientMode>
  /** The live part, once it is there. */
  live(): Live | undefined
  /**
   * Runs `go` as soon as the live part is there: at once, or when it has been loaded. What waits has a key: the same key again replaces it. When loading fails, `fail` is called, and `go`
   * waits for the next `load`.
   */
  run(key: unknown, go: (live: Live) => void, fail?: (error: RivuletError) => void): void
  /** Takes back what waits under `key`; returns whether something did. */
  forget(key: unknown): boolean
  /** Loads it, unless that is done or going on. `begin`: an engine is wanted too. */
  load(begin: boolean): void
  /** Nothing runs any more; what waits fails. */
  end(error: RivuletError): Promise<void> | undefined
}

interface Waiting {
  readonly go: (live: Live) => void
  readonly fail: ((error: RivuletError) => void) | undefined
}

/** Makes a gate; nothing is loaded before `run` or `load`. */
export function createLiveGate(load: LoadLive, setup: LiveSetup, failed: (error: RivuletError) => void): LiveGate {
  const waiting = new Map<unknown, Waiting>()
  const ending = new AbortController()
  let live: Live | undefined
  let loading = false
  let failure: RivuletError | undefined
  let ended: RivuletError | undefined
  let settleMode!: { resolve(mode: Promise<ClientMode>): void; reject(error: RivuletError): void }
  const mode = new Promise<ClientMode>((resolve, reject) => {
    settleMode = { resolve, reject }
  })
  // Nobody has to ask for the mode, so its rejection must not count as unhandled.
  mode.catch(() => undefined)

  const arrived = (create: CreateLive): void => {
    if (ended !== undefined) return
    const here = create(setup)
    live = here
    settleMode.resolve(here.mode)
    const all = [...waiting.values()]
    waiting.clear()
    for (const { go } of all) go(here)
  }

  const failAll = (error: RivuletError): void => {
    settleMode.reject(error)
    const all = [...waiting.values()]
    for (const { fail } of all) fail?.(error)
  }

  const gate: LiveGate = {
    mode,
    live: () => live,
    run(key, go, fail) {
      if (live !== undefined) go(live)
      else if (ended !== undefined) fail?.(ended)
      else {
        waiting.set(key, { go, fail })
        if (failure === undefined) gate.load(false)
        else fail?.(failure)
      }
    },
    forget: (key) => waiting.delete(key),
    load(begin) {
      if (live !== undefined || loading || ended !== undefined) return
      loading = true
      failure = undefined
      const found = load({
        worker: setup.config.worker,
        signal: ending.signal,
        begin: begin && setup.config.tabs === 'own',
      })
      if (typeof found === 'function') arrived(found)
      else {
        found.then(arrived, (e: unknown) => {
          loading = false
          if (ended !== undefined) return
          failure = asRivuletError(e, 'worker')
          failAll(failure)
          failed(failure)
        })
      }
    },
    end(error) {
      ended = error
      ending.abort()
      failAll(error)
      waiting.clear()
      return live?.end(error)
    },
  }
  return gate
}
