import { canBeNull, dynamic, type DynamicValue, structOf, type TypeNode, type Types } from '../../src/index.ts'
import { ZERO_TIME_MILLIS } from '../../src/zero-with.ts'

/** A value as the golden vectors spell it (vectors/restream/README.md). */
export type Neutral = null | boolean | number | string | readonly Neutral[] | { readonly [key: string]: Neutral }

type Tagged = { readonly [key: string]: Neutral }

/** Neutral → the value that this package encodes. Absent fields become zeros. */
export function fromNeutral(types: Types, node: TypeNode, v: Neutral): unknown {
  switch (node.kind) {
    case 'bool':
      return v
    case 'string':
      return typeof v === 'string'
        ? v
        : new TextDecoder('utf-8', { ignoreBOM: true }).decode(hexToBytes((v as Tagged)['$utf8'] as string))
    case 'int64':
    case 'uint64': {
      const big = BigInt((v as Tagged)['$int'] as string)
      return node.as === 'bigint' ? big : Number.isSafeInteger(Number(big)) ? Number(big) : big
    }
    case 'float32':
    case 'float64':
      return typeof v === 'number' ? v : Number((v as Tagged)['$float'])
    case 'time':
      return new Date(Number((v as Tagged)['$time']))
    case 'any': {
      if (v === null) return null
      const { type, value } = (v as Tagged)['$dyn'] as Tagged
      const dynamicType = neutralNode(type as unknown as NeutralNode, 'number')
      return dynamic(fromNeutral(types, dynamicType, value as Neutral), dynamicType)
    }
    case 'bytes':
      return v === null ? null : hexToBytes((v as Tagged)['$bytes'] as string)
    case 'pointer': {
      if (v === null) return null
      // `$ptr` stands where the host's pointee can be nil, marked not-null or not; `any` is the exception.
      const inner = fromNeutral(types, node.elem, isNilable(node.elem) ? ((v as Tagged)['$ptr'] as Neutral) : v)
      return node.notNull !== true && canBeNull(node.elem) ? { value: inner } : inner
    }
    case 'array':
      return v === null ? null : (v as readonly Neutral[]).map((item) => fromNeutral(types, node.elem, item))
    case 'map': {
      if (v === null) return null
      const entries = (v as Tagged)['$map'] as unknown as readonly (readonly [Neutral, Neutral])[]
      return new Map(
        entries.map(([k, item]) => [fromNeutral(types, node.key, k), fromNeutral(types, node.value, item)]),
      )
    }
    case 'set':
      return v === null
        ? null
        : new Set(((v as Tagged)['$set'] as readonly Neutral[]).map((k) => fromNeutral(types, node.key, k)))
    case 'struct': {
      const out: Record<string, unknown> = {}
      for (const field of structOf(types, node.ref).fields) {
        const key = field.wire as string
        const given = Object.hasOwn(v as object, key)
        if (given) out[field.name] = fromNeutral(types, field.type, (v as Tagged)[key] as Neutral)
        else if (field.type.kind === 'struct') out[field.name] = fromNeutral(types, field.type, {})
        else out[field.name] = neutralZero(field.type)
      }
      return out
    }
    default:
      return v
  }
}

function isNilable(node: TypeNode): boolean {
  return ['pointer', 'array', 'map', 'set', 'bytes'].includes(node.kind)
}

function neutralZero(node: TypeNode): unknown {
  switch (node.kind) {
    case 'bool':
      return false
    case 'string':
      return ''
    case 'int64':
    case 'uint64':
      return node.as === 'bigint' ? 0n : 0
    case 'time':
      return new Date(ZERO_TIME_MILLIS)
    case 'any':
    case 'pointer':
    case 'array':
    case 'bytes':
    case 'map':
    case 'set':
      return null
    default:
      return 0
  }
}

/**
 * One spelling for comparing: order of maps and sets, bigint against number, and the null of a not-null node (which reads as its empty value) do not count.
 */
export function comparable(types: Types, node: TypeNode, v: unknown): unknown {
  switch (node.kind) {
    case 'int64':
    case 'uint64':
      return `int ${String(v)}`
    case 'float32':
    case 'float64':
      return Object.is(v, -0)
        ? 'float -0'
        : `float ${node.kind === 'float32' ? Math.fround(v as number) : (v as number)}`
    case 'time':
      return `time ${v instanceof Date ? v.getTime() : String(v)}`
    case 'any':
      return v === null
        ? null
        : {
            type: (v as DynamicValue).type,
            value: comparable(types, (v as DynamicValue).type, (v as DynamicValue).value),
          }
    case 'bytes':
      return v === null ? (node.notNull === true ? 'bytes ' : null) : `bytes ${bytesToHex(v as Uint8Array)}`
    case 'pointer': {
      if (node.notNull === true)
        return v === null ? 'absent' : isZeroLike(v) ? 'absent' : comparable(types, node.elem, v)
      if (v === null) return null
      return canBeNull(node.elem)
        ? { value: comparable(types, node.elem, (v as { value: unknown }).value) }
        : comparable(types, node.elem, v)
    }
    case 'array':
      if (v === null) return node.notNull === true ? [] : null
      return (v as unknown[]).map((item) => comparable(types, node.elem, item))
    case 'map': {
      if (v === null) return node.notNull === true ? [] : null
      const entries = [...(v as Map<unknown, unknown>)].map(
        ([k, item]) => [String(k), comparable(types, node.value, item)] as const,
      )
      return entries.toSorted(([a], [b]) => (a < b ? -1 : 1))
    }
    case 'set':
      if (v === null) return node.notNull === true ? [] : null
      return [...(v as Set<unknown>)].map(String).toSorted()
    case 'struct': {
      const out: Record<string, unknown> = {}
      for (const field of structOf(types, node.ref).fields)
        out[field.name] = comparable(types, field.type, (v as Record<string, unknown>)[field.name])
      return out
    }
    default:
      return v
  }
}

function isZeroLike(v: unknown): boolean {
  return v === 0 || v === '' || v === false
}

/** A type node as `schema.json` and `$dyn` spell it. */
export interface NeutralNode {
  readonly kind: string
  readonly notNull?: boolean
  readonly elem?: NeutralNode
  readonly key?: NeutralNode
  readonly value?: NeutralNode
  readonly ref?: string
  readonly args?: readonly NeutralNode[]
  readonly name?: string
}

/** Neutral node → this package's node. `wide` chooses how 64-bit integers are read. */
export function neutralNode(
  n: NeutralNode,
  wide: 'number' | 'bigint',
  params: Readonly<Record<string, NeutralNode>> = {},
): TypeNode {
  const flag = n.notNull === true ? { notNull: true } : {}
  const sub = (x: NeutralNode | undefined): TypeNode => neutralNode(x as NeutralNode, wide, params)
  switch (n.kind) {
    case 'param':
      return neutralNode(params[n.name as string] as NeutralNode, wide)
    case 'int64':
    case 'uint64':
      return wide === 'bigint' ? { kind: n.kind, as: 'bigint' } : { kind: n.kind }
    case 'pointer':
      return { kind: 'pointer', elem: sub(n.elem), ...flag }
    case 'array':
      return n.elem?.kind === 'uint8' ? { kind: 'bytes', ...flag } : { kind: 'array', elem: sub(n.elem), ...flag }
    case 'bytes':
      return { kind: 'bytes', ...flag }
    case 'map':
      return { kind: 'map', key: sub(n.key) as never, value: sub(n.value), ...flag }
    case 'set':
      return { kind: 'set', key: sub(n.key ?? n.elem) as never, ...flag }
    case 'struct':
      return { kind: 'struct', ref: instanceName(n) }
    default:
      return { kind: n.kind } as TypeNode
  }
}

/** Generic structs become one struct per list of arguments: type arguments never travel (wire.md §7). */
export function instanceName(n: NeutralNode): string {
  return n.args === undefined ? (n.ref as string) : `${n.ref}[${n.args.map((a) => JSON.stringify(a)).join()}]`
}

export function hexToBytes(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

export function bytesToHex(bytes: Uint8Array): string {
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
}
