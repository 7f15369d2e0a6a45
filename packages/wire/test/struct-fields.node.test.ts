import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decodeValue,
  encodeValue,
  isRivuletError,
  type RivuletError,
  type StructDef,
  type TypeNode,
  type Types,
} from '../src/index.ts'
import { refusalOf } from './support/refusal-of.ts'

/** Every type that a struct's decoder may read itself, and some that it never does. */
const kinds: readonly TypeNode[] = [
  { kind: 'bool' },
  { kind: 'string' },
  { kind: 'float32' },
  { kind: 'float64' },
  { kind: 'int8' },
  { kind: 'int16' },
  { kind: 'int32' },
  { kind: 'uint8' },
  { kind: 'uint16' },
  { kind: 'uint32' },
  { kind: 'int64' },
  { kind: 'int64', as: 'bigint' },
  { kind: 'uint64' },
  { kind: 'time' },
  { kind: 'time', as: 'millis' },
  { kind: 'bytes' },
]

const named = kinds.map((node) => [JSON.stringify(node), node] as const)
const node: TypeNode = { kind: 'struct', ref: 'test.Struct' }
const typesOf = (def: StructDef): Types => [{ 'test.Struct': def }]
const oneField = (type: TypeNode): Types => typesOf({ form: 'fielded', fields: [{ name: 'v', id: 7, type }] })

/** A struct of one field whose entry is `bytes`. */
function structAround(bytes: Uint8Array): Uint8Array {
  const sized = encodeValue([], { kind: 'bytes', notNull: true }, bytes)
  return encodeValue([], { kind: 'bytes', notNull: true }, Uint8Array.from([7, ...sized]))
}

type Outcome =
  | { readonly value: unknown }
  | { readonly code: string; readonly path: RivuletError['path']; readonly offset: number | undefined }

function outcomeOf(decode: () => unknown): Outcome {
  try {
    return { value: decode() }
  } catch (e) {
    if (isRivuletError(e)) return { code: e.code, path: e.path, offset: e.offset }
    throw e
  }
}

/** What reading a struct around `before` more bytes comes to, where its only field alone comes to `alone`. */
function within(alone: Outcome, before: number): Outcome {
  if ('value' in alone) return { value: { v: alone.value } }
  return { code: alone.code, path: ['v', ...alone.path], offset: (alone.offset as number) + before }
}

/** Bytes as hosts write them, with a bit changed, cut or continued, and bytes of no meaning. */
function entryOf(type: TypeNode): fc.Arbitrary<Uint8Array> {
  const values: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
    bool: fc.boolean(),
    string: fc.string({ unit: 'binary', maxLength: 70 }),
    float32: fc.float(),
    float64: fc.double(),
    int8: fc.integer({ min: -128, max: 127 }),
    int16: fc.integer({ min: -32768, max: 32767 }),
    int32: fc.integer(),
    uint8: fc.nat(255),
    uint16: fc.nat(65535),
    uint32: fc.nat(2 ** 32 - 1),
    int64: fc.maxSafeInteger(),
    uint64: fc.maxSafeNat(),
    time: fc.integer({ min: -8.64e15, max: 8.64e15 }),
    bytes: fc.uint8Array({ maxLength: 70 }),
  }
  const written = (values[type.kind] as fc.Arbitrary<unknown>).map((v) => encodeValue([], type, v))
  const changed = fc.tuple(written, fc.nat(), fc.nat(7)).map(([bytes, at, bit]) => {
    const copy = bytes.slice()
    copy[at % copy.length] = (copy[at % copy.length] as number) ^ (1 << bit)
    return copy
  })
  const cut = fc.tuple(written, fc.nat()).map(([bytes, at]) => bytes.slice(0, at % bytes.length))
  const continued = fc
    .tuple(written, fc.uint8Array({ maxLength: 4 }))
    .map(([bytes, more]) => Uint8Array.from([...bytes, ...more]))
  return fc.oneof(written, changed, cut, continued, fc.uint8Array({ maxLength: 70 }))
}

describe('a field of a struct', () => {
  test.each(named)(
    '%s reads as it does alone, whatever its bytes are, and is refused with its name and its place',
    (_, type) => {
      const types = oneField(type)
      fc.assert(
        fc.property(entryOf(type), (bytes) => {
          const message = structAround(bytes)
          const alone = outcomeOf(() => decodeValue(types, type, bytes))
          const inside = outcomeOf(() => decodeValue(types, node, message))
          expect(inside).toEqual(within(alone, message.length - bytes.length))
        }),
        { numRuns: 400 },
      )
    },
  )

  test.each([
    ['-0 as an integer', { kind: 'int32' }, [0x40], 0],
    ['-0 in two bytes', { kind: 'int64' }, [0xc0, 0x00], 0],
    ['-0 in four bytes', { kind: 'int64' }, [0xc0, 0x80, 0x00, 0x00], 0],
    ['-0 in eight bytes', { kind: 'time', as: 'millis' }, [0xc0, 0x80, 0x00, 0x80, 0, 0, 0, 0], 0],
    ['a small number in eight bytes', { kind: 'int64' }, [0x85, 0x80, 0x00, 0x80, 0, 0, 0, 0], 5],
    ['a negative uint32', { kind: 'uint32' }, [0x41], 2 ** 32 - 1],
    ['a uint8 of 300', { kind: 'uint8' }, [0xac, 0x04], 44],
    ['2^53 - 1', { kind: 'int64' }, [...encodeValue([], { kind: 'int64' }, Number.MAX_SAFE_INTEGER)], 2 ** 53 - 1],
    ['the least int8 of a Go host', { kind: 'int8' }, [0xc0, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f], -128],
  ] satisfies readonly (readonly [string, TypeNode, readonly number[], number])[])('%s', (_, type, bytes, value) => {
    expect(decodeValue(oneField(type), node, structAround(Uint8Array.from(bytes)))).toStrictEqual({ v: value })
  })

  test('an entry of no bytes is cut off, even where other bytes follow', () => {
    for (const type of kinds) {
      const message = Uint8Array.from([5, 7, 0, 9, 1, 1])
      expect(refusalOf(() => decodeValue(oneField(type), node, message))).toMatchObject({
        code: 'truncated',
        path: ['v'],
        offset: 3,
      })
    }
  })
})

describe('a list of float64', () => {
  const list: TypeNode = { kind: 'array', elem: { kind: 'float64' }, notNull: true }

  test('comes back bit for bit', () => {
    fc.assert(
      fc.property(fc.array(fc.double()), (values) => {
        expect(decodeValue([], list, encodeValue([], list, values))).toEqual(values)
      }),
    )
  })

  test('leaves the cursor behind its last byte', () => {
    const types = typesOf({
      form: 'flat',
      fields: [
        { name: 'a', type: list },
        { name: 'b', type: { kind: 'uint8' } },
      ],
    })
    const value = { a: [1.5, -0, Infinity], b: 9 }
    expect(decodeValue(types, node, encodeValue(types, node, value))).toEqual(value)
  })

  test('that announces more than there is allocates nothing', () => {
    expect(refusalOf(() => decodeValue([], list, Uint8Array.from([2, ...Array(15).fill(0)])))).toMatchObject({
      code: 'truncated',
      offset: 0,
    })
  })
})
