import type { PlainError, SessionConfig } from '../protocol.ts'
import type { Clock } from './clock.ts'
import type { Footing, Manifest } from './manifest.ts'
import { failure } from './plain-error.ts'
import type { EngineSocket } from './socket.ts'

/** How a connection began, for the rest of the engine. */
export interface Entry {
  readonly footing: Footing
  /** Stores that get a new baseline; null when the host does not say. */
  readonly baselines: ReadonlySet<string> | null
  /** How many of our messages the host has taken in this session; null when it does not say. */
  readonly seen: number | null
}

export interface ViewerSessionOptions {
  readonly config: SessionConfig
  readonly clock: Clock
  /** Everything that is wanted now, as far as it may be listed on this footing. */
  readonly manifest: (footing: Footing) => Manifest
  /** The host has forgotten us: nothing that was under way can be finished. */
  readonly lost: () => void
  /** A fresh attach with this manifest came to nothing: something in it may be the reason. */
  readonly doubt: () => void
}

/** The client's half of a viewer session: its id, and what was counted in it. The id lives here and nowhere else, so that a reload starts anew. */
export interface ViewerSession {
  /** Attaches over a connection that is logged in: resumes, or else begins afresh, once. `done` is called once, unless cancelled. */
  attach(socket: EngineSocket, done: (outcome: PlainError | Entry) => void): Attaching
  /** There is a session that can be resumed. */
  isKept(): boolean
  /** A message of the session went out. */
  sent(): void
  /** A message of the session came in. */
  received(): void
  /** The number of the last message that went out. */
  ordinal(): number
  /** Tells the host that nobody comes back, and forgets the session. */
  close(emit: (event: string, message: unknown) => boolean): void
}

/** An attach that is under way. */
export interface Attaching {
  /** The connection is gone; `byServer` = we did not end it. */
  cancel(byServer: boolean): void
}

/**
 * Makes the client's half (session.md §7).
 *
 * The wire has no acknowledgements, but a connection delivers a prefix of what was written into it, so counting is enough to know what was lost. Every attach says how many
 * messages of the session have come in (`received`). A Rivulet host answers with `continuity`: how many of ours it has taken, and which stores get a new baseline because
 * something of theirs was lost. Other hosts ignore the field and answer without; then nothing is known, and the footing of a resume says what to do about that.
 */
export function createViewerSession(options: ViewerSessionOptions): ViewerSession {
  const { config, clock } = options
  let id = ''
  let counts = false
  let received = 0
  let sent = 0

  function forget(): void {
    id = ''
    counts = false
    received = 0
    sent = 0
  }

  function footing(): Footing {
    if (id === '') return 'fresh'
    if (counts) return 'exact'
    return config.trustResume ? 'trusting' : 'doubting'
  }

  return {
    attach(socket, done) {
      let over = false
      let cancelTimer: (() => void) | null = null
      let on: Footing = 'fresh'

      function settle(outcome: PlainError | Entry): void {
        over = true
        cancelTimer?.()
        socket.off('viewersessionattached', answered)
        done(outcome)
      }

      function ask(): void {
        on = footing()
        cancelTimer?.()
        cancelTimer = clock.after(config.attachTimeoutMs, () => {
          const what = `the host did not answer the session attach within ${config.attachTimeoutMs} ms`
          settle(
            failure('timeout', what, { hint: 'The host may not have viewer sessions; then leave out `sessions`.' }),
          )
        })
        socket.emit('viewersessionattach', { sessionID: id, ...options.manifest(on), received })
      }

      function answered(message: unknown): void {
        if (over) return
        const answer = readAnswer(message)
        if (answer.sessionID === '') return refused(answer.error)
        if (on !== 'fresh' && (!answer.resumed || answer.sessionID !== id)) return unexpected('another session')
        if (on === 'exact' && answer.continuity === null) return unexpected('no account of what was lost')
        const seen = answer.continuity?.seen ?? null
        if (seen !== null && seen > (on === 'fresh' ? 0 : sent))
          return unexpected(`${seen} messages of the ${sent} that were sent`)
        id = answer.sessionID
        counts = seen !== null
        // What the host did not take does not count; from here on both count the same again.
        sent = seen ?? sent
        settle({ footing: on, baselines: answer.continuity?.baselines ?? null, seen })
      }

      function refused(why: string): void {
        if (id === '') {
          options.doubt()
          const hint = 'The host will be asked again; the words are its own.'
          return settle(failure('denied', `the host refused a viewer session: ${why}`, { hint }))
        }
        forget()
        options.lost()
        ask()
      }

      function unexpected(what: string): void {
        forget()
        options.lost()
        settle(failure('protocol', `the host answered a session resume with ${what}`))
      }

      socket.on('viewersessionattached', answered)
      ask()
      return {
        cancel(byServer) {
          if (over) return
          over = true
          cancelTimer?.()
          if (byServer && on === 'fresh') options.doubt()
        },
      }
    },
    isKept: () => id !== '',
    sent: () => void sent++,
    received: () => void received++,
    ordinal: () => sent,
    close(emit) {
      if (id !== '') emit('viewersessionclose', { sessionID: id })
      forget()
    },
  }
}

interface Answer {
  readonly sessionID: string
  readonly resumed: boolean
  readonly error: string
  readonly continuity: { readonly seen: number; readonly baselines: ReadonlySet<string> } | null
}

function readAnswer(message: unknown): Answer {
  const { sessionID, resumed, error, continuity } = Object(message) as Readonly<Record<string, unknown>>
  const good = typeof sessionID === 'string' && (error === undefined || error === null || error === '')
  const { seen, baselines } = Object(continuity) as Readonly<Record<string, unknown>>
  return {
    sessionID: good ? sessionID : '',
    resumed: resumed === true,
    error: typeof error === 'string' && error !== '' ? error : 'it gave no reason',
    continuity:
      Number.isSafeInteger(seen) && (seen as number) >= 0 && Array.isArray(baselines)
        ? { seen: seen as number, baselines: new Set(baselines as string[]) }
        : null,
  }
}
