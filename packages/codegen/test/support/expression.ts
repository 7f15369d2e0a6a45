import type { DynamicValue } from '@rivulet/wire'

/** What expressions need: maps and sets whose types come from where they are put, never from what is in them. */
export const HELPERS = [
  "import type { DynamicValue, TypeNode } from '@rivulet/wire'",
  'type Entries<K, V> = NoInfer<readonly (readonly [K, V])[]>',
  'const map = <K, V>(entries: Entries<K, V>): ReadonlyMap<K, V> => new Map<K, V>(entries)',
  'const set = <K>(keys: NoInfer<readonly K[]>): ReadonlySet<K> => new Set<K>(keys)',
  'const dyn = (type: TypeNode, value: unknown): DynamicValue => ({ type, value })',
  'void [map, set, dyn]',
].join('\n')

/** A value as a TypeScript expression, for checking it against a generated type. */
export function expression(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (value instanceof Date) return `new Date(${value.getTime()})`
  if (value instanceof Uint8Array) return `new Uint8Array([${value.join()}])`
  if (value instanceof Map) return `map([${[...value].map(([k, v]) => `[${expression(k)}, ${expression(v)}]`).join()}])`
  if (value instanceof Set) return `set([${[...value].map(expression).join()}])`
  if (isDynamic(value)) return `dyn(${expression(value.type)}, ${expression(value.value)})`
  if (Array.isArray(value)) return `[${value.map(expression).join()}]`
  return `{${Object.entries(value)
    .map(([key, part]) => `${JSON.stringify(key)}: ${expression(part)}`)
    .join()}}`
}

function isDynamic(value: object): value is DynamicValue {
  return Object.keys(value).join() === 'type,value' && typeof (value as DynamicValue).type?.kind === 'string'
}
