import { encodeUnit, RivuletError, type StreamUnit } from '@rivulet/wire'
import type { WebSocket } from 'ws'
import { dataPlaneID } from '../host/streams/data-plane-id.ts'
import { createStreamScheduler, type Enqueued, type SchedulerOptions } from './stream-scheduler.ts'

/** Where a source puts its units. */
export interface StreamSink {
  /** The stream's data-plane id: the `streamID` of every unit. */
  readonly streamID: string
  /**
   * Sends a unit, or keeps it until the reader can take it. `full` and `needs-recovery` mean that it was dropped, and that everything is until a frame that starts anew
   * (`recovery` and `discontinuity`). Throws as `encodeUnit`, and `config` for the unit of another stream. Units for a reader that is gone are dropped in silence.
   */
  send(unit: StreamUnit): Enqueued
  /** Aborted when the reader is gone. */
  readonly signal: AbortSignal
}

/** Bytes that the socket may hold; the rest waits where recovery frames can still overtake it. */
const AHEAD_BYTES = 256 * 1024
const PING_MS = 30_000

/** Connects a reader's socket with a scheduler of its own. */
export function createStreamPipe(
  reader: WebSocket,
  identity: { readonly store: string; readonly stream: string; readonly key: string },
  options: SchedulerOptions = {},
): { readonly sink: StreamSink; ended(listener: () => void): void } {
  const streamID = dataPlaneID(identity.store, identity.stream, identity.key)
  const scheduler = createStreamScheduler(options)
  scheduler.register(streamID)
  const abort = new AbortController()

  function pump(): void {
    while (reader.readyState === reader.OPEN && reader.bufferedAmount < AHEAD_BYTES) {
      const unit = scheduler.next()
      if (unit === null) return
      reader.send(encodeUnit(unit), pump)
    }
  }

  let answered = true
  const ping = setInterval(() => {
    if (!answered) reader.terminate()
    answered = false
    reader.ping()
  }, PING_MS).unref()
  reader.on('pong', () => (answered = true))
  reader.once('close', () => {
    clearInterval(ping)
    scheduler.unregister(streamID)
    abort.abort()
  })

  return {
    sink: {
      streamID,
      signal: abort.signal,
      send(unit) {
        if (unit.streamID !== streamID) {
          throw new RivuletError('config', `a unit of "${unit.streamID}" was sent on another stream`, {
            hint: 'Use sink.streamID.',
          })
        }
        if (abort.signal.aborted) return 'full'
        const result = scheduler.push(unit)
        pump()
        return result
      },
    },
    ended(listener) {
      if (abort.signal.aborted) listener()
      else abort.signal.addEventListener('abort', listener, { once: true })
    },
  }
}
