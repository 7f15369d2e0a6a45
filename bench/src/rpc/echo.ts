import type { Ask } from '../generated/schema.ts'

/** What every handler does: one more than it was given. */
export function answerTo({ text, n }: Ask): Ask {
  return { text, n: n + 1 }
}
