import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromJsonValue, toJsonValue } from '../../src/transport/json-values.ts'

const there = (value: unknown): unknown => fromJsonValue(JSON.parse(JSON.stringify(toJsonValue(value))))

/** Anything that a transport carries. */
const { value: values } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string(),
    fc.double(),
    fc.constantFrom<unknown>(null, undefined, true, false, -0, Infinity, NaN, ''),
    fc.bigInt(),
    fc.date({ noInvalidDate: false }),
    fc.uint8Array(),
    fc.uint8Array().map((bytes) => bytes.slice().buffer),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('$rivulet', '__proto__', 'constructor')), tie('value'), {
      maxKeys: 4,
      noNullPrototype: true,
    }),
    fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 3 }).map((entries) => new Map(entries)),
    fc.array(tie('value'), { maxLength: 3 }).map((items) => new Set(items)),
  ),
}))

describe('a value through JSON', () => {
  test('is the same afterwards', () => {
    const same = (value: unknown): void => {
      expect(there(value)).toEqual(value)
    }
    fc.assert(fc.property(values, same), { numRuns: 500 })
  })

  test('has the same undefined fields and the same kinds of bytes', () => {
    const out = there({
      gone: undefined,
      bytes: new Uint8Array([1, 2]),
      buffer: new Uint8Array([3]).buffer,
      list: [undefined],
    })
    expect(Object.hasOwn(out as object, 'gone')).toBe(true)
    expect(out).toEqual({
      gone: undefined,
      bytes: new Uint8Array([1, 2]),
      buffer: new Uint8Array([3]).buffer,
      list: [undefined],
    })
    expect((out as { buffer: unknown }).buffer).toBeInstanceOf(ArrayBuffer)
  })

  test('a view carries its own bytes only, and many of them', () => {
    const all = Uint8Array.from({ length: 100_000 }, (_, i) => i)
    expect(there(all.subarray(5, 90_000))).toEqual(all.slice(5, 90_000))
  })

  test('keys that mean something elsewhere are keys', () => {
    const tricky = JSON.parse('{"__proto__": {"a": 1}, "$rivulet": ["bigint", "1"]}') as object
    const out = there(tricky) as object
    expect(Object.getPrototypeOf(out)).toBe(Object.prototype)
    expect(Object.entries(out)).toEqual(Object.entries(tricky))
  })

  test('functions, symbols and instances of classes do not go', () => {
    class Boat {
      readonly name = 'Ada'
    }
    for (const value of [() => 1, Symbol('s'), new Boat(), { deep: [new Boat()] }]) {
      expect(() => toJsonValue(value)).toThrow(TypeError)
    }
  })

  test('what was never made here is refused', () => {
    for (const text of [
      '{"$rivulet":["boat",1]}',
      '{"$rivulet":1}',
      '{"$rivulet":["bigint","x"]}',
      '{"$rivulet":["set",1]}',
    ]) {
      expect(() => fromJsonValue(JSON.parse(text))).toThrow(/./)
    }
  })
})
