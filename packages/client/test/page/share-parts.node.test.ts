import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { shareParts } from '../../src/page/share-parts.ts'

const leaf = fc.oneof(
  fc.integer({ min: -2, max: 2 }),
  fc.constantFrom(-0, NaN, null, true, 'a', 'b', 1n, 2n),
  fc.constantFrom(0, 1, NaN).map((ms) => new Date(ms)),
  fc.uint8Array({ max: 1, maxLength: 3 }),
  fc.array(fc.constantFrom('x', 'y'), { maxLength: 2 }).map((items) => new Set(items)),
)
const { value } = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, leaf, tie('list'), tie('map'), tie('struct')),
  list: fc.array(tie('value'), { maxLength: 3 }),
  map: fc.array(fc.tuple(fc.constantFrom('p', 'q', 'r'), tie('value')), { maxLength: 3 }).map((e) => new Map(e)),
  struct: fc.record({ first: tie('value'), second: tie('value') }, { noNullPrototype: true }),
}))

const copyOf = (v: unknown): unknown => structuredClone(v)

test('equal values are the one that was there', () => {
  fc.assert(
    fc.property(value, (v) => {
      expect(shareParts(v, copyOf(v))).toBe(v)
    }),
  )
})

test('is what came, whatever was there; what was there is not touched; equal fields are what was there', () => {
  fc.assert(
    fc.property(value, value, (before, after) => {
      const [wasBefore, wasAfter] = [copyOf(before), copyOf(after)]
      expect(shareParts(before, after)).toStrictEqual(wasAfter)
      expect(before).toStrictEqual(wasBefore)
      const old = { same: before, other: 1 }
      const now = shareParts(old, { same: copyOf(before), other: 2 }) as typeof old
      expect(now).not.toBe(old)
      expect(now.same).toBe(before)
      expect(now.other).toBe(2)
    }),
  )
})

test('tells nothing from undefined, a list from a struct and 0 from -0', () => {
  expect(shareParts({ a: undefined }, { b: undefined })).toStrictEqual({ b: undefined })
  expect(shareParts(new Map([['a', undefined]]), new Map([['b', undefined]]))).toEqual(new Map([['b', undefined]]))
  expect(shareParts([], {})).toStrictEqual({})
  expect(shareParts({ x: 0 }, { x: -0 })).toStrictEqual({ x: -0 })
})
