import type { ConnectionStatus, EngineMessage, PageMessage, PlainError } from '../protocol.ts'
import { failure } from './plain-error.ts'

/** Events that are posted between two credits; more wait, the oldest are dropped beyond {@link MAX_HELD_EVENTS}. */
const EVENTS_PER_CREDIT = 1024
const MAX_HELD_EVENTS = 4096

/** Error reports between two credits; a flood of garbage must not become a flood of messages. */
const ERRORS_PER_CREDIT = 32

/** The engine's end of the data port. */
export interface Outbox {
  /** There may be something to send: sends a patch if there is a credit. */
  flush(): void
  status(status: ConnectionStatus): void
  error(error: PlainError): void
  event(listener: number, time: number, bytes: ArrayBuffer): void
  close(): void
}

interface HeldEvent {
  readonly listener: number
  readonly time: number
  readonly bytes: ArrayBuffer
}

/**
 * Sends at most one patch per credit. Everything that the page cannot take in time is conflated (patches) or bounded (events, errors), so a page that stops granting credits costs no growing memory.
 */
export function createOutbox(port: MessagePort, buildPatch: () => ArrayBuffer | null): Outbox {
  let credit = false
  let closed = false
  let events = 0
  let errors = 0
  let held: HeldEvent[] = []
  let lost = 0

  const post = (message: EngineMessage, transfer: Transferable[] = []): void => {
    if (!closed) port.postMessage(message, transfer)
  }

  const postEvent = ({ listener, time, bytes }: HeldEvent): void => {
    events++
    post({ type: 'event', listener, time, bytes }, [bytes])
  }

  const flush = (): void => {
    if (!credit || closed) return
    const buffer = buildPatch()
    if (buffer === null) return
    credit = false
    post({ type: 'patch', buffer }, [buffer])
  }

  const receive = ({ data }: MessageEvent<PageMessage>): void => {
    if (data.type !== 'credit') return
    credit = true
    events = 0
    errors = 0
    const waiting = held
    held = []
    for (const event of waiting.splice(0, EVENTS_PER_CREDIT)) postEvent(event)
    held = waiting
    if (lost > 0) {
      post({
        type: 'error',
        error: failure('limit', `${lost} events were dropped`, {
          hint: 'The page takes events more slowly than the host sends them.',
        }),
      })
      lost = 0
    }
    flush()
  }
  port.addEventListener('message', receive)
  port.start()

  return {
    flush,
    status: (status) => post({ type: 'connection', status }),
    error(error) {
      if (++errors <= ERRORS_PER_CREDIT) post({ type: 'error', error })
    },
    event(listener, time, bytes) {
      const event = { listener, time, bytes }
      if (events < EVENTS_PER_CREDIT && held.length === 0) return postEvent(event)
      held.push(event)
      if (held.length <= MAX_HELD_EVENTS) return
      held.shift()
      lost++
    },
    close() {
      closed = true
      held = []
      port.removeEventListener('message', receive)
      port.close()
    },
  }
}
