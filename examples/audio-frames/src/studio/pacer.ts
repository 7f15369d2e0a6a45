import type { PushAudioRequest } from './schema.ts'

/** What became of the frames. */
export interface Tally {
  readonly captured: number
  readonly sent: number
  /** Left out here, because the host or the network did not keep up. */
  readonly dropped: number
  /** Sent, and the host has not said that it is done with them. */
  readonly inFlight: number
  /** Captured, and not sent yet. */
  readonly waiting: number
}

/** Sends frames no faster than they are taken. */
export interface Pacer {
  push(frame: PushAudioRequest): void
  /** The host is done with all frames up to this number. */
  done(upTo: number): void
  /** Whether there is a connection. Frames in flight end with theirs: nobody will speak of them again. */
  connected(is: boolean): void
  readonly tally: Tally
}

/** What a pacer may use. */
export interface PacerOptions {
  /** Rejects when the frame could not leave. */
  readonly send: (frame: PushAudioRequest) => Promise<void>
  /** Frames in flight; 64 by default, half of what a host takes from one viewer before it hangs up. */
  readonly window?: number
  /** Frames that wait for their turn; 50 by default, a second of sound. Live sound that is older is of no use. */
  readonly queue?: number
}

/**
 * Makes a pacer. A call without an answer gives no sign of how far the host is, and one too many at once closes the connection. So the host says in its store what it is
 * done with, and at most `window` frames are ahead of that. Behind them `queue` frames wait; when one more comes, the oldest is dropped.
 */
export function createPacer({ send, window = 64, queue = 50 }: PacerOptions): Pacer {
  const waiting: PushAudioRequest[] = []
  const inFlight = new Set<number>()
  let open = false
  let captured = 0
  let sent = 0
  let dropped = 0

  function pump(): void {
    if (!open) return
    while (inFlight.size < window) {
      const frame = waiting.shift()
      if (frame === undefined) return
      inFlight.add(frame.seq)
      sent++
      send(frame).catch(() => {
        // It never left. What ended the connection is told by the connection.
        inFlight.delete(frame.seq)
        sent--
        dropped++
        pump()
      })
    }
  }

  return {
    push(frame) {
      captured++
      waiting.push(frame)
      pump()
      if (waiting.length <= queue) return
      waiting.shift()
      dropped++
    },
    done(upTo) {
      for (const seq of inFlight) if (seq <= upTo) inFlight.delete(seq)
      pump()
    },
    connected(is) {
      if (!is) inFlight.clear()
      open = is
      pump()
    },
    get tally() {
      return { captured, sent, dropped, inFlight: inFlight.size, waiting: waiting.length }
    },
  }
}
