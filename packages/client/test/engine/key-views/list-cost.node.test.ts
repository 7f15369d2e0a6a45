import { expect, test, vi } from 'vitest'
import { board, BoardStore, row } from '../../support/board.ts'
import type { SeenKeys } from '../../support/page-model.ts'
import { rig, type Rig } from '../../support/rig.ts'

// What crosses to the page, in bytes and records, does not depend on how many rows there are.

const N = 100_000

async function watched(): Promise<{ r: Rig; bytes: number[] }> {
  const r = await rig({ stores: [BoardStore] })
  const bytes: number[] = []
  const take = r.page.take.bind(r.page)
  r.page.take = (buffer) => {
    bytes.push(buffer.byteLength)
    take(buffer)
  }
  await r.open()
  await r.watch(1, ['items'], 0, { kind: 'size' })
  await r.watch(2, ['items'], 0, { kind: 'keys', select: {}, offset: 0 })
  await r.watch(3, ['items'], 0, { kind: 'keys', select: { orderBy: ['x'] }, offset: 0, limit: 50 })
  await r.watch(4, ['items'], 0, { kind: 'diff' })
  r.full(board({ items: new Map(Array.from({ length: N }, (_, i) => [`k${i}`, row('', i)])) }))
  r.credit()
  return { r, bytes }
}

test('100,000 rows: what one change costs the page', async () => {
  const { r, bytes } = await watched()
  expect([1, 2, 3].map((id) => (r.seen(id).value as SeenKeys).total)).toEqual([N, N, N])
  const keys = (id: number): readonly unknown[] => (r.seen(id).value as SeenKeys).keys
  expect([keys(1).length, keys(2).length, keys(3).length]).toEqual([0, N, 50])
  const cost = (): number => {
    bytes.length = 0
    r.credit()
    expect(bytes.length).toBeLessThanOrEqual(1)
    return bytes[0] ?? 0
  }
  r.credit()

  // In its place: only whoever asked for differences hears of it.
  const before = [keys(2), keys(3)]
  r.partial({ items: { mods: new Map([['k70000', { x: { set: 70_000.5 } }]]) } })
  expect(cost()).toBeLessThan(16)
  expect([keys(2), keys(3)]).toEqual(before)
  expect(keys(2)).toBe(before[0])

  // Into the window: one key goes, one comes.
  r.partial({ items: { mods: new Map([['k70000', { x: { set: 10.5 } }]]) } })
  expect(cost()).toBeLessThan(40)
  expect(keys(3).slice(9, 13)).toEqual(['k9', 'k10', 'k70000', 'k11'])
  expect(keys(2)).toBe(before[0])

  // A row that goes and one that comes.
  r.partial({ items: { sets: new Map([['new', row('', -1)]]), deletes: new Set(['k5']) } })
  expect(cost()).toBeLessThan(80)
  expect(keys(2)).toHaveLength(N)
  expect(keys(2).at(-1)).toBe('new')
  expect(keys(3)[0]).toBe('new')

  // A change elsewhere costs nothing at all.
  r.partial({ title: { set: 'x' } })
  expect(cost()).toBe(0)
})

test('a further window on the same order does not look at the rows again', async () => {
  const { r } = await watched()
  const has = vi.spyOn(Map.prototype, 'has')
  let id = 10
  const scroll = async (offset: number): Promise<number> => {
    has.mockClear()
    await r.watch(++id, ['items'], 0, { kind: 'keys', select: { orderBy: ['x'] }, offset, limit: 20 })
    r.credit()
    const looks = has.mock.calls.length
    expect((r.seen(id).value as SeenKeys).keys).toEqual(Array.from({ length: 20 }, (_, i) => `k${offset + i}`))
    return looks
  }
  try {
    for (let i = 1; i <= 20; i++) expect(await scroll(i * 1000)).toBeLessThan(100)
    // Whereas another order takes one look at each.
    has.mockClear()
    await r.watch(5, ['items'], 0, { kind: 'keys', select: { orderBy: ['y'] }, offset: 0, limit: 1 })
    r.credit()
    expect(has.mock.calls.length).toBeGreaterThanOrEqual(N)
  } finally {
    has.mockRestore()
  }
})
