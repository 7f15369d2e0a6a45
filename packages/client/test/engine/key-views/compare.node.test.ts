import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareKeys, comparerOf, compareText } from '../../../src/engine/key-views/compare.ts'
import { rowFilter } from '../../../src/engine/key-views/conditions.ts'
import type { PlainCondition } from '../../../src/list-query.ts'
import { meets } from '../../support/list-model.ts'

const ascending = comparerOf(false, undefined)
const descending = comparerOf(true, undefined)

describe('the order of values', () => {
  test('numbers by size; NaN and then what is missing comes last, whichever way', () => {
    const values = [null, 3, NaN, -Infinity, 0, undefined, 7]
    expect(values.toSorted(ascending).slice(0, 5)).toEqual([-Infinity, 0, 3, 7, NaN])
    expect(values.toSorted(descending).slice(0, 5)).toEqual([7, 3, 0, -Infinity, NaN])
  })

  test('-0 equals 0, null what is missing, NaN itself', () => {
    expect([ascending(-0, 0), ascending(null, undefined), descending(NaN, NaN)]).toEqual([0, 0, 0])
  })

  test('bigints, booleans and times', () => {
    expect([5n, -(1n << 62n), 1n << 62n].toSorted(ascending)).toEqual([-(1n << 62n), 5n, 1n << 62n])
    expect([true, false].toSorted(ascending)).toEqual([false, true])
    expect(ascending(new Date(5), new Date(5))).toBe(0)
    expect(descending(new Date(5), new Date(6))).toBeGreaterThan(0)
  })

  test('strings by code point: an emoji is above a fullwidth letter, although its first unit is below', () => {
    expect(compareText('😀', 'Ａ')).toBeGreaterThan(0)
    expect(['b', 'a10', 'a2', 'B', 'ä', ''].toSorted(ascending)).toEqual(['', 'B', 'a10', 'a2', 'b', 'ä'])
  })

  test('strings by code point, whatever they are', () => {
    const points = (s: string): number[] => Array.from(s, (c) => c.codePointAt(0) as number)
    const text = fc.string({ unit: 'binary', maxLength: 6 })
    fc.assert(
      fc.property(text, text, (a, b) => {
        const [x, y] = [points(a), points(b)]
        const i = x.findIndex((p, at) => p !== y[at])
        const order = i < 0 ? x.length - y.length : y[i] === undefined ? 1 : (x[i] as number) - y[i]
        expect(Math.sign(compareText(a, b))).toBe(Math.sign(order))
      }),
      { numRuns: 500 },
    )
  })

  test('strings as a locale has it', () => {
    const german = comparerOf(false, { locale: 'de', numeric: true })
    expect(['b', 'a10', 'a2', 'B', 'ä'].toSorted(german)).toEqual(['ä', 'a2', 'a10', 'b', 'B'])
    const loose = comparerOf(false, { locale: 'de', sensitivity: 'base' })
    expect(loose('A', 'ä')).toBe(0)
    expect(() => comparerOf(false, { locale: 'no locale' })).toThrow(RangeError)
  })

  test('keys: any two differ, NaN is last', () => {
    expect([NaN, 2, -1].toSorted(compareKeys)).toEqual([-1, 2, NaN])
    expect(compareKeys(NaN, NaN)).toBe(0)
    expect(['b', 'a'].toSorted(compareKeys)).toEqual(['a', 'b'])
    expect([true, false].toSorted(compareKeys)).toEqual([false, true])
    expect([2n, 1n].toSorted(compareKeys)).toEqual([1n, 2n])
  })
})

describe('conditions', () => {
  const types = [
    {
      Row: {
        form: 'partial',
        fields: [
          { name: 'name', id: 1, type: { kind: 'string' } },
          { name: 'speed', id: 2, type: { kind: 'pointer', elem: { kind: 'float64' } } },
          { name: 'since', id: 3, type: { kind: 'time' } },
        ],
      },
    },
  ] as const
  const filter = (...where: PlainCondition[]): ((row: unknown) => boolean) =>
    rowFilter(types, { kind: 'struct', ref: 'Row' }, where)
  const row = (name: string, speed: number | null, at = 0) => ({ name, speed, since: new Date(at) })
  const speeds = fc.option(fc.constantFrom(-1, 0, 1, 2, NaN, Infinity))

  test('hold as the plain model says', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'ß'), maxLength: 3 })
    const condition: fc.Arbitrary<PlainCondition> = fc.oneof(
      fc.record({
        field: fc.constant(['speed']),
        op: fc.constantFrom('=', '!=', '<', '<=', '>', '>='),
        value: speeds,
      }),
      fc.record({ field: fc.constant(['speed']), op: fc.constant('in'), value: fc.array(speeds, { maxLength: 3 }) }),
      fc.record({ field: fc.constant(['name']), op: fc.constantFrom('=', '<', '>=', 'contains'), value: text }),
    )
    fc.assert(
      fc.property(fc.array(condition, { maxLength: 3 }), text, speeds, (where, name, speed) => {
        const candidate = row(name, speed)
        expect(filter(...where)(candidate)).toBe(where.every((one) => meets(candidate, one)))
      }),
      { numRuns: 500 },
    )
  })

  test('times are compared by instant', () => {
    const at = filter({ field: ['since'], op: '=', value: new Date(5) })
    expect([at(row('a', 1, 5)), at(row('a', 1, 6))]).toEqual([true, false])
  })

  test('nothing is less or greater than a blank, but a blank equals one', () => {
    const slow = filter({ field: ['speed'], op: '<', value: 5 })
    const unknown = filter({ field: ['speed'], op: '=', value: null })
    expect([slow(row('a', null)), slow(row('a', NaN)), slow(row('a', 1))]).toEqual([false, false, true])
    expect([unknown(row('a', null)), unknown(row('a', NaN))]).toEqual([true, false])
  })
})
