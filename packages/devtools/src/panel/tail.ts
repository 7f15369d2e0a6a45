import type { Log } from './log.ts'

/**
 * Reads a log as it grows: each call hands `take` what is new since the call before, and returns the position of the oldest item that is left. What came and went in between is not seen.
 *
 * @example
 * const read = createTail(model.entries, (entry) => stats.add(entry))
 * const oldest = read()
 */
export function createTail<T>(log: Log<T>, take: (item: T, position: number) => void): () => number {
  let next = 0
  return () => {
    const oldest = log.added - log.size
    for (let position = Math.max(next, oldest); position < log.added; position++)
      take(log.at(position - oldest) as T, position)
    next = log.added
    return oldest
  }
}
