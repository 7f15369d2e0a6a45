import { expect, vi } from 'vitest'
import type { Delivery, RivuletError } from '../../../src/index.ts'
import { board as fresh, BoardStore, GhostStore, OtherStore, row, types } from '../../support/board.ts'
import { eventually } from '../../support/eventually.ts'
import { failureOf } from '../../support/page.ts'
import type { Case } from '../case.ts'

const reported: RivuletError[] = []

/** Stores: followed, read, given up. */
export const stores: readonly Case[] = [
  {
    name: 'a whole store arrives, as the host has it, and follows every change',
    covers: ['Client.store', 'Client.stores', 'PageStore.def', 'PageStore.client', 'PageStore.get', 'PageStore.ready'],
    async run({ client, host }) {
      const store = client.store(BoardStore)
      expect([store.def, store.client]).toEqual([BoardStore, client])
      expect(client.stores).toContain(store)
      const stop = store.subscribe([], () => undefined)
      await store.ready()
      expect(store.get()).toEqual(fresh())
      await host.title('second')
      await host.row('c', 'see', 3, 3)
      await host.removeRow('a')
      await eventually(() =>
        expect(store.get()).toEqual(
          fresh({
            title: 'second',
            items: new Map([
              ['b', row('b', 2, 2)],
              ['c', row('see', 3, 3)],
            ]),
          }),
        ),
      )
      stop()
    },
  },
  {
    name: 'a path notifies when it changes and at no other time; what did not change keeps its identity',
    covers: ['PageStore.subscribe', 'PageStore.version'],
    async run({ board, host }) {
      const a = vi.fn<() => void>()
      const title = vi.fn<() => void>()
      const stops = [
        board.subscribe(['items', 'a'], a),
        board.subscribe('title', title),
        board.subscribe(['items', 'b'], () => undefined),
      ]
      await Promise.all([board.ready(['items', 'a']), board.ready(['items', 'b']), board.ready('title')])
      const before = board.get(['items', 'b'])
      const version = board.version(['items', 'b'])
      const versionOfA = board.version(['items', 'a'])
      a.mockClear()
      title.mockClear()
      await host.row('a', 'ay', 7, 7)
      await eventually(() => expect(board.get(['items', 'a'])).toEqual(row('ay', 7, 7)))
      expect([a.mock.calls.length, title.mock.calls.length]).toEqual([1, 0])
      expect(board.get(['items', 'b'])).toBe(before)
      expect(board.version(['items', 'b'])).toBe(version)
      expect(board.version(['items', 'a'])).not.toBe(versionOfA)
      for (const stop of stops) stop()
      await host.row('a', 'later', 8, 8)
      await eventually(async () => expect((await host.report()).keys).toEqual([]))
      expect(a).toHaveBeenCalledTimes(1)
    },
  },
  {
    name: 'a path goes from idle through loading to live, and back to idle when nobody reads it',
    covers: ['PageStore.status', 'PageStore.loaded', 'PageStore.statusError', 'PageStore.subscribeStatus'],
    async run({ board, host }) {
      const path = ['weather', 'note'] as const
      await eventually(() => expect(board.status(path)).toBe('idle'))
      expect([board.loaded(path), board.get(path)]).toEqual([false, ''])
      const seen: string[] = []
      const stopStatus = board.subscribeStatus(path, () => seen.push(board.status(path)))
      const stop = board.subscribe(path, () => undefined)
      expect(board.status(path)).toBe('loading')
      await eventually(() => expect(board.status(path)).toBe('live'))
      expect([board.loaded(path), board.get(path), board.statusError(path)]).toEqual([true, 'calm', undefined])
      expect((await host.report()).keys).not.toEqual([])
      stop()
      await eventually(() => expect(board.status(path)).toBe('idle'))
      await eventually(async () => expect((await host.report()).keys).toEqual([]))
      expect(seen.join()).toEqual('loading,live,idle')
      stopStatus()
    },
  },
  {
    name: 'ready follows a path until it is live, and is given up by a signal',
    covers: ['PageStore.ready'],
    async run({ board, client, host }) {
      await board.ready('log')
      expect(board.get('log')).toEqual(['one', 'two'])
      const given = new AbortController()
      await host.refuse(true)
      await host.cut()
      await eventually(() => expect(client.connection.get().state).not.toBe('connected'))
      const waiting = failureOf(board.ready(['weather', 'wind'], { signal: given.signal }))
      given.abort()
      expect(await waiting).toMatchObject({ code: 'aborted' })
      await host.refuse(false)
      await board.ready(['weather', 'wind'])
      expect(board.get(['weather', 'wind'])).toBe(3)
    },
  },
  {
    name: 'every kind of value crosses: bigints, bytes, maps with number keys, nulls, renamed fields',
    covers: ['PageStore.get'],
    async run({ client }) {
      const other = client.store(OtherStore)
      const stops = (['big', 'image', 'byId', 'opt', 'urlPath', 'pilot'] as const).map((path) =>
        other.subscribe(path, () => undefined),
      )
      await Promise.all((['big', 'image', 'byId', 'opt', 'urlPath', 'pilot'] as const).map((path) => other.ready(path)))
      const { big, image, byId, opt, urlPath, pilot } = fresh()
      expect([other.get('big'), other.get('image'), other.get('opt'), other.get('urlPath')]).toEqual([
        big,
        image,
        opt,
        urlPath,
      ])
      expect([other.get('byId'), other.get(['byId', 7]), other.get('pilot')]).toEqual([byId, row('seven'), pilot])
      for (const stop of stops) stop()
    },
  },
  {
    name: 'what leads nowhere throws, and so does another definition of a store',
    covers: ['Client.store', 'PageStore.get', 'PageStore.subscribe'],
    async run({ client, board }) {
      expect(() => board.get(['nothing'] as never)).toThrow(expect.objectContaining({ code: 'path' }))
      expect(() => board.subscribe(['title', 'x'] as never, () => undefined)).toThrow(
        expect.objectContaining({ code: 'path' }),
      )
      const another = { ...BoardStore, state: 'test.Row', types }
      expect(() => client.store(another)).toThrow(expect.objectContaining({ code: 'config', store: 'BoardStore' }))
    },
  },
  {
    name: 'a store that the host does not have is an error of that store, and of no other',
    covers: ['PageStore.statusError', 'PageStore.ready'],
    options: () => ({}),
    async run({ client, board, host, errors }) {
      const stops = [board.subscribe('title', () => undefined)]
      await board.ready('title')
      const ghost = client.store(GhostStore)
      stops.push(ghost.subscribe('title', () => undefined))
      // The host hangs up when it is asked for what it does not have, so it takes a few connections to find out what that is.
      await eventually(() =>
        expect(ghost.statusError('title')).toMatchObject({ code: 'unknown-store', store: 'GhostStore' }),
      )
      expect(ghost.status('title')).toBe('error')
      expect(await failureOf(ghost.ready('title'))).toMatchObject({ code: 'unknown-store' })
      await host.title('in spite of it')
      await eventually(() => expect([board.get('title'), board.status('title')]).toEqual(['in spite of it', 'live']))
      for (const stop of stops) stop()
      expect(new Set(errors.splice(0).map(({ code }) => code))).toEqual(new Set(['unknown-store']))
    },
  },
  {
    name: 'bytes that do not decode are reported, and all is asked for again',
    covers: ['ClientOptions.onError'],
    options: () => ({ delivery: 'store', onError: (error) => reported.push(error) }),
    async run({ board, errors, host }) {
      reported.splice(0)
      const stop = board.subscribe([], () => undefined)
      await board.ready()
      await host.nonsense()
      await eventually(() => expect(reported.map(({ store }) => store)).toContain('BoardStore'))
      await host.title('after nonsense')
      await eventually(() => expect([board.status(), board.get('title')]).toEqual(['live', 'after nonsense']))
      expect(board.get()).toEqual(fresh({ title: 'after nonsense' }))
      // `onError` is the only one who hears of it.
      expect(errors.splice(0)).toEqual(reported)
      stop()
    },
  },
  deliveredAs('safe', 'Items%&a'),
  deliveredAs('exact', 'Items%&a%&Name'),
  deliveredAs('field', 'Items'),
  deliveredAs('store', ''),
]

function deliveredAs(delivery: Delivery, key: string): Case {
  return {
    name: `delivery '${delivery}': the host is asked for what that says, and the page shows the same`,
    covers: ['ClientOptions.delivery'],
    options: () => ({ delivery }),
    async run({ board, host }) {
      const stop = board.subscribe(['items', 'a', 'name'], () => undefined)
      await board.ready(['items', 'a', 'name'])
      await eventually(async () => expect((await host.report()).keys).toContain(key))
      await host.row('a', 'anew', 0, 0)
      await eventually(() => expect(board.get(['items', 'a', 'name'])).toBe('anew'))
      stop()
    },
  }
}
