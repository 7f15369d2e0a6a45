import { RivuletError } from '@rivulet/wire'
import type { FeedAnswer, FeedEntry, FeedMessage } from '../../feed-protocol.ts'
import type { Clock } from '../clock.ts'
import { plainError } from '../plain-error.ts'
import type { Defs } from './defs.ts'

/** Entries that wait for an inspector which does not ask for them, and as many of the past besides. */
const MAX_WAITING = 20_000

/** Entries in one batch: the page's thread unpacks it in one piece, and that must not cost it a frame. What the ring holds goes in several. */
const MAX_BATCH = 2000

/** Batches are at least so far apart. */
const EVERY_MS = 50

/** An answer, and what of it changes hands. */
export type Answer = readonly [answer: FeedAnswer, transfer: readonly ArrayBuffer[]]

export interface InspectorHost {
  readonly clock: Clock
  readonly defs: Defs
  /** Answers a request; null = there is nothing to say. Throws RivuletErrors for those that make no sense. */
  answer(request: Readonly<Record<string, unknown>>): Answer | null
  /** What the ring holds of the time before the inspector came. */
  past(): readonly FeedEntry[]
  /** It has said goodbye, or its port has closed. */
  ended(inspector: Inspector): void
}

/** The engine's end of one inspector. */
export interface Inspector {
  /** The seat of its page. */
  readonly page: number
  /** The next entry. */
  push(entry: FeedEntry): void
  close(): void
}

/** Serves the inspector at the other end of `port`. */
export function createInspector(host: InspectorHost, page: number, port: MessagePort, hello: FeedMessage): Inspector {
  const { clock, defs } = host
  /** What goes first, and does not make way for what comes. */
  let past: FeedEntry[] = []
  let waiting: FeedEntry[] = []
  let lost = 0
  let credit = false
  let began = false
  let known = 0
  let next = 0
  let cancel: (() => void) | null = null

  const post = (message: FeedMessage, transfer: readonly ArrayBuffer[] = []): void =>
    port.postMessage(message, [...transfer])

  const tellDefs = (): void => {
    if (known === defs.learned) return
    post(defs.since(known))
    known = defs.learned
  }

  const isIdle = (): boolean => past.length === 0 && waiting.length === 0

  const send = (): void => {
    cancel = null
    if (!credit || isIdle()) return
    const entries = past.splice(0, MAX_BATCH)
    entries.push(...waiting.splice(0, MAX_BATCH - entries.length))
    credit = false
    next = clock.now() + EVERY_MS
    tellDefs()
    post({ type: 'entries', entries, lost })
    lost = 0
  }

  const schedule = (): void => {
    if (credit && !isIdle()) cancel ??= clock.after(Math.max(0, next - clock.now()), send)
  }

  const receive = ({ data }: MessageEvent<unknown>): void => {
    const request = Object(data) as Readonly<Record<string, unknown>>
    if (request['type'] === 'more') {
      if (request['past'] === true && !began) past = host.past().slice(-MAX_WAITING)
      began = true
      credit = true
      schedule()
    } else if (request['type'] === 'bye') host.ended(inspector)
    else {
      const id = typeof request['id'] === 'number' ? request['id'] : 0
      try {
        const made = host.answer(request)
        if (made === null) return
        // Whoever decodes it needs them.
        tellDefs()
        post({ type: 'answer', id, answer: made[0] }, made[1])
      } catch (e) {
        post({ type: 'answer', id, answer: { type: 'error', error: plainError(e, 'protocol') } })
      }
    }
  }
  const gone = (): void => host.ended(inspector)

  const inspector: Inspector = {
    page,
    push(entry) {
      if (waiting.length >= MAX_WAITING) {
        // Half at once: one by one would move all of them each time.
        lost += waiting.splice(0, MAX_WAITING / 2).length
      }
      waiting.push(entry)
      schedule()
    },
    close() {
      cancel?.()
      past = []
      waiting = []
      credit = false
      port.removeEventListener('message', receive)
      port.removeEventListener('close', gone)
      port.close()
    },
  }
  port.addEventListener('message', receive)
  // Where the browser tells.
  port.addEventListener('close', gone)
  port.start()
  post(hello)
  return inspector
}

/** For requests that make no sense. */
export function malformed(what: string): RivuletError {
  return new RivuletError('protocol', what, {
    hint: 'The requests are in feed-protocol.ts; is the inspector of this version?',
  })
}
