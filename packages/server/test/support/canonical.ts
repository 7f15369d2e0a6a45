/** A text that is the same for equal values: maps and sets sorted, bytes, dates and bigints spelled out. */
export function canonical(value: unknown): string {
  if (value === undefined) return 'undefined'
  if (value === null) return 'null'
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value)
  if (typeof value !== 'object') return JSON.stringify(value)
  if (value instanceof Date) return `Date(${value.getTime()})`
  if (value instanceof Uint8Array) return `Bytes(${Buffer.from(value).toString('hex')})`
  if (value instanceof Map)
    return `Map{${[...value]
      .map((entry) => entry.map(canonical).join('→'))
      .toSorted()
      .join()}}`
  if (value instanceof Set) return `Set{${[...value].map(canonical).toSorted().join()}}`
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  const fields = Object.entries(value).map(([name, part]) => `${name}:${canonical(part)}`)
  return `{${fields.toSorted().join()}}`
}
