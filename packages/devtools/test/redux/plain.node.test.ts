import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromPlain, toPlain } from '../../src/redux/plain.ts'

const ALL = 1_000_000

/** What stores hold: every kind of value, nested. */
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    fc.constant(undefined),
    fc.double(),
    fc.bigInt(),
    fc.date(),
    fc.uint8Array({ maxLength: 20 }),
    fc.array(tie('any'), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.oneof(fc.string(), fc.integer(), fc.bigInt()), tie('any')), { maxLength: 4 })
      .map((all) => new Map(all)),
    fc.array(fc.oneof(fc.string(), fc.bigInt()), { maxLength: 4 }).map((all) => new Set(all)),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('$map', '$bigint', '$object', '$undefined')), tie('any'), {
      maxKeys: 4,
      noNullPrototype: true,
    }),
  ),
})).any

describe('a value as JSON', () => {
  test('comes back as it was, through text', () => {
    fc.assert(
      fc.property(value, (one) => {
        expect(fromPlain(JSON.parse(JSON.stringify(toPlain(one, ALL))))).toEqual(one)
      }),
      { numRuns: 500 },
    )
  })

  test('is what JSON has where JSON has it, for people to read', () => {
    expect(toPlain({ name: 'a', rows: [1, null, true] }, ALL)).toEqual({ name: 'a', rows: [1, null, true] })
    expect(toPlain(new Map([[1n, new Date(0)]]), ALL)).toEqual({
      $map: [[{ $bigint: '1' }, { $date: '1970-01-01T00:00:00.000Z' }]],
    })
    expect(toPlain(Uint8Array.of(0, 255), ALL)).toEqual({ $bytes: '00ff' })
    expect(toPlain([-0, Number.NaN], ALL)).toEqual([{ $number: '-0' }, { $number: 'NaN' }])
  })

  test('is refused above the limit, and at no cost beyond it', () => {
    expect(toPlain([1, 2, 3], 4)).toEqual([1, 2, 3])
    expect(toPlain([1, 2, 3], 3)).toBeUndefined()
    expect(toPlain(new Uint8Array(100), 50)).toBeUndefined()
    let read = 0
    const endless = new Proxy([], {
      get: (_, key) =>
        key === 'length'
          ? 1e9
          : key === 'map'
            ? (each: (n: number) => unknown) => {
                for (;;) each(read++)
              }
            : undefined,
    })
    expect(toPlain(endless, 1_000)).toBeUndefined()
    expect(read).toBeLessThan(1_001)
  })

  test('text that somebody wrote by hand is taken as far as it goes', () => {
    expect(fromPlain({ $unknown: 1 })).toEqual({ $unknown: 1 })
    expect(fromPlain({ $map: [], other: 1 })).toEqual({ $map: [], other: 1 })
  })
})
