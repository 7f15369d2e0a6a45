import { describe, expect, test } from 'vitest'
import {
  applyDelta,
  applyMessage,
  decodeDelta,
  decodeDeltaOf,
  decodeState,
  type Delta,
  diffStates,
  encodeDelta,
  encodeDeltaOf,
  encodeState,
  mergeDelta,
  type Path,
  pruneDelta,
  type StructTable,
  type Types,
} from '../src/index.ts'
import { bedOf, type Garden, gardenOf, GardenStore } from './support/garden.ts'
import { bytesToHex, hexToBytes } from './support/neutral.ts'

/** The bytes of what differs between two gardens. */
function sent(before: Garden, after: Garden): string {
  return bytesToHex(encodeDelta(GardenStore, diffStates(GardenStore, before, after) ?? {}))
}

const hex = (spaced: string): string => spaced.replaceAll(' ', '')

/** Applies bytes in both ways, which must agree, and tells the changed paths. */
function apply(before: Garden, bytes: string): { readonly state: Garden; readonly changed: readonly Path[] } {
  const delta = decodeDelta(GardenStore, hexToBytes(bytes))
  const got = applyDelta(GardenStore, before, delta)
  expect(applyMessage(GardenStore, before, hexToBytes(bytes))).toEqual(got.state)
  return got
}

const full = gardenOf({
  name: 'n',
  main: bedOf({ kind: 'm', count: 1 }),
  spare: bedOf({ kind: 's' }),
  beds: new Map([
    ['a', bedOf({ kind: 'a' })],
    ['b', bedOf({ kind: 'b' })],
  ]),
  rows: [bedOf({ kind: 'r0' }), bedOf({ kind: 'r1' })],
  nums: [1, 2, 3],
})

describe('what travels', () => {
  test('feature 22: of a changed field, that field', () => {
    expect(sent(full, { ...full, name: 'x' })).toBe(hex('05 01 03 00 0178'))
  })

  test('feature 23: of a changed map, the entries that were set and the keys that were deleted', () => {
    const beds = new Map([
      ['a', bedOf({ kind: 'a' })],
      ['c', bedOf()],
    ])
    // Sets: c, an empty bed. Deletes: b. No mods, no whole.
    expect(sent(full, { ...full, beds })).toBe(hex('0c 05 0a 00 01 0163 00 01 0162 00 01'))
    expect(sent(full, { ...full, byId: new Map([[5n, 'v']]) })).toContain('0a')
  })

  test('feature 24: of a changed list, index and value', () => {
    expect(sent(full, { ...full, nums: [1, 2, 9] })).toBe(hex('07 07 05 00 01 02 09 01'))
  })

  test('feature 25: of a struct in a map or a list, the field that changed', () => {
    const beds = new Map([...(full.beds ?? []), ['a', bedOf({ kind: 'a', count: 4 })]])
    // The map entry a has a delta of its own: field 2 is 4.
    expect(sent(full, { ...full, beds })).toBe(hex('0f 05 0d 00 00 00 01 0161 00 04 02 02 00 04 01'))
    const rows = [bedOf({ kind: 'r0' }), bedOf({ kind: 'r1', count: 4 })]
    expect(sent(full, { ...full, rows })).toBe(hex('0d 06 0b 00 00 01 01 00 04 02 02 00 04 01'))
  })

  test('feature 26: a collection, or a struct inside, can be replaced', () => {
    const delta: Delta = { nums: { whole: [7] }, main: { whole: bedOf({ kind: 'q' }) }, beds: { whole: new Map() } }
    const bytes = bytesToHex(encodeDelta(GardenStore, delta))
    const { state, changed } = apply(full, bytes)
    expect(state).toEqual({ ...full, nums: [7], main: bedOf({ kind: 'q' }), beds: new Map() })
    expect(changed).toEqual([['main'], ['beds'], ['nums']])
  })

  test('feature 27: a pointer becomes null', () => {
    const bytes = sent(full, { ...full, spare: null })
    expect(bytes).toBe(hex('06 04 04 00 00 01 01'))
    expect(apply(full, bytes)).toEqual({ state: { ...full, spare: null }, changed: [['spare']] })
  })

  test('feature 131: of operations that change nothing, nothing', () => {
    const same: Delta = {
      name: { set: 'n' },
      nums: { sets: new Map([[0, 1]]) },
      beds: { sets: new Map([['a', bedOf({ kind: 'a' })]]), deletes: new Set(['gone']) },
      main: { mod: { count: { set: 1 } } },
    }
    expect(pruneDelta(GardenStore, full, same)).toBeNull()
    expect(pruneDelta(GardenStore, full, { ...same, name: { set: 'x' } })).toEqual({ name: { set: 'x' } })
  })
})

describe('what applying does', () => {
  test('features 28 and 104: it tells the outermost changed paths, each once', () => {
    const delta: Delta = {
      main: { whole: bedOf({ kind: 'w' }), mod: { count: { set: 5 } } },
      beds: {
        sets: new Map([['c', bedOf()]]),
        deletes: new Set(['b']),
        mods: new Map([
          ['c', { x: { set: 1 }, kind: { set: 'c' } }],
          ['a', { x: { set: 1 }, kind: { set: 'z' } }],
        ]),
      },
      nums: { sets: new Map([[1, 8]]) },
    }
    expect(apply(full, bytesToHex(encodeDelta(GardenStore, delta))).changed).toEqual([
      ['main'],
      ['beds', 'c'],
      ['beds', 'b'],
      ['beds', 'a', 'kind'],
      ['beds', 'a', 'x'],
      ['nums', 1],
    ])
  })

  test('feature 29: a merged delta does what both did', () => {
    const older: Delta = {
      name: { set: 'one' },
      nums: { whole: [4] },
      beds: { sets: new Map([['a', bedOf({ count: 1 })]]), deletes: new Set(['b']) },
    }
    const newer: Delta = {
      name: { set: 'two' },
      nums: { sets: new Map([[1, 6]]) },
      beds: { sets: new Map([['b', bedOf()]]), mods: new Map([['a', { count: { set: 2 } }]]) },
    }
    const merged = mergeDelta(GardenStore, older, newer)
    const { state } = applyDelta(GardenStore, applyDelta(GardenStore, full, older).state, newer)
    expect(applyDelta(GardenStore, full, merged).state).toEqual(state)
    expect(state).toMatchObject({ name: 'two', nums: [4, 6] })
    expect([...(state.beds ?? [])]).toEqual([
      ['a', bedOf({ count: 2 })],
      ['b', bedOf()],
    ])
  })

  test('feature 107: an element beyond the end makes the list longer, with zeros in between', () => {
    const { state, changed } = apply(full, hex('07 07 05 00 01 05 09 01'))
    expect(state.nums).toEqual([1, 2, 3, 0, 0, 9])
    expect(changed).toEqual([['nums', 5]])
    const rows = encodeDelta(GardenStore, { rows: { mods: new Map([[3, { count: { set: 1 } }]]) } })
    expect(apply(full, bytesToHex(rows)).state.rows).toEqual([...(full.rows ?? []), bedOf(), bedOf({ count: 1 })])
    expect(apply(gardenOf(), hex('07 07 05 00 01 01 09 01')).state.nums).toEqual([0, 9])
  })

  test('feature 114: deleted keys are gone, however the delta came to be', () => {
    const bytes = encodeDelta(GardenStore, { beds: { deletes: new Set(['a', 'never']) } })
    const left = new Map([['b', bedOf({ kind: 'b' })]])
    expect(apply(full, bytesToHex(bytes)).state.beds).toEqual(left)
    const read = decodeDelta(GardenStore, bytes)['beds']?.deletes
    expect(read).toEqual(new Set(['a', 'never']))
    const merged = mergeDelta(GardenStore, { beds: { deletes: new Set(['a']) } }, { beds: { deletes: new Set(['b']) } })
    expect(applyDelta(GardenStore, full, merged).state.beds).toEqual(new Map())
    const byId = gardenOf({ byId: new Map([[5n, 'v']]) })
    expect(applyDelta(GardenStore, byId, { byId: { deletes: new Set([5n]) } }).state.byId).toEqual(new Map())
  })

  test('feature 138: a modification of an entry that is not there begins with a zero one', () => {
    const delta: Delta = { beds: { mods: new Map([['new', { count: { set: 3 } }]]) } }
    const bytes = bytesToHex(encodeDelta(GardenStore, delta))
    const { state, changed } = apply(full, bytes)
    expect(state.beds?.get('new')).toEqual(bedOf({ count: 3 }))
    expect(changed).toEqual([['beds', 'new', 'count']])
    expect(apply(gardenOf(), bytes).state.beds).toEqual(new Map([['new', bedOf({ count: 3 })]]))
    expect(pruneDelta(GardenStore, full, delta)).toEqual(delta)
  })
})

describe('feature 195: a nested struct in deltas', () => {
  const table = (mod: boolean): Types => {
    const structs: StructTable = {
      't.Out': {
        form: 'partial',
        fields: [{ name: 'in', id: 1, type: { kind: 'struct', ref: 't.In' }, ...(mod ? { mod } : {}) }],
      },
      't.In': { form: 'partial', fields: [{ name: 'x', id: 1, type: { kind: 'int32' } }] },
    }
    return [structs]
  }
  const whole = hex('07 01 05 00 03 01 01 04')

  test('is modified where the descriptor says so', () => {
    expect(bytesToHex(encodeDeltaOf(table(true), 't.Out', { in: { mod: { x: { set: 4 } } } }))).toBe(
      hex('0b 01 09 00 01 00 00 04 01 02 00 04'),
    )
  })

  test('is replaced elsewhere, and neither reads what the other wrote', () => {
    expect(bytesToHex(encodeDeltaOf(table(false), 't.Out', { in: { set: { x: 4 } } }))).toBe(whole)
    expect(decodeDeltaOf(table(false), 't.Out', hexToBytes(whole))).toEqual({ in: { set: { x: 4 } } })
    expect(() => decodeDeltaOf(table(true), 't.Out', hexToBytes(whole))).toThrow(
      expect.objectContaining({ name: 'RivuletError' }),
    )
  })

  test('is the same in a state', () => {
    const state = { in: { x: 4 } }
    const bytes = [true, false].map((mod) =>
      encodeState({ kind: 'store', name: 'S', state: 't.Out', types: table(mod) }, state),
    )
    expect(bytes[0]).toEqual(bytes[1])
    const def = { kind: 'store', name: 'S', state: 't.Out', types: table(true) } as const
    expect(decodeState(def, bytes[1])).toEqual(state)
  })
})
