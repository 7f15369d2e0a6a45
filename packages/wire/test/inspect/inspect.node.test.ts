import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decodeDeltaOf,
  decodeValue,
  dynamic,
  encodeDelta,
  encodeState,
  encodeValue,
  isRivuletError,
  type StoreDef,
  type Types,
} from '../../src/index.ts'
import { type Inspection, inspectDelta, inspectMessage, inspectValue } from '../../src/inspect/index.ts'
import { sample } from '../support/arbitrary.ts'
import { sample as deltaSample } from '../support/arbitrary-delta.ts'
import { expectTiles } from '../support/tiles.ts'

const types: Types = [
  {
    't.Board': {
      form: 'partial',
      fields: [
        { name: 'xTurn', id: 1, type: { kind: 'bool' } },
        {
          name: 'cells',
          wire: 'Cells',
          id: 2,
          type: { kind: 'map', key: { kind: 'string' }, value: { kind: 'uint8' } },
        },
        { name: 'title', id: 3, type: { kind: 'pointer', elem: { kind: 'string' } } },
        { name: 'best', id: 4, mod: true, type: { kind: 'struct', ref: 't.Row' } },
        { name: 'extra', id: 5, type: { kind: 'any' } },
        { name: 'when', id: 6, type: { kind: 'time' } },
        { name: 'raw', id: 7, type: { kind: 'bytes' } },
        { name: 'keys', id: 8, type: { kind: 'set', key: { kind: 'uint16', named: 't.Key' } } },
      ],
    },
    't.Row': { form: 'partial', fields: [{ name: 'id', wire: 'ID', id: 1, type: { kind: 'int32' } }] },
  },
]
const def: StoreDef = { kind: 'store', name: 'BoardStore', state: 't.Board', types }

const zero = {
  xTurn: false,
  cells: null,
  title: null,
  best: { id: 0 },
  extra: null,
  when: new Date(0),
  raw: null,
  keys: null,
}

/** The parts as lines that a person reads. */
function lines(found: ReturnType<typeof inspectMessage>): string[] {
  return found.parts.map(
    ({ offset, length, path, meaning, value }) =>
      `${offset}+${length} ${path} | ${meaning}${value === undefined ? '' : ` = ${String(value)}`}`,
  )
}

describe('a full state', () => {
  test('is named field by field, key by key', () => {
    const bytes = encodeState(def, { ...zero, xTurn: true, cells: new Map([['a"1', 2]]), title: 'hé' })
    expect(lines(inspectMessage(def, bytes, 'full')).slice(0, 19)).toEqual([
      '0+1 BoardStore | length of t.Board = 25',
      '1+1 BoardStore.xTurn | id of XTurn = 1',
      '2+1 BoardStore.xTurn | length of the entry = 1',
      '3+1 BoardStore.xTurn | bool = true',
      '4+1 BoardStore.cells | id of Cells = 2',
      '5+1 BoardStore.cells | length of the entry = 7',
      '6+1 BoardStore.cells | null flag: present = 0',
      '7+1 BoardStore.cells | number of entries = 1',
      '8+1 BoardStore.cells | key: length of the text = 3',
      '9+3 BoardStore.cells | key: text = a"1',
      '12+1 BoardStore.cells["a\\"1"] | uint8 = 2',
      '13+1 BoardStore.title | id of Title = 3',
      '14+1 BoardStore.title | length of the entry = 5',
      '15+1 BoardStore.title | null flag: present = 0',
      '16+1 BoardStore.title | length of the text = 3',
      '17+3 BoardStore.title | text = hé',
      '20+1 BoardStore.best | id of Best = 4',
      '21+1 BoardStore.best | length of the entry = 1',
      '22+1 BoardStore.best | length of t.Row = 0',
    ])
  })

  test('shows times, bytes, sets, enums and dynamic values in a readable form', () => {
    const bytes = encodeState(def, {
      ...zero,
      extra: dynamic(new Map([['k', [true]]])),
      when: new Date(1_709_633_103_016),
      raw: Uint8Array.of(0, 255),
      keys: new Set([7]),
    })
    const values = Object.fromEntries(
      inspectMessage(def, bytes, 'full').parts.map(({ path, meaning, value }) => [`${path} ${meaning}`, value]),
    )
    expect(values).toMatchObject({
      'BoardStore.extra type of the value': 'map of string to list of bool',
      'BoardStore.extra["k"][0] bool': true,
      'BoardStore.when time': '2024-03-05T10:05:03.016Z',
      'BoardStore.raw bytes': '00ff',
      'BoardStore.keys key: uint16 (t.Key)': 7,
    })
  })

  test('names unknown fields, slack and what follows the message', () => {
    // Entry of field 1 with one byte too many, then the unknown field 99, then two bytes after the message.
    const bytes = Uint8Array.of(8, 1, 2, 1, 0xee, 99, 2, 5, 5, 0, 0)
    expect(lines(inspectMessage(def, bytes, 'full'))).toEqual([
      '0+1 BoardStore | length of t.Board = 8',
      '1+1 BoardStore.xTurn | id of XTurn = 1',
      '2+1 BoardStore.xTurn | length of the entry = 2',
      '3+1 BoardStore.xTurn | bool = true',
      '4+1 BoardStore.xTurn | rest of the entry, skipped',
      '5+1 BoardStore | id of an unknown field = 99',
      '6+1 BoardStore | length of the entry = 2',
      '7+2 BoardStore | unknown field, skipped',
      '9+2 BoardStore | after the message, ignored',
    ])
  })
})

describe('a delta', () => {
  test('is named operation by operation', () => {
    const bytes = encodeDelta(def, {
      cells: { sets: new Map([['a', 5]]), deletes: new Set(['b']) },
      title: { set: null },
      best: { mod: { id: { set: -1 } } },
    })
    expect(lines(inspectMessage(def, bytes, 'partial'))).toEqual([
      '0+1 BoardStore | length of the change of t.Board = 26',
      '1+1 BoardStore.cells | id of Cells = 2',
      '2+1 BoardStore.cells | length of the entry = 9',
      '3+1 BoardStore.cells | operation: present = 0',
      '4+1 BoardStore.cells | number of elements set = 1',
      '5+1 BoardStore.cells | set: length of the text = 1',
      '6+1 BoardStore.cells | set: text = a',
      '7+1 BoardStore.cells["a"] | uint8 = 5',
      '8+1 BoardStore.cells | number of keys deleted = 1',
      '9+1 BoardStore.cells | key deleted: length of the text = 1',
      '10+1 BoardStore.cells | key deleted: text = b',
      '11+1 BoardStore.cells | replaced as a whole: no = 1',
      '12+1 BoardStore.title | id of Title = 3',
      '13+1 BoardStore.title | length of the entry = 2',
      '14+1 BoardStore.title | operation: present = 0',
      '15+1 BoardStore.title | null flag: null = 1',
      '16+1 BoardStore.best | id of Best = 4',
      '17+1 BoardStore.best | length of the entry = 9',
      '18+1 BoardStore.best | operation: present = 0',
      '19+1 BoardStore.best | replaced as a whole: no = 1',
      '20+1 BoardStore.best | changed in place: yes = 0',
      '21+1 BoardStore.best | operation: present = 0',
      '22+1 BoardStore.best | length of the change of t.Row = 4',
      '23+1 BoardStore.best.id | id of ID = 1',
      '24+1 BoardStore.best.id | length of the entry = 2',
      '25+1 BoardStore.best.id | operation: present = 0',
      '26+1 BoardStore.best.id | int32 = -1',
    ])
  })
})

describe('malformed bytes', () => {
  test('end in the error and the rest of the bytes', () => {
    const found = inspectMessage(def, Uint8Array.of(6, 1, 1, 7, 2, 1, 1), 'full')
    expect(found.error).toMatchObject({ code: 'malformed', store: 'BoardStore', offset: 3 })
    expect(lines(found).at(-1)).toBe('3+4 BoardStore.xTurn | not read')
  })

  test('a descriptor at fault is thrown, not blamed on the bytes', () => {
    const wrong: StoreDef = { ...def, state: 't.Missing' }
    expect(() => inspectMessage(wrong, Uint8Array.of(0), 'full')).toThrow(/no struct is called "t.Missing"/)
    expect(() => inspectMessage(def, 'no bytes', 'full')).toThrow(/expected binary data/)
  })
})

/**
 * Whether decoder and inspection are of one mind. A JavaScript number that cannot hold an integer is the decoder's own trouble: an inspection reads it
 * exactly, so it may find nothing wrong, or something later.
 */
function agrees(found: Inspection, decode: () => unknown): boolean {
  try {
    decode()
    return found.error === undefined
  } catch (error) {
    if (!isRivuletError(error)) throw error
    const own = error.code === 'out-of-range' && !error.what.includes('Date')
    return own || found.error?.offset === error.offset
  }
}

describe('random schemas and values', () => {
  test('every byte is named exactly once', () => {
    fc.assert(
      fc.property(sample(), ({ types: random, node, value }) => {
        const bytes = encodeValue(random, node, value)
        const found = inspectValue(random, node, bytes, 'x')
        expect(found.error).toBeUndefined()
        expectTiles(found, bytes.length)
      }),
    )
  })

  test('after a byte was changed, it fails exactly when the decoder does', () => {
    const broken = sample().chain((one) => {
      const bytes = encodeValue(one.types, one.node, one.value)
      return fc
        .record({ at: fc.nat({ max: Math.max(0, bytes.length - 1) }), to: fc.nat({ max: 255 }) })
        .map(({ at, to }) => ({ ...one, bytes: bytes.map((byte, i) => (i === at ? to : byte)) }))
    })
    fc.assert(
      fc.property(broken, ({ types: random, node, bytes }) => {
        const found = inspectValue(random, node, bytes, 'x')
        expectTiles(found, bytes.length)
        expect(agrees(found, () => decodeValue(random, node, bytes))).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  test('every byte of a delta is named exactly once, and a damaged one fails when the decoder does', () => {
    const deltas = deltaSample.chain((one) =>
      fc.record({ def: fc.constant(one.def), delta: one.delta, at: fc.nat(), to: fc.nat({ max: 255 }) }),
    )
    fc.assert(
      fc.property(deltas, ({ def: random, delta, at, to }) => {
        const bytes = encodeDelta(random, delta)
        const found = inspectMessage(random, bytes, 'partial')
        expect(found.error).toBeUndefined()
        expectTiles(found, bytes.length)
        const damaged = bytes.map((byte, i) => (i === at % bytes.length ? to : byte))
        const second = inspectDelta(random.types, random.state, damaged, 'x')
        expectTiles(second, damaged.length)
        expect(agrees(second, () => decodeDeltaOf(random.types, random.state, damaged))).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})
