const EVERY_MS = 2000
/** Rounds without an answer. In rounds, because a page that was frozen for an hour has only waited for one of them. */
const PATIENCE = 4

/** Asks for a sign of life every two seconds; `silent` runs once, when there was none for four rounds. Returns what stops it. */
export function watchPulse(ask: () => Promise<unknown>, silent: () => void): () => void {
  let waiting = false
  let rounds = 0
  const answered = (): void => {
    waiting = false
  }
  const timer = setInterval(() => {
    if (!waiting) {
      waiting = true
      rounds = 0
      // An error is an answer too.
      ask().then(answered, answered)
    } else if (++rounds >= PATIENCE) {
      clearInterval(timer)
      silent()
    }
  }, EVERY_MS)
  return () => clearInterval(timer)
}
