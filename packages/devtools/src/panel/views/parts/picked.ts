/** Some of a log's items, in order, by their positions there. */
export interface Picked<T> {
  readonly size: number
  at(index: number): T | undefined
  add(item: T, position: number): void
  /** Forgets what is older; returns how many those were, and hands each to `gone`. */
  dropBefore(position: number, gone?: (item: T) => void): number
  clear(): void
  forEach(each: (item: T, position: number) => void): void
  /** The last index at which `test` holds; -1 where it does nowhere. */
  findLast(test: (item: T) => boolean): number
}

/** Makes an empty {@link Picked}: adding and dropping cost the same however many there are. */
export function createPicked<T>(): Picked<T> {
  let items: T[] = []
  let positions: number[] = []
  let first = 0
  return {
    get size() {
      return items.length - first
    },
    at: (index) => (index < 0 ? undefined : items[first + index]),
    add(item, position) {
      items.push(item)
      positions.push(position)
    },
    dropBefore(position, gone) {
      const from = first
      while (first < items.length && (positions[first] as number) < position) {
        gone?.(items[first] as T)
        first++
      }
      const dropped = first - from
      // Moved together once as many are gone as are left, so that each is moved once on average.
      if (first > 256 && first * 2 > items.length) {
        items = items.slice(first)
        positions = positions.slice(first)
        first = 0
      }
      return dropped
    },
    clear() {
      items = []
      positions = []
      first = 0
    },
    forEach(each) {
      for (let i = first; i < items.length; i++) each(items[i] as T, positions[i] as number)
    },
    findLast(test) {
      for (let i = items.length - 1; i >= first; i--) if (test(items[i] as T)) return i - first
      return -1
    },
  }
}
