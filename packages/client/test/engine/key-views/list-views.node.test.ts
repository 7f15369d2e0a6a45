import { expect, test } from 'vitest'
import type { ListQuery } from '../../../src/list-query.ts'
import { board, BoardStore, row } from '../../support/board.ts'
import type { SeenKeys } from '../../support/page-model.ts'
import { rig, type Rig } from '../../support/rig.ts'

const BY_X: ListQuery = { kind: 'keys', select: { orderBy: ['x'] }, offset: 0 }

const shown = (r: Rig, id: number): readonly unknown[] => (r.seen(id).value as SeenKeys).keys

const give = (r: Rig, ...rows: [string, number][]): void => {
  r.partial({ items: { whole: new Map(rows.map(([k, x]) => [k, row(k, x)])) } })
  r.credit()
}

test('a window that takes over while the store is loaded again does not trust the order from before', async () => {
  const r = await rig({ stores: [BoardStore] })
  await r.open()
  await r.watch(1, ['items'], 0, BY_X)
  give(r, ['a', 1], ['b', 2])
  expect(shown(r, 1)).toEqual(['a', 'b'])
  r.raw({ time: 1, storeName: 'BoardStore', kind: 2, partial: new Uint8Array([9, 1, 2]) })
  await r.watch(2, ['items'], 0, { ...BY_X, limit: 5 })
  await r.unwatch(1)
  // A whole state after a loss reports no changes: there is nothing that it could differ from.
  r.full(
    board({
      items: new Map([
        ['b', row('b', 1)],
        ['a', row('a', 2)],
        ['c', row('c', 3)],
      ]),
    }),
  )
  r.credit()
  expect(shown(r, 2)).toEqual(['b', 'a', 'c'])
  expect(r.seen(2).status).toBe('live')
})

test('the index of an order goes with its last window, and another one starts from what there is', async () => {
  const r = await rig({ stores: [BoardStore] })
  await r.open()
  await r.watch(9, ['items'])
  await r.watch(1, ['items'], 0, BY_X)
  give(r, ['a', 1], ['b', 2])
  await r.unwatch(1)
  // Nobody keeps the order now.
  r.partial({ items: { mods: new Map([['a', { x: { set: 3 } }]]) } })
  r.credit()
  await r.watch(2, ['items'], 0, BY_X)
  r.credit()
  expect(shown(r, 2)).toEqual(['b', 'a'])
})

test('status is that of the whole map: loading until it is there, stale while the connection is away', async () => {
  const r = await rig({ stores: [BoardStore] })
  await r.open()
  r.credit()
  await r.watch(1, ['items'], 0, { kind: 'size' })
  expect(r.keys()).toEqual(['Items'])
  expect(r.seen(1)).toMatchObject({ status: 'loading', updates: 0 })
  give(r, ['a', 1])
  expect(r.seen(1)).toMatchObject({ status: 'live', value: { total: 1, keys: [] } })
  r.socket.receive('disconnect', 'transport close')
  r.credit()
  expect(r.seen(1).status).toBe('stale')
})

// The page checks all of this before it asks; the engine must not fall over a page that does not.
test.each<[string, string, ListQuery]>([
  ['no list', 'title', { kind: 'size' }],
  ['bytes', 'image', { kind: 'diff' }],
  ['no such field', 'items', { ...BY_X, select: { orderBy: ['speed'] } }],
  ['a field with parts', 'items', { ...BY_X, select: { orderBy: [] } }],
  ['a condition on nothing', 'items', { ...BY_X, select: { where: [{ field: ['z'], op: '=', value: 1 }] } }],
  ['no locale', 'items', { ...BY_X, select: { orderBy: ['name'], collation: { locale: 'no locale' } } }],
])('a query that cannot be: %s', async (_, field, query) => {
  const r = await rig({ stores: [BoardStore] })
  await r.open()
  await r.watch(1, [field], 0, query)
  await r.watch(2, ['items'], 0, BY_X)
  give(r, ['a', 1])
  r.credit()
  expect(r.seen(1)).toMatchObject({ status: 'error', error: { code: 'path', store: 'BoardStore' } })
  // The others are none the worse.
  expect(shown(r, 2)).toEqual(['a'])
  expect(r.keys()).toEqual(['Items'])
})
