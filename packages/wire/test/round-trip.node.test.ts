import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decodeValue,
  encodeValue,
  type FieldDef,
  isRivuletError,
  structOf,
  type TypeNode,
  type Types,
  zeroOf,
} from '../src/index.ts'
import { Reader, readLength } from '../src/reader.ts'
import { sample, schema, valueOf } from './support/arbitrary.ts'

describe('round trip', () => {
  test('features 1, 2, 10 and 17: any value of any schema comes back equal', () => {
    fc.assert(
      fc.property(sample(), ({ types, node, value }) => {
        expect(decodeValue(types, node, encodeValue(types, node, value))).toEqual(value)
      }),
      { numRuns: 200 },
    )
  })

  test('encoding what was decoded gives the same bytes', () => {
    fc.assert(
      fc.property(sample(), ({ types, node, value }) => {
        const bytes = encodeValue(types, node, value)
        expect(encodeValue(types, node, decodeValue(types, node, bytes))).toEqual(bytes)
      }),
      { numRuns: 200 },
    )
  })

  test('a message that starts in the middle of its buffer reads the same', () => {
    fc.assert(
      fc.property(sample(), fc.nat(20), fc.nat(20), ({ types, node, value }, before, after) => {
        const bytes = encodeValue(types, node, value)
        const pool = new Uint8Array(before + bytes.length + after).fill(0xff)
        pool.set(bytes, before)
        expect(decodeValue(types, node, pool.subarray(before, before + bytes.length))).toEqual(value)
      }),
      { numRuns: 100 },
    )
  })
})

const DECODE_CODES = new Set<string>(['truncated', 'malformed', 'too-deep', 'out-of-range'])

/** What is wrong with how these bytes are received, if anything. */
function faultOf(types: Types, node: TypeNode, bytes: Uint8Array): string | undefined {
  try {
    decodeValue(types, node, bytes)
  } catch (e) {
    if (!isRivuletError(e)) return `threw ${String(e)}`
    if (!DECODE_CODES.has(e.code)) return `code ${e.code}`
    if (e.offset === undefined || e.offset < 0 || e.offset > bytes.length) return `offset ${e.offset}`
  }
  return undefined
}

describe('damage', () => {
  test('a truncated message decodes or throws a RivuletError with an offset', () => {
    fc.assert(
      fc.property(sample(), fc.double({ min: 0, max: 1, noNaN: true }), ({ types, node, value }, at) => {
        const bytes = encodeValue(types, node, value)
        expect(faultOf(types, node, bytes.subarray(0, Math.floor(at * bytes.length)))).toBeUndefined()
      }),
      { numRuns: 200 },
    )
  })

  test('a message with changed bytes decodes or throws a RivuletError with an offset', () => {
    const change = fc.tuple(
      fc.nat(),
      fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0, 1, 0x40, 0x41, 0x7f, 0x80, 0xff)),
    )
    fc.assert(
      fc.property(sample(), fc.array(change, { minLength: 1, maxLength: 6 }), ({ types, node, value }, changes) => {
        const bytes = encodeValue(types, node, value)
        if (bytes.length === 0) return
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte
        expect(faultOf(types, node, bytes)).toBeUndefined()
      }),
      { numRuns: 300 },
    )
  })

  test('random bytes decode or throw a RivuletError with an offset', () => {
    fc.assert(
      fc.property(sample(), fc.uint8Array({ maxLength: 300 }), ({ types, node }, bytes) => {
        expect(faultOf(types, node, bytes)).toBeUndefined()
      }),
      { numRuns: 200 },
    )
  })
})

/** The entries of a fielded struct, each with its id and length. */
function entriesOf(bytes: Uint8Array): Uint8Array[] {
  const r = new Reader(bytes)
  readLength(r)
  const out: Uint8Array[] = []
  while (r.pos < bytes.length) {
    const start = r.pos++
    const size = readLength(r)
    r.pos += size
    out.push(bytes.slice(start, r.pos))
  }
  return out
}

function bodyOf(entries: readonly Uint8Array[]): Uint8Array {
  const body = Uint8Array.from(entries.flatMap((e) => [...e]))
  const length = encodeValue([], { kind: 'uint32' }, body.length)
  return Uint8Array.from([...length, ...body])
}

/** A fielded struct with a value, and an order in which to take its fields. */
const evolving = schema({ forms: ['fielded', 'partial'] }).chain((types) =>
  fc.tuple(
    fc.constant(types),
    valueOf(types, { kind: 'struct', ref: 't.S0' }),
    fc.array(fc.nat(1000), { minLength: 24, maxLength: 24 }),
  ),
)

function shuffled<T>(items: readonly T[], order: readonly number[]): T[] {
  return items
    .map((item, i) => [order[i] as number, item] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, item]) => item)
}

const valueSeed = fc.integer()

describe('evolution of fielded structs', () => {
  const node: TypeNode = { kind: 'struct', ref: 't.S0' }
  const withFields = (types: Types, fields: readonly FieldDef[]): Types => [
    { ...types[0], 't.S0': { ...structOf(types, 't.S0'), fields } },
  ]

  test('feature 5: entries may come in any order, and twice: the last one wins', () => {
    fc.assert(
      fc.property(evolving, valueSeed, ([types, value, order], seed) => {
        const older = fc.sample(valueOf(types, node), { numRuns: 1, seed })[0]
        const current = entriesOf(encodeValue(types, node, value))
        const ids = new Set(current.map((e) => e[0]))
        const stale = entriesOf(encodeValue(types, node, older)).filter((e) => ids.has(e[0] as number))
        expect(
          decodeValue(types, node, bodyOf([...shuffled(stale, order), ...shuffled(current, order.toReversed())])),
        ).toEqual(value)
      }),
      { numRuns: 200 },
    )
  })

  test('feature 3: a reader with fewer fields skips the others', () => {
    fc.assert(
      fc.property(evolving, ([types, value, order]) => {
        const fields = structOf(types, 't.S0').fields.filter((_, i) => (order[i] as number) % 2 === 0)
        // Behind pointers the same struct is read with fewer fields too, so only fields without structs are compared.
        const flat = fields.filter((f) => !JSON.stringify(f.type).includes('t.S'))
        const got = decodeValue(withFields(types, fields), node, encodeValue(types, node, value)) as Record<
          string,
          unknown
        >
        expect(Object.keys(got)).toEqual(fields.map((f) => f.name))
        for (const f of flat) expect(got[f.name]).toEqual((value as Record<string, unknown>)[f.name])
      }),
      { numRuns: 200 },
    )
  })

  test('feature 4: a reader with more fields sees zeros', () => {
    fc.assert(
      fc.property(evolving, ([types, value, order]) => {
        const fields = structOf(types, 't.S0').fields
        const known = fields.filter((_, i) => (order[i] as number) % 2 === 0)
        const older = withFields(types, known)
        const got = decodeValue(types, node, encodeValue(older, node, value)) as Record<string, unknown>
        // A struct below has fewer fields too, when it is the same one; so only fields without structs are compared.
        const plain = fields.filter((f) => !JSON.stringify(f.type).includes('t.S'))
        for (const f of plain) {
          const expected = known.includes(f) ? (value as Record<string, unknown>)[f.name] : zeroOf(types, f.type)
          expect(got[f.name]).toEqual(expected)
        }
      }),
      { numRuns: 200 },
    )
  })

  test('a struct with more fields than one integer has bits finds every absent one', () => {
    const fields = Array.from({ length: 200 }, (_, i): FieldDef => ({
      name: `f${i}`,
      id: i + 1,
      type: { kind: i % 3 === 0 ? 'string' : 'int32' },
    }))
    const types: Types = [{ 't.S0': { form: 'fielded', fields } }]
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 199 })), (present) => {
        const given = Object.fromEntries(present.map((i) => [`f${i}`, i % 3 === 0 ? `v${i}` : i + 1]))
        const got = decodeValue(types, node, encodeValue(types, node, given)) as Record<string, unknown>
        for (const [i, f] of fields.entries()) expect(got[f.name]).toEqual(given[f.name] ?? (i % 3 === 0 ? '' : 0))
      }),
      { numRuns: 50 },
    )
  })
})
