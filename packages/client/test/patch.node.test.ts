import { isRivuletError } from '@rivulet/wire'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PathChange } from '../src/patch.ts'
import { putRows, putTable } from '../src/write-rows.ts'
import { createPatchWriter, finishPatch, putChanges, putMissing, putStatus, putValue } from '../src/write-patch.ts'
import { readPatch } from '../src/read-patch.ts'
import type { PathStatus, PlainError } from '../src/protocol.ts'
import type { Blob } from '../src/row-block.ts'

type Item =
  | { kind: 'status'; id: number; status: PathStatus; error?: PlainError }
  | { kind: 'value'; id: number; bytes: Uint8Array }
  | { kind: 'missing'; id: number }
  | { kind: 'changes'; id: number; changes: readonly PathChange[] }
  | { kind: 'table'; id: number; keys: readonly string[]; rows: readonly Uint8Array[] }
  | {
      kind: 'rows'
      id: number
      changed: readonly number[]
      gone: readonly number[]
      keys: readonly string[]
      rows: readonly Uint8Array[]
    }

function write(items: readonly Item[], capacity?: number): ArrayBuffer {
  const w = createPatchWriter(capacity)
  for (const item of items) {
    if (item.kind === 'status') putStatus(w, item.id, item.status, item.error)
    else if (item.kind === 'value') putValue(w, item.id, item.bytes)
    else if (item.kind === 'missing') putMissing(w, item.id)
    else if (item.kind === 'changes') putChanges(w, item.id, item.changes)
    else if (item.kind === 'table') putTable(w, item.id, item.keys, item.rows)
    else putRows(w, item.id, item.changed, item.gone, item.keys, item.rows)
  }
  return finishPatch(w)
}

/** Views become plain copies, so that equality looks at the bytes alone. */
function read(buffer: ArrayBuffer): Item[] {
  const items: Item[] = []
  readPatch(buffer, {
    status: (id, status, error) =>
      items.push(error === undefined ? { kind: 'status', id, status } : { kind: 'status', id, status, error }),
    value: (id, bytes) => items.push({ kind: 'value', id, bytes: bytes.slice() }),
    missing: (id) => items.push({ kind: 'missing', id }),
    changes: (id, changes) =>
      items.push({
        kind: 'changes',
        id,
        changes: changes.map((c) => ({ path: c.path, bytes: c.bytes?.slice() ?? null })),
      }),
    keys: () => expect.unreachable('list-patch.node.test.ts has these'),
    rowsChange: () => expect.unreachable('list-patch.node.test.ts has these'),
    table: (id, { keys, rows }) => items.push({ kind: 'table', id, keys: pieces(keys).map(text), rows: pieces(rows) }),
    rows: (id, { changed, gone, keys, rows }) =>
      items.push({
        kind: 'rows',
        id,
        changed: [...changed],
        gone: [...gone],
        keys: pieces(keys).map(text),
        rows: pieces(rows),
      }),
  })
  return items
}

function pieces({ bytes, ends }: Blob): Uint8Array[] {
  return [...ends].map((end, i) => bytes.slice(i === 0 ? 0 : ends[i - 1], end))
}

function text(raw: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(raw)
}

const id = fc.oneof(fc.nat(300), fc.maxSafeNat())
const words = fc.string({ unit: 'grapheme', maxLength: 12 })
const part = fc.oneof(
  words,
  fc.maxSafeInteger(),
  fc.integer(),
  fc.double(),
  fc.constantFrom(-0, NaN, Infinity, 2 ** 51, -(2 ** 51), 2 ** 53),
  fc.bigInt({ min: -(1n << 63n), max: 1n << 64n }),
  fc.boolean(),
)
const path = fc.array(part, { maxLength: 5 })
const bytes = fc.uint8Array({ maxLength: 300 })
const plainError: fc.Arbitrary<PlainError> = fc
  .record(
    {
      code: fc.constantFrom('malformed', 'denied', 'unknown-store'),
      what: words,
      store: words,
      path,
      offset: fc.nat(),
      hint: words,
    },
    { requiredKeys: ['code', 'what'] },
  )
  .map((e): PlainError => ({ ...e }))
const number = fc.nat(2 ** 32 - 1)
const rowBytes = fc.uint8Array({ maxLength: 20 })
const table = fc.uniqueArray(fc.tuple(words, rowBytes), { maxLength: 9, selector: ([key]) => key })
const status = fc.constantFrom('idle', 'loading', 'live', 'stale', 'error')
const item: fc.Arbitrary<Item> = fc.oneof(
  fc.record({ kind: fc.constant('status'), id, status }),
  fc.record({ kind: fc.constant('status'), id, status, error: plainError }),
  fc.record({ kind: fc.constant('value'), id, bytes }),
  fc.record({ kind: fc.constant('missing'), id }),
  fc.record({
    kind: fc.constant('changes'),
    id,
    changes: fc.array(fc.record({ path, bytes: fc.option(bytes) }), { maxLength: 6 }),
  }),
  fc
    .tuple(id, table)
    .map(([n, list]): Item => ({ kind: 'table', id: n, keys: list.map(([k]) => k), rows: list.map(([, r]) => r) })),
  fc
    .tuple(id, fc.array(fc.tuple(number, rowBytes), { maxLength: 5 }), fc.array(number, { maxLength: 5 }), table)
    .map(([n, changed, gone, added]): Item => ({
      kind: 'rows',
      id: n,
      changed: changed.map(([row]) => row),
      gone,
      keys: added.map(([k]) => k),
      rows: [...changed.map(([, r]) => r), ...added.map(([, r]) => r)],
    })),
)
const items = fc.array(item, { maxLength: 12 })

const zeros = (n: number): number[] => Array.from<number>({ length: n }).fill(0)

describe('a patch', () => {
  test('round trips', () => {
    fc.assert(
      fc.property(items, fc.nat(64), (list, capacity) => {
        expect(read(write(list, capacity))).toEqual(list)
      }),
      { numRuns: 300 },
    )
  })

  test('tells 1, "1", 1n and true apart, and keeps -0', () => {
    const list: Item[] = [1, '1', 1n, true, false, -0, 0, NaN, 2 ** 53].map((p) => ({
      kind: 'changes',
      id: 1,
      changes: [{ path: [p], bytes: null }],
    }))
    const got = read(write(list))
    expect(got).toEqual(list)
    expect(got.map((g) => (g.kind === 'changes' ? typeof g.changes[0]?.path[0] : g))).toEqual([
      'number',
      'string',
      'bigint',
      'boolean',
      'boolean',
      'number',
      'number',
      'number',
      'number',
    ])
  })

  test('an empty value is not the same as a value that is gone', () => {
    const list: Item[] = [
      {
        kind: 'changes',
        id: 1,
        changes: [
          { path: ['a'], bytes: new Uint8Array(0) },
          { path: ['b'], bytes: null },
        ],
      },
    ]
    expect(read(write(list))).toEqual(list)
  })

  test('changes of one row share its key', () => {
    const list = (keys: readonly string[]): Item[] => [
      { kind: 'changes', id: 1, changes: keys.map((k, i) => ({ path: [k, `f${i}`], bytes: new Uint8Array([i]) })) },
    ]
    const same = list(['a-long-row-key', 'a-long-row-key', 'a-long-row-key'])
    expect(read(write(same))).toEqual(same)
    expect(write(same).byteLength).toBeLessThan(
      write(list(['a-long-row-key', 'a-long-row-kex', 'a-long-row-key'])).byteLength - 20,
    )
  })

  test('values are views of the buffer', () => {
    const buffer = write([{ kind: 'value', id: 3, bytes: new Uint8Array([1, 2, 3]) }])
    let seen: Uint8Array | undefined
    readPatch(buffer, {
      status: () => expect.unreachable(),
      missing: () => expect.unreachable(),
      changes: () => expect.unreachable(),
      keys: () => expect.unreachable(),
      rowsChange: () => expect.unreachable(),
      table: () => expect.unreachable(),
      rows: () => expect.unreachable(),
      value: (_, b) => (seen = b),
    })
    expect(seen?.buffer).toBe(buffer)
    expect([...(seen ?? [])]).toEqual([1, 2, 3])
  })

  test('the writer can be used again after finish', () => {
    const w = createPatchWriter()
    putMissing(w, 1)
    const first = finishPatch(w)
    putMissing(w, 2)
    expect(read(finishPatch(w))).toEqual([{ kind: 'missing', id: 2 }])
    expect(read(first)).toEqual([{ kind: 'missing', id: 1 }])
  })

  /** What reading threw, or null. */
  const failureOf = (raw: Uint8Array<ArrayBuffer>): unknown => {
    try {
      read(raw.buffer)
      return null
    } catch (e) {
      return e
    }
  }

  test('any damage gives records or a RivuletError, never anything else', () => {
    fc.assert(
      fc.property(items, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), fc.nat(), (list, edits, cut) => {
        const bad = new Uint8Array(write(list))
        for (const [at, b] of edits) if (bad.length > 0) bad[at % bad.length] = b
        const error = failureOf(bad.slice(0, bad.length - (cut % (bad.length + 1))))
        expect(error === null || isRivuletError(error)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  test.each([
    ['an unknown kind', [9, 1], 'malformed'],
    ['no id', [3], 'truncated'],
    ['an unknown status', [1, 1, 77], 'malformed'],
    ['a value longer than the buffer', [2, 1, 200, 1, 0], 'truncated'],
    ['more changes than bytes', [4, 1, 255, 255, 255, 127], 'truncated'],
    ['a number without end', [3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1], 'malformed'],
    ['a bigint part that is not one', [4, 1, 1, 0, 1, 2, 1, 120, 0], 'malformed'],
    ['a path that shares what is not there', [4, 1, 1, 1, 1, 3, 0], 'malformed'],
    ['an unknown part', [4, 1, 1, 0, 1, 9, 0], 'malformed'],
    ['a table without a head', [5, 1, 0, 0, 1], 'truncated'],
    [
      'a table of more rows than bytes',
      [5, 1, 0, 0, 255, 255, 255, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      'malformed',
    ],
    [
      'a table whose index has no power of two',
      [5, 1, 0, 0, 1, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      'malformed',
    ],
    [
      'a table whose rows are shorter than they say',
      [5, 1, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, ...zeros(16)],
      'truncated',
    ],
    [
      'rows that end elsewhere',
      [6, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 7, 7],
      'malformed',
    ],
    ['text that is not UTF-8', [4, 1, 1, 0, 1, 0, 1, 255, 0], 'malformed'],
  ])('%s is refused with a code and an offset', (_, raw, code) => {
    expect(failureOf(new Uint8Array(raw))).toMatchObject({ name: 'RivuletError', code, offset: expect.any(Number) })
  })
})
