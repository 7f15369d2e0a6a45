import { expect, vi } from 'vitest'
import {
  askInitial,
  createKeys,
  createSelection,
  preload,
  requests,
  select,
  shallowEqual,
  zeroAt,
} from '../../../src/index.ts'
import { BoardStore } from '../../support/board.ts'
import { eventually } from '../../support/eventually.ts'
import type { Case } from '../case.ts'

/** The ways to read a store that are made of `get` and `subscribe`. */
export const reading: readonly Case[] = [
  {
    name: 'a selection follows exactly what its selector reads',
    covers: ['index.createSelection', 'index.select', 'index.shallowEqual'],
    async run({ board, host }) {
      const names = createSelection(board, (state) => [state.items?.get('a')?.name, state.weather.wind], shallowEqual)
      const heard = vi.fn<() => void>()
      const stop = names.subscribe(heard)
      await eventually(() => expect(names.get()).toEqual(['a', 3]))
      const { keys } = await host.report()
      expect(keys.join()).toContain('Items%&a')
      expect(keys.join()).not.toContain('Items%&b')
      const before = names.get()
      await host.row('a', 'a', 9, 9)
      await host.row('a', 'other', 9, 9)
      await eventually(() => expect(names.get()).toEqual(['other', 3]))
      expect(names.get()).not.toBe(before)
      expect(select(board, (state) => state.weather.wind)).toEqual({ value: 3, reads: [['weather', 'wind']] })
      expect(shallowEqual([1], [1])).toBe(true)
      stop()
    },
  },
  {
    name: 'createKeys follows the keys that a map has',
    covers: ['index.createKeys'],
    async run({ board, host }) {
      const keys = createKeys(board, 'items')
      const stop = keys.subscribe(() => undefined)
      await eventually(() => expect(keys.get()).toEqual(['a', 'b']))
      await host.row('c', 'c', 0, 0)
      await host.removeRow('a')
      await eventually(() => expect(keys.get()).toEqual(['b', 'c']))
      stop()
    },
  },
  {
    name: 'a path can be loaded before anybody reads it, and is given up when nobody comes',
    covers: ['index.preload', 'index.requests'],
    async run({ client, board, host }) {
      await preload(client, BoardStore, 'urlPath', { keepMs: 200 })
      expect([board.get('urlPath'), board.status('urlPath')]).toEqual(['/x', 'live'])
      await requests.ask(board as never, ['log'], 200)
      await eventually(() => expect(board.get('log')).toEqual(['one', 'two']))
      await eventually(async () => expect((await host.report()).keys).toEqual([]))
    },
  },
  {
    name: 'what was not rendered by a server is not known at first, and can be asked for',
    covers: ['PageStore.initial', 'index.askInitial', 'index.zeroAt'],
    options: () => ({}),
    async run({ board }) {
      expect(board.initial('title')).toEqual({ known: false, value: '' })
      expect(zeroAt(BoardStore, ['weather', 'wind'])).toBe(0)
      await expect(askInitial(board as never, ['title'])).resolves.toBeUndefined()
      // What arrives later than the page is no part of what it began with.
      expect(board.initial('title')).toEqual({ known: false, value: '' })
    },
  },
]
