import { type PathPart, structOf, type TypeNode, type Types } from '@rivulet/wire'
import { openValue } from './open-value.ts'

/**
 * A decoded value on one line, at most `max` characters. The work is bounded by `max` and not by the value.
 *
 * @example
 * previewValue(types, { kind: 'struct', ref: 'game.Cell' }, { x: 1, owner: 'ann' }) // '{x: 1, owner: "ann"}'
 */
export function previewValue(types: Types, node: TypeNode, value: unknown, max = 80): string {
  const out = { text: '', max }
  preview(out, types, node, value)
  return out.text.length > max ? `${out.text.slice(0, max - 1)}…` : out.text
}

interface Out {
  text: string
  readonly max: number
}

function preview(out: Out, types: Types, declared: TypeNode, given: unknown): void {
  const { node, value } = openValue(declared, given)
  if (value === null || value === undefined) {
    out.text += value === null ? 'null' : '–'
    return
  }
  switch (node.kind) {
    case 'struct': {
      const { fields } = structOf(types, node.ref)
      return parts(out, '{', '}', fields, (field) => {
        out.text += `${field.name}: `
        preview(out, types, field.type, (value as Readonly<Record<string, unknown>>)[field.name])
      })
    }
    case 'array':
      out.text += `(${(value as readonly unknown[]).length}) `
      return parts(out, '[', ']', value as readonly unknown[], (item) => preview(out, types, node.elem, item))
    case 'map':
      out.text += `(${(value as ReadonlyMap<unknown, unknown>).size}) `
      return parts(out, '{', '}', value as ReadonlyMap<PathPart, unknown>, ([key, item]) => {
        out.text += `${formatPart(key)} → `
        preview(out, types, node.value, item)
      })
    case 'set':
      out.text += `(${(value as ReadonlySet<unknown>).size}) `
      return parts(out, '{', '}', value as ReadonlySet<PathPart>, (key) => {
        out.text += formatPart(key)
      })
    default:
      out.text += formatLeaf(node, value, out.max)
  }
}

function parts<T>(out: Out, open: string, close: string, items: Iterable<T>, write: (item: T) => void): void {
  out.text += open
  let first = true
  for (const item of items) {
    if (!first) out.text += ', '
    first = false
    write(item)
    if (out.text.length > out.max) return
  }
  out.text += close
}

/**
 * A value without parts as text: texts in quotes, times as ISO 8601, bytes as hex, bigints with an `n`. At most about `max` characters.
 *
 * @example
 * formatLeaf({ kind: 'bytes' }, new Uint8Array([1, 255])) // '2 bytes 01 ff'
 */
export function formatLeaf(node: TypeNode, value: unknown, max = 80): string {
  if (value === null || value === undefined) return value === null ? 'null' : '–'
  switch (node.kind) {
    case 'string':
      return JSON.stringify((value as string).slice(0, max))
    case 'bytes': {
      const bytes = value as Uint8Array
      return `${bytes.length} bytes ${hexOf(bytes, Math.ceil(max / 3), ' ')}`.trimEnd()
    }
    case 'time':
      return isoOf(value as Date | number)
    case 'float32':
      return shortFloat(value as number)
    default:
      if (typeof value === 'bigint') return `${value}n`
      return plainText(value)
  }
}

/** A number, a bool or a bigint; −0 keeps its sign. */
export function plainText(value: unknown): string {
  return Object.is(value, -0) ? '-0' : `${value as number}`
}

/** The fewest digits that are this number among those of 4 bytes: 7.6 rather than 7.599999904632568. */
function shortFloat(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return plainText(Object.is(value, -0) ? value : short)
  }
  return String(value)
}

/** A part of a path as it stands in a path: texts in quotes where they are no plain names. */
export function formatPart(part: PathPart): string {
  return typeof part === 'string' ? JSON.stringify(part) : String(part)
}

/**
 * A path as a person writes it.
 *
 * @example
 * formatPath(['cells', 'a b', 3]) // 'cells["a b"][3]'
 */
export function formatPath(path: readonly PathPart[]): string {
  return path
    .map((part, i) => {
      if (typeof part !== 'string' || !/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(part)) return `[${formatPart(part)}]`
      return i === 0 ? part : `.${part}`
    })
    .join('')
}

/** The first `max` bytes in hex. */
export function hexOf(bytes: Uint8Array, max: number = bytes.length, between = ''): string {
  let out = ''
  for (let i = 0; i < bytes.length && i < max; i++)
    out += (i === 0 ? '' : between) + (bytes[i] as number).toString(16).padStart(2, '0')
  return out
}

/** A time as ISO 8601. */
export function isoOf(time: Date | number): string {
  const date = new Date(time)
  return Number.isNaN(date.getTime()) ? `${Number(time)} ms` : date.toISOString()
}

/**
 * A decoded value as JavaScript source that makes it again. A box of a pointer and the wrapping of an `any` stay, because code that passes the value on needs them.
 *
 * @example
 * toLiteral(new Map([[1n, new Date(0)]])) // 'new Map([[1n, new Date("1970-01-01T00:00:00.000Z")]])'
 */
export function toLiteral(value: unknown): string {
  if (value === null || typeof value !== 'object') return literalOf(value)
  if (value instanceof Date) return `new Date(${JSON.stringify(isoOf(value))})`
  if (value instanceof Uint8Array) return `new Uint8Array([${value.join(', ')}])`
  if (Array.isArray(value)) return `[${value.map(toLiteral).join(', ')}]`
  if (value instanceof Map)
    return `new Map([${[...value].map(([key, item]) => `[${toLiteral(key)}, ${toLiteral(item)}]`).join(', ')}])`
  if (value instanceof Set) return `new Set([${[...value].map(toLiteral).join(', ')}])`
  const fields = Object.entries(value).map(([name, item]) => {
    const plain = /^[A-Za-z_$][\w$]*$/.test(name) && name !== '__proto__'
    // A computed name is a property of its own also where it is `__proto__`.
    return `${plain ? name : `[${JSON.stringify(name)}]`}: ${toLiteral(item)}`
  })
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`
}

function literalOf(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  return typeof value === 'bigint' ? `${value}n` : plainText(value)
}
