import { RivuletError } from '@rivulet/wire'

/** Questions that wait for their answers. */
export interface Pending<Answer> {
  /** Asks under a fresh number. Rejects with `timeout` when no answer comes. */
  ask(send: (id: number) => void): Promise<Answer>
  /** What nobody waits for any more is let go. */
  answer(id: number, answer: Answer): void
  /** Rejects everything that waits. */
  fail(error: RivuletError): void
}

/** Longer than any answer takes: whoever does not answer by then never will. */
const TIMEOUT_MS = 30_000

/**
 * Makes a book of questions.
 *
 * @example
 * const answer = await pending.ask((id) => send({ type: 'stores', id }))
 */
export function createPending<Answer>(timeoutMs: number = TIMEOUT_MS): Pending<Answer> {
  interface Waiting {
    resolve(answer: Answer): void
    reject(error: unknown): void
    readonly timer: ReturnType<typeof setTimeout>
  }
  const waiting = new Map<number, Waiting>()
  let next = 1
  const take = (id: number): Waiting | undefined => {
    const found = waiting.get(id)
    waiting.delete(id)
    clearTimeout(found?.timer)
    return found
  }
  return {
    ask: (send) =>
      new Promise((resolve, reject) => {
        const id = next++
        const late = (): void =>
          take(id)?.reject(
            new RivuletError('timeout', `no answer within ${timeoutMs} ms`, {
              hint: 'The page may be busy or stopped in the debugger.',
            }),
          )
        waiting.set(id, { resolve, reject, timer: setTimeout(late, timeoutMs) })
        try {
          send(id)
        } catch (error) {
          take(id)?.reject(error)
        }
      }),
    answer: (id, answer) => take(id)?.resolve(answer),
    fail(error) {
      // What is taken out of a Map while it is walked is not missed.
      for (const id of waiting.keys()) take(id)?.reject(error)
    },
  }
}
