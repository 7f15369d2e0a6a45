import { isRivuletError, type PathPart } from '@rivulet/wire'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { KeysChange, RowsChange } from '../src/list-query.ts'
import { readPatch } from '../src/read-patch.ts'
import { putKeys, putRowsChange } from '../src/write-list.ts'
import { createPatchWriter, finishPatch, putMissing } from '../src/write-patch.ts'

const none = (): void => undefined

function read(buffer: ArrayBuffer): (KeysChange | RowsChange)[] {
  const out: (KeysChange | RowsChange)[] = []
  readPatch(buffer, {
    status: none,
    value: none,
    missing: none,
    changes: none,
    table: none,
    rows: none,
    keys: (_, change) => out.push(change),
    rowsChange: (_, change) => out.push(change),
  })
  return out
}

/** What reading a patch fails with. */
function codeOf(buffer: ArrayBuffer): string | undefined {
  try {
    read(buffer)
    return undefined
  } catch (e) {
    if (!isRivuletError(e)) throw e
    return e.code
  }
}

const part: fc.Arbitrary<PathPart> = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.integer(),
  fc.double(),
  fc.bigInt({ min: -(1n << 63n), max: 1n << 64n }),
  fc.boolean(),
)
const parts = fc.array(part, { maxLength: 6 })
const positions = fc.uniqueArray(fc.nat(100_000), { maxLength: 6 }).map((all) => all.toSorted((a, b) => a - b))
const keys: fc.Arbitrary<KeysChange> = fc.oneof(
  fc.record({ total: fc.nat(), keys: parts, removed: fc.constant([]), added: fc.constant([]) }),
  fc.record({
    total: fc.nat(),
    keys: fc.constant(null),
    removed: positions,
    added: fc
      .tuple(positions, fc.array(part, { minLength: 6, maxLength: 6 }))
      .map(([all, names]) => all.map((at, i) => ({ at, key: names[i] as PathPart }))),
  }),
)
const rows: fc.Arbitrary<RowsChange> = fc.record({
  fresh: fc.boolean(),
  added: parts,
  removed: parts,
  changed: fc.array(fc.record({ key: part, fields: fc.option(fc.array(part, { minLength: 1, maxLength: 3 })) })),
})

describe('records about lists', () => {
  test('round trip, among others', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(keys, rows), { maxLength: 8 }), (changes) => {
        const w = createPatchWriter(8)
        for (const [id, change] of changes.entries()) {
          if ('fresh' in change) putRowsChange(w, id, change)
          else putKeys(w, id, change)
          putMissing(w, id)
        }
        expect(read(finishPatch(w))).toEqual(changes)
      }),
      { numRuns: 300 },
    )
  })

  test('damage is found, at any place', () => {
    fc.assert(
      fc.property(keys, rows, fc.nat(), fc.nat(255), (change, diff, where, byte) => {
        const w = createPatchWriter()
        putKeys(w, 1, change)
        putRowsChange(w, 2, diff)
        const buffer = finishPatch(w)
        const bytes = new Uint8Array(buffer)
        bytes[where % bytes.length] = byte
        expect([undefined, 'truncated', 'malformed']).toContain(codeOf(buffer))
      }),
      { numRuns: 300 },
    )
  })

  test('a record that is cut off is truncated', () => {
    const w = createPatchWriter()
    putKeys(w, 1, { total: 3, keys: ['a', 'b'], removed: [], added: [] })
    const buffer = finishPatch(w)
    for (let n = 1; n < buffer.byteLength; n++) expect(() => read(buffer.slice(0, n))).toThrow('the patch ends')
  })

  test('one key of 100,000 that comes and one that goes cost their own bytes', () => {
    const w = createPatchWriter()
    putKeys(w, 1, { total: 100_000, keys: null, removed: [5], added: [{ at: 99_999, key: 'abc' }] })
    expect(finishPatch(w).byteLength).toBeLessThan(20)
  })
})
