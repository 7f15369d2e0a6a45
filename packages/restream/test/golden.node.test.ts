import {
  applyDelta,
  decodeDelta,
  decodeValue,
  encodeValue,
  equalValues,
  isRivuletError,
  nodeAt,
  type StoreDef,
} from '@rivulet/wire'
import { describe, expect, test } from 'vitest'
import { isSameStore } from '../../client/src/page/same-store.ts'
import { modelTypes, schema, structNode, values, vectors } from '../../wire/test/support/model.ts'
import { hexToBytes, type Neutral } from '../../wire/test/support/neutral.ts'
import { BinaryReader, BinaryWriter, storeDefOf } from '../src/index.ts'
import { plainStruct } from '../src/plain-args.ts'
import { present } from '../src/present.ts'
import { classOf, partialOf, structInfo } from './support/golden-classes.ts'

// The golden vectors of the real Go library, through classes in the shape of emitted ones. What the bytes mean is taken from the wire package, whose own tests hold it against the neutral values.

const types = modelTypes('number')

/** What the wire package says; `undefined` where a number cannot hold it, which both refuse. */
function meant(type: string, bytes: Uint8Array): unknown {
  try {
    return decodeValue(types, structNode(type), bytes)
  } catch (e) {
    if (isRivuletError(e) && e.code === 'out-of-range') return undefined
    throw e
  }
}

const parametric = new Set(
  schema.packages.flatMap((pkg) => pkg.structs.flatMap((s) => (s.typeParams ? [`${pkg.name}.${s.name}`] : []))),
)
const known = new Set(
  schema.packages.flatMap((pkg) => [...pkg.structs, ...pkg.packets].map((s) => `${pkg.name}.${s.name}`)),
)
// With three pointers there are four kinds of nothing, and generated code has `null` and `undefined`.
const usable = values.filter(({ type, note }) => known.has(type) && !parametric.has(type) && !note?.startsWith('PPP'))

/** What came out: a value, or the kind of refusal. */
type Outcome = { readonly value: unknown } | { readonly refused: boolean }

function outcomeOf(read: () => unknown): Outcome {
  try {
    return { value: read() }
  } catch (e) {
    return { refused: isRivuletError(e) }
  }
}

const readable = usable.filter(({ type, hex }) => meant(type, hexToBytes(hex)) !== undefined)

describe('golden values', () => {
  test('there are enough of them', () => {
    expect(readable.length).toBeGreaterThan(700)
  })

  test.each(usable)('$type $note ($hex): what generated code decodes is what a store shows it', ({ type, hex }) => {
    const bytes = hexToBytes(hex)
    const value = meant(type, bytes)
    const expected: Outcome = value === undefined ? { refused: true } : { value: present(structInfo(type), value) }
    expect(outcomeOf(() => classOf(type).deserialized(new BinaryReader(bytes), undefined))).toEqual(expected)
  })

  test.each(readable)('$type $note ($hex): what generated code writes means the same again', ({ type, hex }) => {
    const bytes = hexToBytes(hex)
    const w = new BinaryWriter()
    classOf(type).deserialized(new BinaryReader(bytes), undefined).serialize(w)
    const again = decodeValue(types, structNode(type), w.getBytes())
    const value = meant(type, bytes)
    const same = equalValues(types, structNode(type), blur(type, again), blur(type, value))
    expect(same || { again, value }).toBe(true)
  })

  test.each(readable)('$type $note ($hex): as arguments of a call', ({ type, hex }) => {
    const value = meant(type, hexToBytes(hex))
    const plain = plainStruct(classOf(type), present(structInfo(type), value))
    const again = decodeValue(types, structNode(type), encodeValue(types, structNode(type), plain))
    expect(equalValues(types, structNode(type), blur(type, again), blur(type, value))).toBe(true)
  })
})

/**
 * Generated classes keep the value of an `any` without its type, so it may come back as another one of equal value; and an absent pointer to something that can be nil looks like a present one. Such fields are left out.
 */
function blur(type: string, value: unknown): unknown {
  const vague = JSON.stringify(types).includes('"any"')
  if (!vague) return value
  const strip = (ref: string, from: unknown): unknown => {
    const fields = types[0]?.[ref]?.fields ?? []
    return Object.fromEntries(
      fields.map(({ name, type: node }) => {
        const part = (from as Record<string, unknown>)[name]
        const text = JSON.stringify(node)
        return [name, isVague(text) ? zeroLike(node.kind) : part]
      }),
    )
  }
  return strip(type, value)
}

const vagueStructs = new Set<string>()
for (let before = -1; before !== vagueStructs.size;) {
  before = vagueStructs.size
  for (const [ref, { fields }] of Object.entries(types[0] ?? {})) {
    if (fields.some(({ type }) => isVague(JSON.stringify(type)))) vagueStructs.add(ref)
  }
}

function isVague(node: string): boolean {
  if (node.includes('"any"')) return true
  if (/"kind":"pointer","elem":\{"kind":"(array|map|set|bytes)"/.test(node)) return true
  return [...vagueStructs].some((ref) => node.includes(`"${ref}"`))
}

function zeroLike(kind: string): unknown {
  return kind === 'struct' ? {} : null
}

interface DeltaVector {
  readonly type: string
  readonly beforeHex?: string
  readonly before: Neutral
  readonly deltaHex: string
  readonly note?: string
  readonly normative?: unknown
  readonly goOutcome?: string
}

const { deltas } = vectors('deltas.json') as { readonly deltas: readonly DeltaVector[] }
const stores = schema.packages.flatMap((pkg) =>
  pkg.structs.filter(({ flavour }) => flavour === 'partial').map(({ name }) => `${pkg.name}.${name}`),
)

/**
 * Without what emitted code does not keep apart: its partial classes call every pointer nilable, also one that is marked not to be, and they make a map or a nested struct where there is none before they know
 * whether the change changes anything. So nothing, an empty map and a struct of zeros count as the same.
 */
function loosened(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() === -62135596800000 ? undefined : value
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return value || undefined
  if (Array.isArray(value)) return value.map(loosened)
  if (value instanceof Map) {
    const entries = [...value].map(([key, part]) => [key, loosened(part)] as const)
    return entries.length === 0 ? undefined : new Map(entries)
  }
  const { tightP: _p, tightL: _l, tightM: _m, ...rest } = value as Record<string, unknown>
  const parts = Object.entries(rest).flatMap(([name, part]) => {
    const plain = loosened(part)
    return plain === undefined ? [] : [[name, plain] as const]
  })
  return parts.length === 0 ? undefined : Object.fromEntries(parts)
}

describe('golden deltas', () => {
  // Emitted code makes an element for a change before it knows that the change changes nothing.
  const nothing = /: nothing$/
  const appliable = deltas.filter(
    ({ beforeHex, type, note }) =>
      beforeHex !== undefined &&
      stores.includes(type) &&
      !nothing.test(note ?? '') &&
      meant(type, hexToBytes(beforeHex)) !== undefined,
  )
  test.each(appliable)(
    '$type $note $deltaHex: applied by generated code as by the engine',
    ({ type, beforeHex, deltaHex }) => {
      const def: StoreDef = { kind: 'store', name: 'S', state: type, types }
      const before = hexToBytes(beforeHex as string)
      const delta = hexToBytes(deltaHex)
      const byEngine = outcomeOf(() => {
        const { state } = applyDelta(def, meant(type, before), decodeDelta(def, delta))
        return loosened(present(structInfo(type), state))
      })
      const byClass = outcomeOf(() => {
        const state = classOf(type).deserialized(new BinaryReader(before), undefined)
        partialOf(type).deserialized(new BinaryReader(delta)).applyTo(state)
        return loosened(state)
      })
      expect(byClass).toEqual(byEngine)
    },
  )
})

describe('golden schema', () => {
  test.each(stores)('%s: the derived definition is the generated one', (ref) => {
    const def: StoreDef = { kind: 'store', name: 'S', state: ref, types }
    expect(nodeAt(types, structNode(ref), [])).not.toBeNull()
    expect(isSameStore(storeDefOf('S', classOf(ref), partialOf(ref)), def)).toBe(true)
  })
})

interface HostileVector {
  readonly type: string
  readonly hex: string
  readonly required: 'error' | 'ok'
  readonly why: string
}

const { decode } = vectors('hostile.json') as { readonly decode: readonly HostileVector[] }

describe('hostile bytes', () => {
  const hostile = decode.filter(({ type }) => known.has(type) && !parametric.has(type))

  test.each(hostile.filter(({ required }) => required === 'error'))('$type $why ($hex) is refused', ({ type, hex }) => {
    const read = (): unknown => classOf(type).deserialized(new BinaryReader(hexToBytes(hex)), undefined)
    expect(outcomeOf(read)).toEqual({ refused: true })
  })

  test.each(hostile.filter(({ required }) => required === 'ok'))('$type $why ($hex) is read', ({ type, hex }) => {
    const bytes = hexToBytes(hex)
    const read = (): unknown => classOf(type).deserialized(new BinaryReader(bytes), undefined)
    const expected = outcomeOf(() => present(structInfo(type), decodeValue(types, structNode(type), bytes)))
    expect(outcomeOf(read)).toEqual(expected)
  })
})
