import { decodeValue, encodeValue, equalValues, type TypeNode } from '@rivulet/wire'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  BinaryReader,
  BinaryWriter,
  decodeInt64Big,
  decodeUint64Big,
  deserializeDynamicValue,
  deserializePackedBigint,
  deserializePackedInt,
  deserializeValue,
  mapValueToObject,
  serializeDynamicValue,
  serializePackedInt,
  SerializationType,
  serializeValue,
  type VarInfo,
  VarInfoArray,
  VarInfoDynamic,
  VarInfoGenericParam,
  VarInfoMap,
  VarInfoPointer,
  VarInfoPrimitive,
  VarInfoStruct,
  varInfoFromObj,
} from '../src/index.ts'
import { canBeNil, present } from '../src/present.ts'
import { plainArgs } from '../src/plain-args.ts'

function written(write: (w: BinaryWriter) => void): Uint8Array {
  const w = new BinaryWriter()
  write(w)
  return w.getBytes()
}

describe('packed integers', () => {
  test('property: the bytes of the wire package, and back', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }), (value) => {
        const bytes = written((w) => serializePackedInt(value, w))
        expect(bytes).toEqual(encodeValue([{}], { kind: 'int64', as: 'bigint' }, value))
        expect(deserializePackedBigint(new BinaryReader(bytes))).toBe(value)
        expect(decodeInt64Big(new BinaryReader(bytes))).toBe(value)
      }),
    )
  })

  test('property: numbers are exact or refused', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        const bytes = written((w) => serializePackedInt(value, w))
        expect(deserializePackedInt(new BinaryReader(bytes))).toBe(value === 0 ? 0 : value)
      }),
    )
    const refusal = expect.objectContaining({ code: 'out-of-range' })
    const large = written((w) => serializePackedInt(2n ** 53n, w))
    expect(() => deserializePackedInt(new BinaryReader(large))).toThrow(refusal)
    expect(decodeUint64Big(new BinaryReader(large))).toBe(2n ** 53n)
    for (const wrong of [1.5, Number.NaN, 2 ** 53, 2n ** 64n])
      expect(() => written((w) => serializePackedInt(wrong, w))).toThrow(refusal)
  })

  test('pitfall 4: the minimum of a narrow type comes in nine bytes', () => {
    const bytes = Uint8Array.from([0xc0, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f])
    expect(deserializeValue(new BinaryReader(bytes), new VarInfoPrimitive(SerializationType.Int8))).toBe(-128)
  })
})

/** A type of generated code, the same type of the wire package, and values of it as generated code holds them. */
interface Typed {
  readonly vi: VarInfo
  readonly node: TypeNode
  readonly value: fc.Arbitrary<unknown>
}

const simple: readonly Typed[] = [
  { vi: new VarInfoPrimitive(SerializationType.Bool), node: { kind: 'bool' }, value: fc.boolean() },
  {
    vi: new VarInfoPrimitive(SerializationType.String),
    node: { kind: 'string' },
    value: fc.string({ unit: 'grapheme' }),
  },
  { vi: new VarInfoPrimitive(SerializationType.Uint16), node: { kind: 'uint16' }, value: fc.nat(65535) },
  { vi: new VarInfoPrimitive(SerializationType.Int32), node: { kind: 'int32' }, value: fc.integer() },
  { vi: new VarInfoPrimitive(SerializationType.Int64), node: { kind: 'int64' }, value: fc.maxSafeInteger() },
  { vi: new VarInfoPrimitive(SerializationType.Float64), node: { kind: 'float64' }, value: fc.double() },
  {
    vi: new VarInfoPrimitive(SerializationType.Time),
    node: { kind: 'time' },
    value: fc.date({ noInvalidDate: true }),
  },
  {
    vi: new VarInfoArray(false, new VarInfoPrimitive(SerializationType.Uint8)),
    node: { kind: 'bytes' },
    value: fc.option(fc.uint8Array(), { nil: undefined }),
  },
]
const text = simple[1]

const typed: fc.Arbitrary<Typed> = fc.letrec<{ type: Typed }>((tie) => ({
  type: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(...simple),
    tie('type').map(({ vi, node, value }): Typed => ({
      vi: new VarInfoArray(false, vi),
      node: { kind: 'array', elem: node },
      value: fc.option(fc.array(value, { maxLength: 3 }), { nil: undefined }),
    })),
    tie('type').map(({ vi, node, value }): Typed => ({
      vi: new VarInfoMap(false, text.vi, vi),
      node: { kind: 'map', key: { kind: 'string' }, value: node },
      value: fc.option(
        fc.array(fc.tuple(fc.string(), value), { maxLength: 3 }).map((entries) => new Map(entries)),
        { nil: undefined },
      ),
    })),
    tie('type')
      .filter(({ vi }) => !canBeNil(vi))
      .map(({ vi, node, value }): Typed => ({
        vi: new VarInfoPointer(false, vi),
        node: { kind: 'pointer', elem: node },
        value: fc.option(value, { nil: undefined }),
      })),
    fc.constant<Typed>({
      vi: new VarInfoMap(false, text.vi, undefined),
      node: { kind: 'set', key: { kind: 'string' } },
      value: fc.array(fc.string(), { maxLength: 3 }).map((keys) => new Set(keys)),
    }),
  ),
})).type

test('property: values of any type have the bytes of the wire package, come back, and cross between the two forms', () => {
  const sample = typed.chain((type) => type.value.map((value) => ({ ...type, value })))
  fc.assert(
    fc.property(sample, ({ vi, node, value }) => {
      const plain = plainArgs(vi, value)
      const bytes = written((w) => serializeValue(value, w, vi))
      expect(bytes).toEqual(encodeValue([{}], node, plain))
      expect(deserializeValue(new BinaryReader(bytes), vi)).toEqual(value)
      const decoded = decodeValue([{}], node, bytes)
      expect(equalValues([{}], node, decoded, plain)).toBe(true)
      expect(present(vi, decoded)).toEqual(value)
    }),
  )
})

describe('any', () => {
  test('property: plain values come back', () => {
    const value = fc.oneof(
      fc.boolean(),
      fc.string(),
      fc.maxSafeInteger(),
      fc.double({ noInteger: true, noNaN: true }),
      fc.date({ noInvalidDate: true }),
      fc.uint8Array(),
      fc.array(fc.oneof(fc.string(), fc.boolean(), fc.integer())),
      fc.dictionary(fc.string(), fc.integer()).map((entries) => new Map(Object.entries(entries))),
      fc.array(fc.string(), { minLength: 1 }).map((keys) => new Set(keys)),
    )
    fc.assert(
      fc.property(value, (plain) => {
        const bytes = written((w) => serializeDynamicValue(plain, w, new VarInfoDynamic()))
        expect(deserializeDynamicValue(new BinaryReader(bytes), new VarInfoDynamic())).toEqual(plain)
      }),
    )
  })

  test('pitfall 13: what cannot travel is refused by name', () => {
    for (const wrong of [{ a: 1 }, () => 1, Symbol('s'), new Map([[{}, 1]])])
      expect(() => varInfoFromObj(wrong)).toThrow(expect.objectContaining({ code: 'invalid-value' }))
    expect(varInfoFromObj(2n ** 63n)).toEqual(new VarInfoPrimitive(SerializationType.Uint64))
  })

  test('pitfall 18: 100 kB of nested lists are refused', () => {
    const bytes = new Uint8Array(100_000).fill(SerializationType.Array)
    const read = (): unknown => deserializeDynamicValue(new BinaryReader(bytes), new VarInfoDynamic())
    expect(read).toThrow(expect.objectContaining({ code: 'too-deep' }))
  })
})

describe('what generated code cannot mean', () => {
  const w = new BinaryWriter()

  test.each([
    ['a type parameter that was not filled in', new VarInfoGenericParam('T'), 1, 'schema'],
    ['a struct without a class', new VarInfoStruct('S', 'p'), { a: 1 }, 'invalid-value'],
    ['nil where nil cannot be', new VarInfoArray(true, text.vi), undefined, 'invalid-value'],
    ['a number as text', text.vi, 7, 'invalid-value'],
    ['a string as time', new VarInfoPrimitive(SerializationType.Time), 'now', 'invalid-value'],
    ['300 as uint8', new VarInfoPrimitive(SerializationType.Uint8), 300, 'out-of-range'],
    ['a code that is no type', new VarInfoPrimitive(SerializationType.Invalid), 1, 'schema'],
  ] as const)('%s is refused', (_what, vi, value, code) => {
    expect(() => serializeValue(value, w, vi)).toThrow(expect.objectContaining({ code }))
  })

  test.each([
    [new VarInfoGenericParam('T')],
    [new VarInfoStruct('S', 'p')],
    [new VarInfoPrimitive(SerializationType.Invalid)],
  ])('%o cannot be read', (vi) => {
    expect(() => deserializeValue(new BinaryReader(new Uint8Array(9)), vi)).toThrow(
      expect.objectContaining({ code: 'schema' }),
    )
  })
})

describe('the reader and the writer', () => {
  test('property: a writer holds what was written, however large the parts (pitfall 1)', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5000), { maxLength: 8 }), fc.nat(600), (sizes, first) => {
        const w2 = new BinaryWriter(first)
        for (const [i, size] of sizes.entries()) w2.writeBytes(new Uint8Array(size).fill(i))
        expect(w2.getLength()).toBe(sizes.reduce((a, b) => a + b, 0))
        expect(w2.getBytes()).toEqual(
          Uint8Array.from(sizes.flatMap((size, i) => Array.from({ length: size }, () => i))),
        )
      }),
    )
  })

  test('every width, both ways', () => {
    const w3 = new BinaryWriter()
    w3.writeUint8(200)
    w3.writeUint16(60_000)
    w3.writeUint32(4_000_000_000)
    w3.writeFloat32(1.5)
    w3.writeFloat64(-2.25)
    w3.writeStringAsBytes('é')
    const r = new BinaryReader(w3.getBytes())
    expect(r.peekByte()).toBe(200)
    expect([r.readInt8(), r.readInt16(), r.readInt32()]).toEqual([200 - 256, 60_000 - 65_536, 4_000_000_000 - 2 ** 32])
    expect([r.readFloat32(), r.readFloat64(), r.readString(2)]).toEqual([1.5, -2.25, 'é'])
    expect([r.isEOF(), r.remaining]).toEqual([true, 0])
    expect(() => r.readUint8()).toThrow(expect.objectContaining({ code: 'truncated', offset: r.offset }))
    expect(() => r.skipBytes(-1)).toThrow(expect.objectContaining({ code: 'malformed' }))
  })

  test('pitfall 10: shared memory is read', () => {
    const shared = new SharedArrayBuffer(2)
    new Uint8Array(shared).set([1, 65])
    expect(deserializeValue(new BinaryReader(shared), text.vi)).toBe('A')
  })
})

test('pitfall 47: values as plain objects, for logs', () => {
  const cycle: Record<string, unknown> = { n: 1n }
  cycle['self'] = cycle
  const value = new Map<unknown, unknown>([
    ['set', new Set([1])],
    ['bytes', Uint8Array.of(1, 2)],
    ['nothing', null],
    [7, cycle],
  ])
  expect(mapValueToObject(value)).toEqual({
    set: [1],
    bytes: [1, 2],
    nothing: null,
    7: { n: '1', self: '[cycle]' },
  })
  expect(() => JSON.stringify(mapValueToObject(value))).not.toThrow()
})
