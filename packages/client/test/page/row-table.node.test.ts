import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readRow, type Segment } from '../../src/page/row-segment.ts'
import { applyRows, openTable, place, placeIn, type RowTable, rowOf } from '../../src/page/row-table.ts'
import type { TableNode } from '../../src/row-block.ts'
import { type Crate, crate, tableRig, type TableRig, types } from '../support/table-rig.ts'

const node = types[0]?.['table.Depot']?.fields[0]?.type as TableNode

interface Opened {
  readonly rig: TableRig<string, Crate>
  table: RowTable
}

function open(rows: number): Opened {
  const rig = tableRig<string, Crate>('crates', new Map(Array.from({ length: rows }, (_, n) => [`k${n}`, crate(n)])))
  const { table } = rig.patch()
  if (table === undefined) throw new Error('no table came')
  return { rig, table: openTable(types, node, table) }
}

/** Changes the weight of these rows; returns the bytes that crossed. */
function weigh(opened: Opened, rows: Iterable<number>, weight = -1): number {
  const { rig } = opened
  for (const n of rows) {
    rig.state.set(`k${n}`, { ...(rig.state.get(`k${n}`) ?? crate(n)), weight })
    rig.changed(`k${n}`, 'weight')
  }
  const { rows: block, bytes } = rig.patch()
  if (block === undefined) throw new Error('no rows came')
  opened.table = applyRows(opened.table, block)
  return bytes
}

const read = (table: RowTable, key: string): unknown => {
  const row = rowOf(table, key)
  const segment = row < 0 ? null : place(table, row)
  return segment === null ? undefined : readRow(segment, placeIn(table, row))
}

function segmentsOf(table: RowTable): Set<Segment> {
  const all = new Set<Segment>()
  for (let row = 0; row < table.count; row++) {
    const segment = place(table, row)
    if (segment !== null) all.add(segment)
  }
  return all
}

/** Rows that have been decoded. */
const decoded = (table: RowTable): number => {
  let n = 0
  for (const { values } of segmentsOf(table)) n += Object.keys(values).length
  return n
}

/** Keys that have been decoded. */
const named = (table: RowTable): number => Object.keys(table.shared.keys).length

/** Chunks that a version does not share with the one before. */
const copied = (before: RowTable, after: RowTable): number =>
  after.chunks.filter((chunk, i) => chunk !== before.chunks[i]).length

const every = (rows: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => Math.floor((i * rows) / count))

describe('what a table costs, in operations', () => {
  const sizes = [100, 1_000, 10_000, 100_000]

  test.each(sizes)('%i rows that arrive: no row and no key is decoded', (rows) => {
    const { table } = open(rows)
    expect(table.size).toBe(rows)
    expect(decoded(table)).toBe(0)
    expect(named(table)).toBe(0)
    expect(table.chunks.every((chunk) => chunk === null)).toBe(true)
  })

  test.each(sizes)('10 of %i rows that are read: 10 rows are decoded, and a few keys', (rows) => {
    const { table } = open(rows)
    for (const n of every(rows, 10)) expect(read(table, `k${n}`)).toEqual(crate(n))
    expect(decoded(table)).toBe(10)
    // Those that were in the way in an index that is at least half free.
    expect(named(table)).toBeLessThan(60)
  })

  test.each(sizes)(
    '10 of %i rows that change: nothing is decoded, 10 chunks at most are copied, the same bytes cross',
    (rows) => {
      const opened = open(rows)
      const before = opened.table
      const bytes = weigh(opened, every(rows, 10))
      expect(decoded(opened.table)).toBe(0)
      expect(named(opened.table)).toBe(0)
      expect(copied(before, opened.table)).toBeLessThanOrEqual(10)
      // Numbers in names have more digits.
      expect(bytes).toBeLessThan(10 * 60)
      for (const n of every(rows, 10)) expect(read(opened.table, `k${n}`)).toEqual({ ...crate(n), weight: -1 })
      expect(decoded(opened.table)).toBe(10)
    },
  )

  test('from 100 to 100,000 changed rows: every chunk is copied once, nothing is decoded, bytes grow with the rows', () => {
    const bytes = sizes.map((rows) => {
      const opened = open(rows)
      const before = opened.table
      const sent = weigh(
        opened,
        Array.from({ length: rows }, (_, n) => n),
      )
      expect(copied(before, opened.table)).toBe(Math.ceil(rows / 256))
      expect(decoded(opened.table)).toBe(0)
      expect(named(opened.table)).toBe(0)
      return sent / rows
    })
    for (const each of bytes) expect(each).toBeLessThan(70)
  })
})

describe('what a table keeps', () => {
  test('patches of which little is left are packed, and both old and new versions read the same objects', () => {
    const opened = open(2_000)
    const old = opened.table
    read(old, 'k7')
    // Every patch but the last few is left with a few rows.
    for (let i = 0; i < 60; i++)
      weigh(
        opened,
        Array.from({ length: 2_000 - i * 30 }, (_, n) => n),
        i,
      )
    const held = [...segmentsOf(opened.table)].reduce((sum, { bytes }) => sum + bytes.length, 0)
    expect(held).toBeLessThanOrEqual(4 * opened.table.liveBytes + 65_536)
    expect(held).toBe(opened.table.heldBytes)
    for (const n of [0, 7, 500, 1_100, 1_999]) {
      expect(read(opened.table, `k${n}`)).toEqual(opened.rig.state.get(`k${n}`))
      expect(read(old, `k${n}`)).toEqual(crate(n))
    }
    // 1,999 has not changed since the first patch of all.
    const kept = opened.table
    for (let i = 0; i < 60; i++)
      weigh(
        opened,
        Array.from({ length: 900 }, (_, n) => n),
        i,
      )
    expect(read(opened.table, 'k1500')).toBe(read(kept, 'k1500'))
  })

  test('the patch that a table began with is given up once all its rows are others', () => {
    const opened = open(600)
    const { buffer } = opened.table.shared.block.rows.bytes
    weigh(
      opened,
      Array.from({ length: 599 }, (_, n) => n),
    )
    expect(opened.table.shared.block.keys.bytes.buffer).toBe(buffer)
    const before = opened.table
    weigh(opened, [599])
    const { first, block } = opened.table.shared
    for (const kept of [first.bytes, first.ends, block.keys.bytes, block.keys.ends, block.rows.bytes, block.slots])
      expect(kept.buffer).not.toBe(buffer)
    expect(read(opened.table, 'k599')).toEqual({ ...crate(599), weight: -1 })
    expect(read(opened.table, 'k3')).toBe(read(before, 'k3'))
    expect(read(before, 'k599')).toEqual(crate(599))
    expect(read(opened.table, 'k600')).toBeUndefined()
  })

  test('whatever changes: what is kept is counted right and bounded, and every version stays what it was', () => {
    const batch = fc.tuple(fc.nat(399), fc.nat(399), fc.nat(5), fc.boolean())
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 40 }), (batches) => {
        const opened = open(400)
        // Large rows, so that the bound is reached.
        const name = 'x'.repeat(800)
        const versions: { readonly table: RowTable; readonly was: ReadonlyMap<string, Crate> }[] = []
        for (const [from, to, weight, keep] of batches) {
          const rows = Array.from({ length: Math.max(0, to - from) + 1 }, (_, i) => from + i)
          for (const n of rows) opened.rig.state.set(`k${n}`, { ...crate(n), name })
          weigh(opened, rows, weight)
          const held = [...segmentsOf(opened.table)].reduce((sum, { bytes }) => sum + bytes.length, 0)
          expect(held).toBe(opened.table.heldBytes)
          expect(held).toBeLessThanOrEqual(4 * opened.table.liveBytes + 65_536)
          if (keep) versions.push({ table: opened.table, was: new Map(opened.rig.state) })
        }
        for (const [i, { table, was }] of versions.entries()) {
          const next = versions[i + 1]
          for (const n of [0, 50, 399]) {
            const row = read(table, `k${n}`)
            expect(row).toEqual(was.get(`k${n}`))
            const isSame = next !== undefined && next.was.get(`k${n}`) === was.get(`k${n}`)
            expect(isSame ? read(next.table, `k${n}`) : row).toBe(row)
          }
        }
      }),
      { numRuns: 60 },
    )
  })
})
