import { describe, expect, test } from 'vitest'
import { encodeState, encodeValue, type RivuletError, type StoreDef, type TypeNode, type Types } from '../src/index.ts'
import { refusalOf } from './support/refusal-of.ts'

/** The error that encoding throws; fails when it throws none, or another kind. */
function refusal(types: Types, node: TypeNode, value: unknown): RivuletError {
  return refusalOf(() => encodeValue(types, node, value))
}

const of = (kind: string): TypeNode => ({ kind }) as TypeNode

describe('values of the wrong type', () => {
  const SIMPLE = 'bool string int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64 time bytes'.split(' ')
  const WRONG: readonly unknown[] = [{}, Object.create(null), [1], Symbol('s'), () => 1, new Map(), undefined]

  test.each(SIMPLE.filter((kind) => kind !== 'bytes'))('%s refuses what it is not', (kind) => {
    for (const v of WRONG) expect(refusal([], of(kind), v).code).toBe('invalid-value')
    const others = { string: '5', bool: true, bytes: new Uint8Array(1) }
    for (const [, v] of Object.entries(others).filter(([other]) => other !== kind)) {
      expect(refusal([], of(kind), v).code).toBe('invalid-value')
    }
    expect(refusal([], of(kind), null).code).toBe('invalid-value')
  })

  test.each(['array', 'map', 'set'])('%s refuses what it is not', (kind) => {
    const node = {
      kind,
      elem: of('int8'),
      key: of('int8'),
      value: of('int8'),
    } as unknown as TypeNode
    for (const v of [{}, 5, 'text', undefined, new WeakMap()]) expect(refusal([], node, v).code).toBe('invalid-value')
  })

  test('a pointer to something that can be null needs a box', () => {
    const node: TypeNode = { kind: 'pointer', elem: { kind: 'bytes' } }
    expect(refusal([], node, new Uint8Array(2)).message).toContain('expected a box { value }')
    expect(encodeValue([], node, { value: null })).toEqual(Uint8Array.of(0, 1))
    expect(encodeValue([], node, null)).toEqual(Uint8Array.of(1))
  })

  test('a pointer marked not-null refuses null, unless that is the null of what it points to', () => {
    expect(refusal([], { kind: 'pointer', elem: of('int8'), notNull: true }, null).code).toBe('invalid-value')
    const twice: TypeNode = {
      kind: 'pointer',
      elem: { kind: 'pointer', elem: of('int8') },
      notNull: true,
    }
    expect(encodeValue([], twice, null)).toEqual(Uint8Array.of(1))
  })
})

describe('pitfall 14: numbers that a type cannot hold', () => {
  test.each([
    ['int8', -129, 128],
    ['int16', -32769, 32768],
    ['int32', -2147483649, 2147483648],
    ['uint8', -1, 256],
    ['uint16', -1, 65536],
    ['uint32', -1, 4294967296],
    ['uint64', -1, 2 ** 53],
    ['int64', -(2 ** 53), 2 ** 53],
  ])('%s refuses %d and %d', (kind, below, above) => {
    for (const v of [below, above]) expect(refusal([], of(kind), v).code).toBe('out-of-range')
    for (const v of [1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      const error = refusal([], of(kind), v)
      expect(error.code).toBe('invalid-value')
      expect(error.message).toContain(`got number ${v}`)
    }
  })

  test('a bigint is checked against its width', () => {
    expect(refusal([], of('int64'), 2n ** 63n).code).toBe('out-of-range')
    expect(refusal([], of('int64'), -(2n ** 63n) - 1n).code).toBe('out-of-range')
    expect(refusal([], of('uint64'), 2n ** 64n).code).toBe('out-of-range')
    expect(refusal([], of('uint64'), -1n).code).toBe('out-of-range')
    expect(refusal([], of('int32'), 1n).code).toBe('invalid-value')
  })

  test('a time is a valid Date, or milliseconds that one can hold', () => {
    expect(refusal([], of('time'), new Date(Number.NaN)).message).toContain('an invalid Date')
    expect(refusal([], of('time'), Number.NaN).code).toBe('invalid-value')
    expect(refusal([], of('time'), 8.64e15 + 1).code).toBe('out-of-range')
    expect(refusal([], of('time'), Number.POSITIVE_INFINITY).code).toBe('out-of-range')
    expect(encodeValue([], of('time'), -0.5)).toEqual(Uint8Array.of(0x41))
  })
})

const TYPES: Types = [
  {
    't.Point': {
      form: 'flat',
      fields: [
        { name: 'x', type: { kind: 'int32' } },
        { name: 'y', type: { kind: 'int32' } },
      ],
    },
    't.Node': {
      form: 'fielded',
      fields: [
        { name: 'next', id: 1, type: { kind: 'pointer', elem: { kind: 'struct', ref: 't.Node' } } },
        {
          name: 'points',
          id: 2,
          type: {
            kind: 'map',
            key: { kind: 'string' },
            value: { kind: 'array', elem: { kind: 'struct', ref: 't.Point' } },
          },
        },
        { name: 'tags', id: 3, type: { kind: 'set', key: { kind: 'uint8' } } },
      ],
    },
    't.Odd': {
      form: 'fielded',
      fields: [
        { name: 'toString', id: 1, type: { kind: 'string' } },
        { name: 'constructor', id: 2, type: { kind: 'int32' } },
      ],
    },
  },
]

describe('where it happened', () => {
  test('feature 123: a missing field of a flat struct is named', () => {
    expect(refusal(TYPES, { kind: 'struct', ref: 't.Point' }, { x: 1 })).toMatchObject({
      code: 'invalid-value',
      path: ['y'],
    })
  })

  test('feature 123: the path leads through structs, maps, lists and sets, and the store is named', () => {
    const def: StoreDef = { kind: 'store', name: 'board', state: 't.Node', types: TYPES }
    const state = {
      next: {
        points: new Map([
          [
            'a',
            [
              { x: 1, y: 2 },
              { x: 1, y: 2.5 },
            ],
          ],
        ]),
      },
    }
    const error = refusalOf(() => encodeState(def, state))
    expect(error).toMatchObject({ code: 'invalid-value', store: 'board', path: ['next', 'points', 'a', 1, 'y'] })
    expect(error.message).toBe('expected an integer, got number 2.5: board.next.points.a.1.y')
    expect(refusal(TYPES, { kind: 'struct', ref: 't.Node' }, { tags: new Set([1, 256]) })).toMatchObject({
      code: 'out-of-range',
      path: ['tags', 256],
    })
  })

  test('a value that contains itself is refused', () => {
    const loop: Record<string, unknown> = {}
    loop['next'] = loop
    expect(refusal(TYPES, { kind: 'struct', ref: 't.Node' }, loop).code).toBe('too-deep')
    expect(encodeValue(TYPES, { kind: 'struct', ref: 't.Node' }, {})).toEqual(Uint8Array.of(0))
  })

  test('fields that every object inherits count as absent unless they are its own', () => {
    expect(encodeValue(TYPES, { kind: 'struct', ref: 't.Odd' }, {})).toEqual(Uint8Array.of(0))
    expect(encodeValue(TYPES, { kind: 'struct', ref: 't.Odd' }, { toString: 'a', constructor: 3 })).toEqual(
      Uint8Array.of(7, 1, 2, 1, 97, 2, 1, 3),
    )
  })

  test('an error thrown by application code passes through', () => {
    const state = {
      get tags(): never {
        throw new TypeError('mine')
      },
    }
    expect(() => encodeValue(TYPES, { kind: 'struct', ref: 't.Node' }, state)).toThrow(new TypeError('mine'))
  })
})
