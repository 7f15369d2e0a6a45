import type { Log } from './log.ts'

/**
 * Reads what is new in a log: returns a function that calls `each` for everything that was added since it was last called, as far as it is still there. The first call reads what is there by then.
 *
 * @example
 * const news = createTail(model.entries)
 * const update = () => news((entry) => count(entry))
 */
export function createTail<T>(log: Log<T>): (each: (item: T) => void) => void {
  let seen = log.added - log.size
  return (each) => {
    const first = Math.max(0, log.size - (log.added - seen))
    seen = log.added
    for (let i = first; i < log.size; i++) each(log.at(i) as T)
  }
}
