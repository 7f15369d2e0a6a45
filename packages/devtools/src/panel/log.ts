/** The newest of what was added, by position; read while it grows. */
export interface Log<T> {
  /** How many there are. */
  readonly size: number
  /** How many were ever added: `added - size` is the position of the oldest since the log began or was cleared. */
  readonly added: number
  /** From 0, the oldest that is left. Undefined beyond the ends. */
  at(index: number): T | undefined
  add(item: T): void
  clear(): void
  [Symbol.iterator](): Iterator<T>
}

/**
 * Makes a log of at most `limit` items: a ring, so that the oldest makes room without anything being moved.
 *
 * @example
 * const log = createLog<string>(2)
 * log.add('a'), log.add('b'), log.add('c')
 * console.log([...log], log.added) // ['b', 'c'] 3
 */
export function createLog<T>(limit: number): Log<T> {
  let items: T[] = []
  let first = 0
  let added = 0
  const log: Log<T> = {
    get size() {
      return items.length
    },
    get added() {
      return added
    },
    at: (index) => (index < 0 || index >= items.length ? undefined : items[(first + index) % items.length]),
    add(item) {
      added++
      if (items.length < limit) {
        items.push(item)
        return
      }
      items[first] = item
      first = (first + 1) % limit
    },
    clear() {
      items = []
      first = 0
    },
    *[Symbol.iterator]() {
      for (let i = 0; i < items.length; i++) yield items[(first + i) % items.length] as T
    },
  }
  return log
}
