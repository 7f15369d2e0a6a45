/**
 * `before` when the two decoded values are equal, else `after` with `before`'s objects in the place of parts that are equal. `after` must be fresh: it is changed.
 *
 * Untyped, unlike the wire's `reconcile`, so that a page need not load that: both values were decoded by the same schema, so whatever is equal has the same form.
 *
 * @example
 * const row = shareParts(shown, decodeValue(types, node, bytes)) // row.place === shown.place unless it changed
 */
export function shareParts(before: unknown, after: unknown): unknown {
  if (Object.is(before, after)) return before
  if (typeof before !== 'object' || typeof after !== 'object' || before === null || after === null) return after
  if (Object.getPrototypeOf(before) !== Object.getPrototypeOf(after)) return after
  return shareAll(before, after) ? before : after
}

/** Whether nothing differs. */
function shareAll(before: object, after: object): boolean {
  if (after instanceof Date) return Object.is((before as Date).getTime(), after.getTime())
  if (after instanceof Set) {
    const old = before as ReadonlySet<unknown>
    return old.size === after.size && [...after].every((item) => old.has(item))
  }
  if (after instanceof Uint8Array) {
    const old = before as Uint8Array
    return old.length === after.length && after.every((byte, i) => byte === old[i])
  }
  if (after instanceof Map) {
    const old = before as ReadonlyMap<unknown, unknown>
    let same = old.size === after.size
    for (const [key, value] of after) {
      const shared = shareParts(old.get(key), value)
      if (shared !== value) after.set(key, shared)
      same &&= old.has(key) && Object.is(shared, old.get(key))
    }
    return same
  }
  const [old, fresh] = [before, after] as Readonly<Record<string, unknown>>[]
  const keys = Object.keys(after)
  let same = keys.length === Object.keys(before).length
  for (const key of keys) {
    const shared = shareParts(old?.[key], fresh?.[key])
    if (shared !== fresh?.[key]) (after as Record<string, unknown>)[key] = shared
    same &&= Object.hasOwn(before, key) && Object.is(shared, old?.[key])
  }
  return same
}
