import { RivuletError } from '@rivulet/wire'

/** One JSON field as the peers of a host may write it. */
export type FieldKind = 'string' | 'int' | 'bytes' | 'list'

interface FieldValues {
  readonly string: string
  readonly int: number
  readonly bytes: Uint8Array | null
  readonly list: readonly unknown[]
}

/**
 * Reads the fields of a message as leniently as a Go host: names in any case, missing or null = zero value (`bytes`: null, `list`: empty), fractions cut off, unknown fields ignored
 * (session.md §1, §12). Throws `protocol` for anything that is not an object and for fields of another type.
 *
 * @example
 * const { storeName, action } = readFields(message, { storeName: 'string', action: 'int' })
 */
export function readFields<const Shape extends Readonly<Record<string, FieldKind>>>(
  message: unknown,
  shape: Shape,
): { readonly [N in keyof Shape]: FieldValues[Shape[N]] } {
  if (typeof message !== 'object' || message === null || Array.isArray(message) || isBinary(message)) {
    throw new RivuletError('protocol', 'the message is not an object')
  }
  const out: Record<string, unknown> = {}
  for (const [name, kind] of Object.entries(shape)) out[name] = readField(kind, name, find(message, name))
  return out as { readonly [N in keyof Shape]: FieldValues[Shape[N]] }
}

function find(message: object, name: string): unknown {
  if (Object.hasOwn(message, name)) return (message as Record<string, unknown>)[name]
  const folded = name.toLowerCase()
  for (const [key, value] of Object.entries(message)) if (key.toLowerCase() === folded) return value
  return undefined
}

function readField(kind: FieldKind, name: string, value: unknown): unknown {
  if (kind === 'bytes') return value === undefined || value === null ? null : bytesOf(value, name)
  if (kind === 'list') {
    if (value === undefined || value === null) return []
    if (Array.isArray(value)) return value
  } else if (kind === 'string') {
    if (value === undefined || value === null) return ''
    if (typeof value === 'string') return value
  } else {
    if (value === undefined || value === null) return 0
    if (typeof value === 'number' && Number.isFinite(value)) return Math.trunc(value)
  }
  throw new RivuletError('protocol', `"${name}" is not a ${kind}`)
}

function isBinary(value: unknown): value is ArrayBuffer | ArrayBufferView {
  return value instanceof ArrayBuffer || ArrayBuffer.isView(value)
}

function bytesOf(value: unknown, name: string): Uint8Array {
  if (value instanceof Uint8Array) return value
  if (value instanceof ArrayBuffer) return new Uint8Array(value)
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
  throw new RivuletError('protocol', `"${name}" is not binary`)
}
