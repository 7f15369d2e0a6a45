import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeValue, encodeValue, isRivuletError, rangeDecoder, type TypeNode, type Types } from '../src/index.ts'

const types: Types = [
  {
    'range.Row': {
      form: 'partial',
      fields: [
        { name: 'name', id: 1, type: { kind: 'string' } },
        { name: 'marks', id: 2, type: { kind: 'array', elem: { kind: 'int32' }, notNull: true } },
        { name: 'inner', id: 3, type: { kind: 'pointer', elem: { kind: 'struct', ref: 'range.Row' } } },
      ],
    },
  },
]
const node: TypeNode = { kind: 'struct', ref: 'range.Row' }
interface Row {
  readonly name: string
  readonly marks: readonly number[]
  readonly inner: Row | null
}
const flat = fc.record({
  name: fc.string(),
  marks: fc.array(fc.integer({ min: -5, max: 5 })),
  inner: fc.constant(null),
})
const row: fc.Arbitrary<Row> = fc.record({
  name: fc.string(),
  marks: fc.array(fc.nat(9)),
  inner: fc.option(flat),
})

/** Rows one after the other, and where each ends. */
function joined(rows: readonly Row[]): { readonly bytes: Uint8Array; readonly ends: readonly number[] } {
  const parts = rows.map((one) => encodeValue(types, node, one))
  let end = 0
  const ends = parts.map(({ length }) => (end += length))
  const bytes = new Uint8Array(end)
  parts.forEach((part, i) => bytes.set(part, i === 0 ? 0 : ends[i - 1]))
  return { bytes, ends }
}

describe('rangeDecoder', () => {
  test('reads each value where it lies, in any order, as decodeValue reads it alone', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), fc.infiniteStream(fc.nat(7)), (rows, order) => {
        const { bytes, ends } = joined(rows)
        const at = rangeDecoder(types, node, bytes)
        for (const n of order.take(12)) {
          const i = n % rows.length
          const start = i === 0 ? 0 : (ends[i - 1] as number)
          expect(at(start, ends[i] as number)).toEqual(rows[i])
          expect(at(start, ends[i] as number)).toEqual(decodeValue(types, node, bytes.slice(start, ends[i])))
        }
      }),
    )
  })

  test('a value does not reach beyond its end, and one that failed leaves nothing behind', () => {
    fc.assert(
      fc.property(row, row, fc.nat(), (first, second, cut) => {
        const { bytes, ends } = joined([first, second])
        const at = rangeDecoder(types, node, bytes)
        const [end] = ends as [number]
        let error: unknown
        try {
          at(0, cut % end)
        } catch (e) {
          error = e
        }
        expect(error === undefined || isRivuletError(error)).toBe(true)
        expect(at(end, bytes.length)).toEqual(second)
        expect(at(0, end)).toEqual(first)
      }),
    )
  })

  test('an end beyond the bytes is the end of the bytes', () => {
    const { bytes } = joined([{ name: 'a', marks: [], inner: null }])
    const at = rangeDecoder(types, node, bytes)
    expect(at(0, 1e9)).toMatchObject({ name: 'a' })
    expect(() => at(bytes.length, 1e9)).toThrow(expect.objectContaining({ name: 'RivuletError' }))
    expect(() => at(1e9, 2e9)).toThrow(expect.objectContaining({ name: 'RivuletError' }))
  })
})
