/** A value as plain objects, for logs: maps become objects, sets lists, bigints text (pitfall 47). Shared parts are written out each time; cycles end as `'[cycle]'`. */
export function mapValueToObject(value: unknown, above: readonly object[] = []): unknown {
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  if (above.includes(value)) return '[cycle]'
  const within = [...above, value]
  if (value instanceof Uint8Array) return [...value]
  if (Array.isArray(value) || value instanceof Set) return [...value].map((part) => mapValueToObject(part, within))
  const entries = value instanceof Map ? [...value] : Object.entries(value)
  return Object.fromEntries(entries.map(([key, part]) => [String(key), mapValueToObject(part, within)]))
}
