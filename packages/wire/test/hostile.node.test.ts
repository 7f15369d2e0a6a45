import { describe, expect, test } from 'vitest'
import { decodeValue, encodeValue, type RivuletError, type TypeNode, type Types } from '../src/index.ts'
import { modelTypes, structNode, vectors } from './support/model.ts'
import { comparable, fromNeutral, hexToBytes, type Neutral } from './support/neutral.ts'
import { refusalOf } from './support/refusal-of.ts'

interface HostileVector {
  readonly type: string
  readonly hex: string
  readonly required: 'error' | 'ok'
  readonly why: string
  readonly value?: Neutral
}

const { decode } = vectors('hostile.json') as { decode: readonly HostileVector[] }
const model = modelTypes('bigint')

/** The error that decoding throws; fails when it throws none, or another kind. */
function refusal(types: Types, node: TypeNode, bytes: Uint8Array): RivuletError {
  return refusalOf(() => decodeValue(types, node, bytes))
}

/** Milliseconds that `run` takes. The bounds below are over ten times what it takes here, and far below what a quadratic decoder would. */
function elapsed(run: () => void): number {
  const start = performance.now()
  run()
  return performance.now() - start
}

/** The codes that suit a reason. */
function codesFor(why: string): readonly string[] {
  if (why.startsWith('truncated')) return ['truncated']
  if (/^(null flag|bool|negative|descriptor \d)/.test(why)) return ['malformed']
  return ['truncated', 'malformed', 'too-deep', 'out-of-range']
}

describe('hostile vectors', () => {
  // The deltas among them are in hostile-deltas.node.test.ts: another codec reads them.
  const entries = decode
    .filter((v) => !v.type.endsWith('Partial'))
    .map((v, i) => [`${i} ${v.type}: ${v.why}`, v] as const)

  test.each(entries.filter(([, v]) => v.required === 'error'))('%s is refused', (_, v) => {
    const bytes = hexToBytes(v.hex)
    const error = refusal(model, structNode(v.type), bytes)
    expect(codesFor(v.why)).toContain(error.code)
    expect(error.offset).toBeGreaterThanOrEqual(0)
    expect(error.offset).toBeLessThanOrEqual(bytes.length)
  })

  test.each(entries.filter(([, v]) => v.required === 'ok'))('%s is read', (_, v) => {
    const node = structNode(v.type)
    const got = comparable(model, node, decodeValue(model, node, hexToBytes(v.hex)))
    expect(got).toEqual(v.value === undefined ? got : comparable(model, node, fromNeutral(model, node, v.value)))
  })
})

const LOOP: Types = [
  {
    't.Node': {
      form: 'fielded',
      fields: [
        { name: 'next', id: 1, type: { kind: 'pointer', elem: { kind: 'struct', ref: 't.Node' } } },
        { name: 'n', id: 2, type: { kind: 'int32' } },
      ],
    },
    't.Flat': {
      form: 'flat',
      fields: [{ name: 'next', type: { kind: 'pointer', elem: { kind: 'struct', ref: 't.Flat' } } }],
    },
    't.Text': { form: 'fielded', fields: [{ name: 'text', id: 1, type: { kind: 'string' } }] },
  },
]

/** A packed integer. */
function packed(n: number): number[] {
  return [...encodeValue([], { kind: 'int64' }, n)]
}

describe('bombs', () => {
  test('pitfall 15: a negative length of an unknown field is refused instead of read forever', () => {
    const error = refusal(LOOP, { kind: 'struct', ref: 't.Node' }, hexToBytes('026342'))
    expect(error).toMatchObject({ code: 'malformed', offset: 2 })
  })

  test('pitfall 16: a negative string length is refused and names its field', () => {
    const error = refusal(LOOP, { kind: 'struct', ref: 't.Text' }, hexToBytes('03010141'))
    expect(error).toMatchObject({ code: 'malformed', offset: 3, path: ['text'] })
  })

  test('pitfall 17: eight nested counts of 30 million are refused before anything is allocated', () => {
    const nested = (depth: number): TypeNode =>
      depth === 0 ? { kind: 'int32' } : { kind: 'array', elem: nested(depth - 1) }
    const bytes = Uint8Array.from(Array.from({ length: 8 }, () => [0, ...packed(30_000_000)]).flat())
    expect(refusal([], nested(8), bytes)).toMatchObject({ code: 'truncated', offset: 1 })
  })

  test('pitfall 17: counts that the message could just hold do not multiply', () => {
    const nested = (depth: number): TypeNode =>
      depth === 0 ? { kind: 'float64' } : { kind: 'array', elem: nested(depth - 1) }
    const bytes = new Uint8Array(1 << 20)
    for (let pos = 0, left = bytes.length; pos < 60;) {
      const count = [0, ...packed(left - 20)]
      bytes.set(count, pos)
      pos += count.length
      left -= count.length
    }
    expect(elapsed(() => refusal([], nested(8), bytes))).toBeLessThan(1000)
    expect(refusal([], nested(8), bytes).code).toBe('truncated')
  })

  test('pitfall 17: a count is bounded by the size of its elements', () => {
    const bytes = Uint8Array.from([0, ...packed(100), ...new Uint8Array(799)])
    expect(refusal([], { kind: 'array', elem: { kind: 'float64' } }, bytes)).toMatchObject({
      code: 'truncated',
      offset: 1,
    })
    const pairs: TypeNode = { kind: 'map', key: { kind: 'string' }, value: { kind: 'float32' } }
    expect(refusal([], pairs, Uint8Array.from([0, ...packed(100), ...new Uint8Array(499)]))).toMatchObject({
      code: 'truncated',
      offset: 1,
    })
  })

  test('pitfall 18: 100 kB of nested descriptors are refused', () => {
    for (const code of [0x0e, 0x0f]) {
      const error = refusal([], { kind: 'any' }, new Uint8Array(100_000).fill(code))
      expect(error).toMatchObject({ code: 'too-deep', offset: 64 })
    }
    const maps = Uint8Array.from({ length: 100_000 }, (_, i) => (i % 2 === 0 ? 0x10 : 0x02))
    expect(refusal([], { kind: 'any' }, maps).code).toBe('too-deep')
  })

  test('pitfall 18: dynamic lists inside dynamic lists are refused, however they are spread over descriptors', () => {
    for (const levels of [1, 2, 10, 60]) {
      const shell = [
        ...Array.from({ length: levels }, () => 0x0f),
        0x11,
        ...Array.from({ length: levels }, () => [0, 1]).flat(),
      ]
      const bytes = Uint8Array.from(Array.from({ length: 2000 }, () => shell).flat())
      expect(refusal([], { kind: 'any' }, bytes).code).toBe('too-deep')
    }
  })

  test('pitfall 19: the null flag of a map is 0 or 1', () => {
    const map: TypeNode = { kind: 'map', key: { kind: 'string' }, value: { kind: 'int32' } }
    expect(refusal([], map, Uint8Array.of(7, 0))).toMatchObject({ code: 'malformed', offset: 0 })
    expect(refusal([], { kind: 'set', key: { kind: 'string' } }, Uint8Array.of(2, 0))).toMatchObject({
      code: 'malformed',
      offset: 0,
    })
  })

  test('pitfall 21: an error names the path and the byte', () => {
    const types: Types = [
      { 't.Row': { form: 'fielded', fields: [{ name: 'on', id: 1, type: { kind: 'bool' } }] } },
      {
        't.Table': {
          form: 'fielded',
          fields: [
            {
              name: 'rows',
              id: 3,
              type: {
                kind: 'map',
                key: { kind: 'string' },
                value: { kind: 'array', elem: { kind: 'struct', ref: 't.Row' } },
              },
            },
          ],
        },
      },
    ]
    const table = { rows: new Map([['a', [{ on: true }, { on: true }]]]) }
    const bytes = encodeValue(types, { kind: 'struct', ref: 't.Table' }, table)
    bytes[bytes.length - 1] = 9
    const error = refusal(types, { kind: 'struct', ref: 't.Table' }, bytes)
    expect(error).toMatchObject({
      code: 'malformed',
      path: ['rows', 'a', 1, 'on'],
      offset: bytes.length - 1,
    })
    expect(error.message).toContain('rows.a.1.on at byte')
  })

  test('a struct nested 100,000 deep is refused', () => {
    const flat = new Uint8Array(100_000)
    expect(refusal(LOOP, { kind: 'struct', ref: 't.Flat' }, flat).code).toBe('too-deep')
    // Fielded: every level announces the rest of the message, truthfully.
    let tail: number[] = [0]
    const levels: number[][] = []
    for (let size = 1, i = 0; i < 5000; i++) {
      const entry = [1, ...packed(size + 1), 0]
      const head = [...packed(entry.length + size), ...entry]
      levels.push(head)
      size += head.length
    }
    tail = [...levels.toReversed().flat(), ...tail]
    const error = refusal(LOOP, { kind: 'struct', ref: 't.Node' }, Uint8Array.from(tail))
    expect(error.code).toBe('too-deep')
    expect(error.path).toHaveLength(256)
  })

  test('a struct nested 256 deep is read', () => {
    let value: unknown = { next: null, n: 1 }
    for (let i = 1; i < 256; i++) value = { next: value, n: i }
    const node: TypeNode = { kind: 'struct', ref: 't.Node' }
    expect(decodeValue(LOOP, node, encodeValue(LOOP, node, value))).toEqual(value)
  })

  test('a megabyte of empty entries, unknown fields or single elements takes linear time', () => {
    const body = Uint8Array.from({ length: 1 << 20 }, (_, i) => (i % 2 === 0 ? 99 : 0))
    const time = elapsed(() => {
      decodeValue(LOOP, { kind: 'struct', ref: 't.Node' }, Uint8Array.from([...packed(body.length), ...body]))
      decodeValue(
        [],
        { kind: 'array', elem: { kind: 'string' } },
        Uint8Array.from([0, ...packed(1 << 20), ...new Uint8Array(1 << 20)]),
      )
      decodeValue(
        [],
        { kind: 'set', key: { kind: 'int8' } },
        Uint8Array.from([0, ...packed(1 << 20), ...new Uint8Array(1 << 20)]),
      )
    })
    expect(time).toBeLessThan(4000)
  })

  test('an empty message is refused where a value is expected', () => {
    for (const kind of ['bool', 'string', 'int8', 'int64', 'float32', 'float64', 'time', 'any', 'bytes'] as const) {
      expect(refusal([], { kind }, new Uint8Array(0))).toMatchObject({
        code: 'truncated',
        offset: 0,
      })
    }
  })

  test('a time beyond what a Date can hold is refused', () => {
    const bytes = encodeValue([], { kind: 'int64' }, 8_640_000_000_000_001)
    for (const as of ['date', 'millis'] as const) {
      expect(refusal([], { kind: 'time', as }, bytes)).toMatchObject({
        code: 'out-of-range',
        offset: 0,
      })
    }
  })
})
