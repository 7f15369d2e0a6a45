import type { ConnectionStatus, EngineMessage, PageMessage, PlainError } from '../protocol.ts'
import { createHeldEvents, type HeldEvent } from './held-events.ts'
import { failure } from './plain-error.ts'

/** What may be on its way to the page between two credits: a page that does not run keeps all of it in its task queue. One event of any size always may. */
const EVENTS_PER_CREDIT = 1024
const EVENT_BYTES_PER_CREDIT = 1024 * 1024

/** Error reports between two credits; a flood of garbage must not become a flood of messages. */
const ERRORS_PER_CREDIT = 32

/** Connection states between two messages of the page; after that only the latest one waits. A page that was suspended must not find thousands. */
const STATUSES_PER_CREDIT = 64

/** The length of a frame. A little short, so that no frame is left out. */
const FRAME_MS = 15

/** Patches that may be on their way to the page at once, however long credits lie in the queue here. */
const MOST_PATCHES = 8

/** A page that never catches up hears of its losses after this many credits: about a second while it is visible. */
const CREDITS_UNTIL_TOLD = 60

/** The engine's end of the data port. */
export interface Outbox {
  /** There may be something to send: sends a patch if there is a credit. */
  flush(): void
  status(status: ConnectionStatus): void
  error(error: PlainError): void
  event(listener: number, time: number, bytes: ArrayBuffer): void
  /** This engine cannot serve the page. */
  refuse(error: PlainError): void
  close(): void
}

/**
 * Sends a patch per credit. Where credits lie in this thread's queue for several frames, because messages of the host are before them, the page would wait for what is not its own doing: then the next patch goes out
 * while credits are still under way, at most one a frame and no more than come back in that time. How long a credit lay, it says itself; a page that is slow, blocked or hidden grants late, and gets one patch as ever.
 *
 * Everything that the page cannot take in time is conflated (patches) or bounded (events by number and bytes, errors by number), so a page that stops granting credits
 * costs no growing memory. A page that lost events is told once it has caught up, with their number.
 */
export function createOutbox(
  port: MessagePort,
  buildPatch: () => ArrayBuffer | null,
  now: () => number = Date.now,
): Outbox {
  const held = createHeldEvents()
  let posted = 0
  let postedAt = 0
  /** Patches that have reached the page, as far as is known. */
  let taken = 0
  /** Patches that may be on their way to it; none before it asks. */
  let most = 0
  let closed = false
  let events = 0
  let bytes = 0
  let errors = 0
  let statuses = 0
  let heldStatus: ConnectionStatus | undefined
  let lost = 0
  let creditsSinceLoss = 0

  const post = (message: EngineMessage, transfer: Transferable[] = []): void => {
    if (!closed) port.postMessage(message, transfer)
  }

  const postStatus = (status: ConnectionStatus): void => {
    statuses++
    post({ type: 'connection', status })
  }

  const mayPost = (event: HeldEvent): boolean =>
    events === 0 || (events < EVENTS_PER_CREDIT && bytes + event.bytes.byteLength <= EVENT_BYTES_PER_CREDIT)

  const postEvent = (event: HeldEvent): void => {
    events++
    bytes += event.bytes.byteLength
    post({ type: 'event', ...event }, [event.bytes])
  }

  const postHeld = (): void => {
    for (let event = held.first(); event !== undefined && mayPost(event); event = held.first()) {
      held.shift()
      postEvent(event)
    }
  }

  const tellLoss = (): void => {
    if (lost === 0 || (held.size > 0 && ++creditsSinceLoss < CREDITS_UNTIL_TOLD)) return
    const error = failure('limit', `${lost} events were dropped`, {
      hint: 'The page takes events more slowly than the host sends them.',
    })
    post({ type: 'error', error })
    lost = 0
    creditsSinceLoss = 0
  }

  const flush = (): void => {
    const onTheWay = posted - taken
    if (closed || onTheWay >= most || (onTheWay > 0 && now() - postedAt < FRAME_MS)) return
    const buffer = buildPatch()
    if (buffer === null) return
    posted++
    postedAt = now()
    post({ type: 'patch', buffer }, [buffer])
  }

  const receive = ({ data }: MessageEvent<PageMessage>): void => {
    if (data.type !== 'credit') return
    const { patches = posted, at = now() } = data
    taken = Math.min(patches, posted)
    most = patchesIn(now() - at)
    events = 0
    bytes = 0
    errors = 0
    statuses = 0
    if (heldStatus !== undefined) postStatus(heldStatus)
    heldStatus = undefined
    postHeld()
    tellLoss()
    flush()
  }
  port.addEventListener('message', receive)
  port.start()

  return {
    flush,
    status(status) {
      if (statuses < STATUSES_PER_CREDIT) postStatus(status)
      else heldStatus = status
    },
    error(error) {
      if (++errors <= ERRORS_PER_CREDIT) post({ type: 'error', error })
    },
    event(listener, time, payload) {
      const event = { listener, time, bytes: payload }
      // Whatever is held goes first.
      if (held.size === 0 && mayPost(event)) postEvent(event)
      else lost += held.push(event)
    },
    refuse: (error) => post({ type: 'refused', error }),
    close() {
      closed = true
      held.clear()
      port.removeEventListener('message', receive)
      port.close()
    },
  }
}

/** How many patches may be on their way where credits take so long. Clocks may be set back. */
function patchesIn(ms: number): number {
  return Math.min(MOST_PATCHES, Math.max(1, Math.floor(ms / FRAME_MS)))
}
