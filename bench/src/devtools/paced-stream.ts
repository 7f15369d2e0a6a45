import { ROWS, STREAM } from './stream.ts'

/** Who sends the messages of a stream. */
export interface Sender {
  /** Row number `row` moves to `x`. */
  update(row: number, x: number): void
  event(n: number): void
  /** Runs what sends several messages at once. */
  together(send: () => void): void
  /** Runs `next` after whatever else there is to do. */
  soon(next: () => void): void
}

/** A stream that runs or does not. */
export interface PacedStream {
  /** From now on, from its beginning. */
  start(): void
  stop(): void
}

/** Every so manieth message is an event. */
const EVENT_EVERY = Math.round(STREAM.messages / STREAM.events)
/** Messages at once; more would wait for a transport, and what waits is merged. */
const AT_ONCE = 16
/** Answers are made when somebody asks. */
const PER_SECOND = STREAM.messages - STREAM.answers
/** So many messages later all is as it was: in eighths, another one each time that it comes to a row. */
const CYCLE = 8000

/** Sends messages one by one, as a game or a market has them. Timers are late; what they have missed is made up for, so that the rate is kept. */
export function createPacedStream(to: Sender): PacedStream {
  let runs = 0
  let start = 0
  let done = 0

  const message = (): void => {
    done++
    if (done % EVENT_EVERY === 0) to.event(done)
    else to.update(done % ROWS, (done % CYCLE) / 8)
  }
  const send = (run: number): void => {
    if (run !== runs) return
    const due = ((performance.now() - start) * PER_SECOND) / 1000
    const many = Math.min(AT_ONCE, Math.ceil(due) - done)
    to.together(() => {
      for (let i = 0; i < many; i++) message()
    })
    if (done < due) to.soon(() => send(run))
    else setTimeout(send, 1, run)
  }

  return {
    start() {
      start = performance.now()
      done = 0
      send(++runs)
    },
    stop: () => void runs++,
  }
}

/** All pairs of row and x that such a stream sends. */
export const moves: readonly { readonly row: number; readonly x: number }[] = Array.from({ length: CYCLE }, (_, i) => ({
  row: i % ROWS,
  x: i / 8,
}))
