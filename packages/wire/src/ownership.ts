/**
 * Which containers (objects, arrays, maps, sets, byte arrays) may be changed in place because nobody else holds them. Everything else is copied before its first change, and the copy is added.
 * A `Set<object>` or `WeakSet<object>` is one.
 */
export interface Ownership {
  has(container: object): boolean
  add(container: object): void
}

/**
 * The ownership of an engine whose state nobody else sees: everything is changed in place. After an error such a state may be half changed and has to be dropped.
 *
 * @example
 * state = applyMessage(BoardStore, state, bytes, { owned: OWNS_ALL })
 */
export const OWNS_ALL: Ownership = {
  has: () => true,
  add: () => undefined,
}
