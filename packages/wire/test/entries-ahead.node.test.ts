import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  applyDelta,
  applyMessage,
  decodeDelta,
  type Delta,
  encodeDelta,
  type KeyNode,
  OWNS_ALL,
  type PathPart,
  type StoreDef,
} from '../src/index.ts'

interface Row {
  readonly x: number
  readonly label: string
}

interface Rows {
  readonly rows: ReadonlyMap<PathPart, Row>
}

function storeOf(key: KeyNode): StoreDef<Rows> {
  return {
    kind: 'store',
    name: 'Rows',
    state: 'm.Rows',
    types: [
      {
        'm.Rows': {
          form: 'partial',
          fields: [
            {
              name: 'rows',
              id: 1,
              mod: true,
              type: { kind: 'map', key, value: { kind: 'struct', ref: 'm.Row' }, notNull: true },
            },
          ],
        },
        'm.Row': {
          form: 'partial',
          fields: [
            { name: 'x', id: 1, type: { kind: 'float64' } },
            { name: 'label', id: 2, type: { kind: 'string' } },
          ],
        },
      },
    ],
  }
}

const byString = storeOf({ kind: 'string' })
const byNumber = storeOf({ kind: 'uint32' })

const rowsOf = (keys: readonly PathPart[]): ReadonlyMap<PathPart, Row> =>
  new Map(keys.map((key, i) => [key, { x: i, label: `row ${i}` }]))

const modsOf = (keys: readonly PathPart[], x = 0.5): Delta => ({
  rows: { mods: new Map(keys.map((key, i) => [key, { x: { set: i + x } }])) },
})

/** Applies the delta in both ways and in place; all must agree on the state and on what changed. */
function applyEverywhere(def: StoreDef<Rows>, keys: readonly PathPart[], delta: Delta): Rows {
  const bytes = encodeDelta(def, delta)
  const { state: expected, changed } = applyDelta(def, { rows: rowsOf(keys) }, decodeDelta(def, bytes))
  for (const owned of [new Set<object>(), OWNS_ALL]) {
    const reported: PathPart[][] = []
    const before: Rows = { rows: rowsOf(keys) }
    const after = applyMessage(def, before, bytes, {
      owned,
      report: (path, depth) => reported.push(path.slice(0, depth)),
    })
    expect([...after.rows]).toEqual([...expected.rows])
    expect(reported).toEqual(changed)
    expect([...before.rows]).toEqual(owned === OWNS_ALL ? [...expected.rows] : [...rowsOf(keys)])
  }
  return expected
}

/** ASCII, not ASCII, equal up to the last character, with lone surrogates that no bytes can spell. */
const keyArbitrary = fc.oneof(
  fc.nat(400).map((n) => `row-${String(n).padStart(5, '0')}`),
  fc.nat(400).map(String),
  fc.string({ unit: 'grapheme', maxLength: 5 }),
  fc.nat(99).map((n) => 'k'.repeat(60) + n),
)

describe('a wide delta', () => {
  test('does what a delta as a value does, whatever the keys and their order', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(keyArbitrary, { maxLength: 150 }),
        fc.uniqueArray(keyArbitrary, { maxLength: 20 }),
        fc.array(fc.nat(9), { minLength: 150, maxLength: 150 }),
        fc.boolean(),
        (keys, others, chance, backwards) => {
          const some = keys.filter((_, i) => (chance[i] as number) > 1)
          const wanted = [...new Set([...some.slice(0, 40), ...others, ...some.slice(40)])]
          const { rows } = applyEverywhere(byString, keys, modsOf(backwards ? wanted.toReversed() : wanted))
          expect(rows.size).toBe(new Set([...keys, ...wanted]).size)
        },
      ),
      { numRuns: 150 },
    )
  })

  test('keyed by numbers, too', () => {
    const keys = Array.from({ length: 100 }, (_, i) => i * 3)
    const { rows } = applyEverywhere(byNumber, keys, modsOf(keys.toReversed()))
    expect(rows.get(0)).toEqual({ x: 99.5, label: 'row 0' })
  })

  test('that also sets and deletes entries', () => {
    const keys = Array.from({ length: 120 }, (_, i) => `k${i}`)
    const { rows } = applyEverywhere(byString, keys, {
      rows: {
        sets: new Map<PathPart, unknown>([
          ['k5', { x: -5, label: 'set' }],
          ['new', { x: -6, label: 'new' }],
        ]),
        deletes: new Set(['k7', 'k9']),
        mods: modsOf([...keys.filter((key) => key !== 'k9'), 'new'])['rows']?.mods as ReadonlyMap<PathPart, Delta>,
      },
    })
    expect(rows.get('k5')).toEqual({ x: 5.5, label: 'set' })
    expect(rows.get('k7')).toEqual({ x: 7.5, label: '' })
    expect(rows.has('k9')).toBe(false)
  })

  test('that names a key twice', () => {
    const keys = Array.from({ length: 40 }, (_, i) => `k${i}`)
    const once = encodeDelta(byString, modsOf(keys))
    const twice = encodeDelta(byString, modsOf([...keys, 'K39'], 100))
    // The key is written as "K39" so that the encoder takes it, and becomes "k39" in the bytes.
    const at = Buffer.from(twice).indexOf('K39')
    twice[at] = 'k'.charCodeAt(0)
    const first = applyMessage(byString, { rows: rowsOf(keys) }, once)
    expect(applyMessage(byString, first, twice).rows.get('k39')).toEqual({ x: 140, label: 'row 39' })
  })
})

/** Counts what is asked of a map. */
class CountedMap extends Map<PathPart, Row> {
  lookups = 0
  steps = 0

  override get(key: PathPart): Row | undefined {
    this.lookups++
    return super.get(key)
  }

  override *entries(): MapIterator<[PathPart, Row]> {
    for (const entry of super.entries()) {
      this.steps++
      yield entry
    }
  }
}

function operationsOf(keys: readonly string[], wanted: readonly string[]): { lookups: number; steps: number } {
  const rows = new CountedMap(rowsOf(keys))
  rows.lookups = 0
  rows.steps = 0
  const after = applyMessage(byString, { rows }, encodeDelta(byString, modsOf(wanted)), { owned: OWNS_ALL })
  expect(after.rows).toBe(rows)
  expect(rows.size).toBe(keys.length)
  const { lookups, steps } = rows
  for (const [i, key] of wanted.entries()) expect(rows.get(key)?.x).toBe(i + 0.5)
  return { lookups, steps }
}

describe('the work of a wide delta', () => {
  const keysOf = (n: number): string[] => Array.from({ length: n }, (_, i) => `entity-${i}`)

  test.each([100, 1000, 10_000])('%i rows in the order of the map: one step each and no lookup', (n) => {
    expect(operationsOf(keysOf(n), keysOf(n))).toEqual({ lookups: 0, steps: n })
  })

  test.each([100, 1000, 10_000])('%i rows of which some did not change: still no lookup', (n) => {
    const keys = keysOf(n)
    const wanted = keys.filter((_, i) => i % 5 !== 3)
    const { lookups, steps } = operationsOf(keys, wanted)
    expect(lookups).toBe(0)
    expect(steps).toBeLessThanOrEqual(n)
  })

  test.each([100, 1000, 10_000])('%i rows in another order: one lookup each, and the walk ends at once', (n) => {
    const { lookups, steps } = operationsOf(keysOf(n), keysOf(n).toReversed())
    expect(lookups).toBe(n)
    expect(steps).toBeLessThanOrEqual(8)
  })

  test('a few rows of many: no walk at all', () => {
    const keys = keysOf(1000)
    expect(operationsOf(keys, keys.slice(0, 10))).toEqual({ lookups: 10, steps: 0 })
  })
})
