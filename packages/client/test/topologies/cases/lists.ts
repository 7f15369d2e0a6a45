import { expect } from 'vitest'
import { storeDiff, storeKeys, storeSize } from '../../../src/index.ts'
import { eventually } from '../../support/eventually.ts'
import type { Case } from '../case.ts'

/** Lists, whose order the engine keeps. */
export const lists: readonly Case[] = [
  {
    name: 'a window of ordered keys moves, and follows what changes in it',
    covers: [
      'index.storeKeys',
      'PageStore.list',
      'KeysOptions.orderBy',
      'KeysOptions.direction',
      'KeysOptions.offset',
      'KeysOptions.limit',
    ],
    async run({ board, host }) {
      await host.rows(100)
      const keys = storeKeys(board, 'items', { orderBy: 'x', direction: 'desc', offset: 10, limit: 3 })
      const stop = keys.subscribe(() => undefined)
      await eventually(() =>
        expect(keys.get()).toMatchObject({
          keys: ['r89', 'r88', 'r87'],
          total: 100,
          offset: 10,
          status: 'live',
          loaded: true,
        }),
      )
      keys.change({ orderBy: 'x', direction: 'asc', offset: 0, limit: 2 })
      await eventually(() => expect(keys.get().keys).toEqual(['r0', 'r1']))
      await host.row('first', 'first', -5, 0)
      await eventually(() => expect(keys.get()).toMatchObject({ keys: ['first', 'r0'], total: 101 }))
      await host.removeRow('r0')
      await eventually(() => expect(keys.get()).toMatchObject({ keys: ['first', 'r1'], total: 100 }))
      stop()
      // What the three are made of.
      const line = board.list(['items'], { query: { kind: 'size' }, drop: () => undefined })
      const stopLine = line.subscribe(() => undefined)
      await eventually(() => expect(line.status()).toBe('live'))
      stopLine()
    },
  },
  {
    name: 'rows are chosen by conditions, ordered by text, and counted',
    covers: [
      'index.storeSize',
      'KeysOptions.where',
      'KeysOptions.collation',
      'Condition.field',
      'Condition.op',
      'Condition.value',
    ],
    async run({ board, host }) {
      await host.rows(20)
      const big = { field: 'x', op: '>=', value: 15 } as const
      const size = storeSize(board, 'items', { where: big })
      const keys = storeKeys(board, 'items', {
        where: [big, { field: 'name', op: '!=', value: 'row 16' }],
        orderBy: 'name',
        collation: { locale: 'en', numeric: true },
      })
      const stops = [size.subscribe(() => undefined), keys.subscribe(() => undefined)]
      await eventually(() => expect([size.get(), keys.get().keys]).toEqual([5, ['r15', 'r17', 'r18', 'r19']]))
      await host.row('r3', 'row 170', 99, 0)
      await eventually(() => expect([size.get(), keys.get().keys]).toEqual([6, ['r15', 'r17', 'r18', 'r19', 'r3']]))
      for (const stop of stops) stop()
    },
  },
  {
    name: 'a difference says which rows came, went and changed, and in which fields',
    covers: ['index.storeDiff'],
    options: () => ({}),
    async run({ board, host }) {
      const seen = { added: new Set<string>(), removed: new Set<string>(), changed: new Map<string, unknown>() }
      const stop = storeDiff(board, 'items', (diff) => {
        for (const key of diff.added) seen.added.add(key)
        for (const key of diff.removed) seen.removed.add(key)
        for (const key of diff.changed) seen.changed.set(key, diff.fields(key))
      })
      const keys = storeKeys(board, 'items')
      const stopKeys = keys.subscribe(() => undefined)
      await eventually(() => expect(keys.get().loaded).toBe(true))
      await host.row('new', 'new', 1, 1)
      await eventually(() => expect(seen.added).toContain('new'))
      await host.row('b', 'b', 2, 22)
      await eventually(() => expect([...seen.changed.keys()]).toContain('b'))
      await host.removeRow('new')
      await eventually(() => expect([...seen.removed]).toEqual(['new']))
      stop()
      stopKeys()
    },
  },
]
