import { canBeNull, type DynamicValue, structOf, type TypeNode, type Types } from '@rivulet/wire'
import { hexOf, isoOf, plainText } from './format-value.ts'

/**
 * A decoded value as JSON that `fromText` reads back exactly: maps are objects, sets lists, times ISO 8601, bytes hex, 64-bit integers all their digits, a boxed pointer `{"value": …}`, an `any`
 * `{"type": …, "value": …}`; what JSON has no number for is a text (`"NaN"`).
 *
 * @example
 * toText(types, { kind: 'map', key: { kind: 'int8' }, value: { kind: 'bool' } }, new Map([[1, true]])) // '{\n  "1": true\n}'
 */
export function toText(types: Types, node: TypeNode, value: unknown): string {
  return write(types, node, value, '\n')
}

function write(types: Types, node: TypeNode, value: unknown, line: string): string {
  if (value === null || value === undefined) return 'null'
  const inner = `${line}  `
  const part = (of: TypeNode, item: unknown): string => write(types, of, item, inner)
  const members = (open: string, close: string, items: readonly string[]): string =>
    items.length === 0 ? open + close : open + inner + items.join(`,${inner}`) + line + close
  const named = (name: unknown, text: string): string => `${JSON.stringify(String(name))}: ${text}`
  switch (node.kind) {
    case 'pointer': {
      if (!isBoxed(node)) return write(types, node.elem, value, line)
      return members('{', '}', [named('value', part(node.elem, (value as { readonly value: unknown }).value))])
    }
    case 'any': {
      const { type, value: held } = value as DynamicValue
      // A type that is its kind alone is written as that.
      const text = JSON.stringify(Object.keys(type).length === 1 ? type.kind : type)
      return members('{', '}', [named('type', text), named('value', part(type, held))])
    }
    case 'struct': {
      const struct = value as Readonly<Record<string, unknown>>
      const { fields } = structOf(types, node.ref)
      return members(
        '{',
        '}',
        fields.map(({ name, type }) => named(name, part(type, struct[name]))),
      )
    }
    case 'array':
      return members(
        '[',
        ']',
        (value as readonly unknown[]).map((item) => part(node.elem, item)),
      )
    case 'set':
      return members(
        '[',
        ']',
        [...(value as ReadonlySet<unknown>)].map((key) => part(node.key, key)),
      )
    case 'map':
      return members(
        '{',
        '}',
        [...(value as ReadonlyMap<unknown, unknown>)].map(([key, item]) => named(key, part(node.value, item))),
      )
    case 'bytes':
      return JSON.stringify(hexOf(value as Uint8Array))
    case 'time':
      return JSON.stringify(isoOf(value as Date | number))
    default:
      if (typeof value === 'string' || (typeof value === 'number' && !Number.isFinite(value)))
        return JSON.stringify(String(value))
      return plainText(value)
  }
}

/** Whether a null of the pointer must be told from one of its pointee. */
export function isBoxed(node: TypeNode & { readonly kind: 'pointer' }): boolean {
  return node.notNull !== true && canBeNull(node.elem)
}
