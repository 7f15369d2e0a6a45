import type { PathPart } from '@rivulet/wire'
import { afterEach, describe, expect, test } from 'vitest'
import type { KeysSnapshot } from '../../src/page/list-types.ts'
import { storeKeys, storeSize } from '../../src/page/store-keys.ts'
import { createClient } from '../../src/index.ts'
import { board, BoardStore, row } from '../support/board.ts'
import { eventually } from '../support/eventually.ts'
import { closeHostedPages, openHostedPage } from '../support/hosted-page.ts'

afterEach(closeHostedPages)

const rows = (n: number): ReturnType<typeof board>['items'] =>
  new Map(Array.from({ length: n }, (_, i) => [`k${i}`, row(`n${i % 7}`, (i * 37) % n)]))

/** Follows something and notes what each call of its listener saw. */
function follow<T>(source: { get(): T; subscribe(listener: () => void): () => void }): { seen: T[]; stop: () => void } {
  const seen: T[] = []
  return { seen, stop: source.subscribe(() => void seen.push(source.get())) }
}

describe('the keys of a map', () => {
  test('come once, then as what changes about them; contents of rows are no news', async () => {
    const { store, change, patches } = openHostedPage(board({ items: rows(1000) }))
    const keys = storeKeys(store, 'items')
    expect(keys.get()).toEqual({ keys: [], total: 0, offset: 0, status: 'idle', loaded: false, error: undefined })
    const { seen } = follow(keys)
    await eventually(() => expect(keys.get().status).toBe('live'))
    const first = keys.get()
    expect(first.keys).toEqual([...(rows(1000)?.keys() ?? [])])
    expect(keys.get()).toBe(first)
    const count = seen.length
    const sent = patches.length

    change({ items: { mods: new Map([['k5', { x: { set: -7 } }]]) } })
    change({ title: { set: 'later' } })
    change({ items: { sets: new Map([['new', row('n')]]), deletes: new Set(['k0']) } })
    await eventually(() => expect(keys.get().total).toBe(1000))
    await eventually(() => expect(keys.get().keys.at(-1)).toBe('new'))
    expect(keys.get().keys[0]).toBe('k1')
    expect(Object.isFrozen(keys.get().keys)).toBe(true)
    // The first of these changes cost nothing at all, the others a record each at most.
    expect(patches.length - sent).toBeLessThanOrEqual(2)
    for (const patch of patches.slice(sent)) expect(patch.byteLength).toBeLessThan(30)
    expect(seen.length - count).toBeLessThanOrEqual(2)
  })

  test('are the same array after a reconnect and after a resync', async () => {
    const hosted = openHostedPage(board({ items: rows(50) }))
    const { store, drop, nonsense, change, errors } = hosted
    const keys = storeKeys(store, 'items')
    const { seen } = follow(keys)
    await eventually(() => expect(keys.get().status).toBe('live'))
    const before = keys.get().keys
    drop()
    await eventually(() => expect(hosted.subscribed).toBe(2))
    await eventually(() => expect(keys.get().status).toBe('live'))
    expect(keys.get().keys).toBe(before)
    nonsense()
    await eventually(() => expect(errors).toHaveLength(1))
    await eventually(() => expect(hosted.subscribed).toBe(3))
    await eventually(() => expect(keys.get().status).toBe('live'))
    expect(keys.get().keys).toBe(before)
    change({ items: { deletes: new Set(['k1']) } })
    await eventually(() => expect(keys.get().total).toBe(49))
    expect(seen.every((s) => s.keys === before || !s.loaded || s.total === 49)).toBe(true)
  })

  test('a key that stays keeps its place when the host sends its map in another order', async () => {
    const { store, host, drop } = openHostedPage(board({ items: rows(20) }))
    const keys = storeKeys(store, 'items')
    follow(keys)
    await eventually(() => expect(keys.get().status).toBe('live'))
    const before = keys.get().keys
    host.state = board({ items: new Map([...(host.state.items ?? [])].toReversed()).set('new', row('n')) })
    drop()
    await eventually(() => expect(keys.get().total).toBe(21))
    expect(keys.get().keys).toEqual([...before, 'new'])
  })

  test('of a nil map there are none; nor where a null is on the way', async () => {
    const { store, change } = openHostedPage(board({ items: null }))
    const keys = storeKeys(store, 'items')
    follow(keys)
    await eventually(() => expect(keys.get()).toMatchObject({ keys: [], total: 0, status: 'live', loaded: true }))
    change({ items: { sets: new Map([['a', row('a')]]) } })
    await eventually(() => expect(keys.get().keys).toEqual(['a']))
  })

  test('are given up with their last listener, after the grace period, and come back', async () => {
    const { store, host, change } = openHostedPage(board({ items: rows(5) }))
    const keys = storeKeys(store, 'items')
    const { stop } = follow(keys)
    await eventually(() => expect(keys.get().loaded).toBe(true))
    expect([...host.keys.keys()]).toEqual(['Items'])
    stop()
    expect(keys.get().loaded).toBe(true)
    await eventually(() => expect(keys.get()).toMatchObject({ keys: [], loaded: false, status: 'idle' }))
    await eventually(() => expect([...host.keys.keys()]).toEqual([]))
    change({ items: { deletes: new Set(['k0']) } })
    follow(keys)
    await eventually(() => expect(keys.get().total).toBe(4))
  })

  test('all who ask for the same share them', async () => {
    const { store } = openHostedPage(board({ items: rows(5) }))
    const one = storeKeys(store, 'items', { orderBy: 'x', limit: 3 })
    const other = storeKeys(store, ['items'], { limit: 3, orderBy: ['x'], offset: 0, direction: 'asc' })
    follow(one)
    follow(other)
    await eventually(() => expect(one.get().loaded).toBe(true))
    expect(other.get()).toBe(one.get())
  })
})

describe('a window', () => {
  test('has the keys in order, and the total; only what moves in it costs something', async () => {
    const { store, change, patches } = openHostedPage(board({ items: rows(100) }))
    const top = storeKeys(store, 'items', { orderBy: 'x', direction: 'desc', limit: 3 })
    follow(top)
    await eventually(() => expect(top.get().loaded).toBe(true))
    const by = (x: number): string => `k${Array.from({ length: 100 }, (_, i) => (i * 37) % 100).indexOf(x)}`
    expect(top.get()).toMatchObject({ keys: [by(99), by(98), by(97)], total: 100, offset: 0 })
    const sent = patches.length
    change({ items: { mods: new Map([[by(10), { x: { set: 11.5 } }]]) } })
    change({ items: { mods: new Map([[by(20), { x: { set: 98.5 } }]]) } })
    await eventually(() => expect(top.get().keys).toEqual([by(99), by(20), by(98)]))
    expect(patches.length - sent).toBe(1)
    expect(patches.at(-1)?.byteLength).toBeLessThan(25)
  })

  test('that scrolls shows the old keys until the new ones are there', async () => {
    const { store } = openHostedPage(board({ items: rows(100) }))
    const keys = storeKeys(store, 'items', { orderBy: 'x', limit: 10 })
    const { seen } = follow(keys)
    await eventually(() => expect(keys.get().loaded).toBe(true))
    const first = keys.get().keys
    for (const offset of [10, 20, 30]) keys.change({ orderBy: 'x', offset, limit: 10 })
    expect(keys.get()).toMatchObject({ keys: first, offset: 0, total: 100, loaded: true })
    await eventually(() => expect(keys.get().offset).toBe(30))
    expect(keys.get().keys).toHaveLength(10)
    // Nobody ever saw an empty list, or a window that was not wanted any more.
    const loaded = seen.filter((s) => s.loaded)
    expect(new Set(loaded.map(({ offset }) => offset))).toEqual(new Set([0, 30]))
    expect(new Set(loaded.map((s) => s.keys.length))).toEqual(new Set([10]))
    // There and back in one task is nothing.
    const now = keys.get()
    keys.change({ orderBy: 'x', offset: 40, limit: 10 })
    keys.change({ orderBy: 'x', offset: 30, limit: 10 })
    expect(keys.get()).toBe(now)
  })

  test('another order, condition or collation is another window too', async () => {
    const items = new Map([
      ['1', row('b', 1)],
      ['2', row('a10', 2)],
      ['3', row('a2', 3)],
      ['4', row('B', NaN)],
    ])
    const { store } = openHostedPage(board({ items }))
    const keys = storeKeys(store, 'items', { orderBy: 'name' })
    const { seen } = follow(keys)
    const shows = (...expected: string[]): Promise<void> => eventually(() => expect(keys.get().keys).toEqual(expected))
    await shows('4', '2', '3', '1')
    keys.change({ orderBy: 'name', collation: { locale: 'en', numeric: true } })
    await shows('3', '2', '1', '4')
    keys.change({ orderBy: 'x', direction: 'desc' })
    await shows('3', '2', '1', '4')
    keys.change({
      orderBy: 'x',
      where: [
        { field: 'x', op: '>', value: 1 },
        { field: 'name', op: 'contains', value: '1' },
      ],
    })
    await shows('2')
    keys.change({ where: { field: 'x', op: 'in', value: [NaN, 1] } })
    await shows('1', '4')
    expect(seen.filter(({ loaded }) => loaded).every((s) => s.keys.length > 0)).toBe(true)
  })

  test('beyond the end is empty, with the total', async () => {
    const { store } = openHostedPage(board({ items: rows(5) }))
    const keys = storeKeys(store, 'items', { offset: 9, limit: 5 })
    follow(keys)
    await eventually(() => expect(keys.get()).toMatchObject({ keys: [], total: 5, offset: 9, loaded: true }))
  })
})

describe('lists and sizes', () => {
  test('the keys of a list are its indices, which its length is enough for', async () => {
    const { store, change, patches } = openHostedPage(board({ log: ['c', 'a', 'b'] }))
    const indices = storeKeys(store, 'log')
    const sorted = storeKeys(store, 'log', { orderBy: [] })
    const page = storeKeys(store, 'log', { offset: 1, limit: 1 })
    for (const one of [indices, sorted, page]) follow(one)
    await eventually(() => expect(indices.get().keys).toEqual([0, 1, 2]))
    await eventually(() => expect([sorted.get().keys, page.get().keys]).toEqual([[1, 2, 0], [1]]))
    const before = indices.get().keys
    const sent = patches.length
    change({ log: { sets: new Map([[0, '0']]) } })
    await eventually(() => expect(sorted.get().keys).toEqual([0, 1, 2]))
    expect(indices.get().keys).toBe(before)
    expect(patches.length - sent).toBe(1)
    change({ log: { whole: [] } })
    await eventually(() => expect([indices.get().total, sorted.get().keys]).toEqual([0, []]))
  })

  test('a size is a number', async () => {
    const { store, change, patches } = openHostedPage(board({ items: rows(1000) }))
    const size = storeSize(store, 'items')
    const fast = storeSize(store, 'items', { where: { field: 'x', op: '>=', value: 990 } })
    follow(size)
    follow(fast)
    expect([size.get(), fast.get()]).toEqual([0, 0])
    await eventually(() => expect([size.get(), fast.get()]).toEqual([1000, 10]))
    change({ items: { mods: new Map([['k0', { x: { set: 995 } }]]), deletes: new Set(['k1']) } })
    await eventually(() => expect([size.get(), fast.get()]).toEqual([999, 11]))
    for (const patch of patches) expect(patch.byteLength).toBeLessThan(40)
  })
})

describe('what cannot be asked for', () => {
  // Checked before anything is asked of the host, so a client that never connects is enough.
  const client = createClient({ url: 'http://localhost:1', autoConnect: false })
  const store = client.store(BoardStore)
  const ask = (path: string | readonly PathPart[], options: object = {}): unknown =>
    storeKeys(store, path as 'items', options as never)

  test.each<[string, string | readonly PathPart[], object, string]>([
    ['a path that is no list', 'title', {}, 'path'],
    ['bytes', 'image', {}, 'path'],
    ['no such path', ['items', 5], {}, 'path'],
    ['no such field', 'items', { orderBy: 'speed' }, 'path'],
    ['a row with parts', 'items', { orderBy: [] }, 'path'],
    ['a value of another type', 'items', { where: { field: 'x', op: '=', value: '1' } }, 'invalid-value'],
    ['a list without in', 'items', { where: { field: 'x', op: '=', value: [1] } }, 'invalid-value'],
    ['contains of a number', 'items', { where: { field: 'x', op: 'contains', value: 1 } }, 'invalid-value'],
    ['contains nothing', 'items', { where: { field: 'name', op: 'contains', value: null } }, 'invalid-value'],
    ['no such operator', 'items', { where: { field: 'x', op: '~', value: 1 } }, 'config'],
    ['a negative offset', 'items', { offset: -1 }, 'config'],
    ['half a limit', 'items', { limit: 0.5 }, 'config'],
    ['no locale', 'items', { orderBy: 'name', collation: { locale: 'no locale' } }, 'config'],
  ])('%s', (_, path, options, code) => {
    expect(() => ask(path, options)).toThrow(
      expect.objectContaining({ code, store: 'BoardStore', hint: expect.any(String) }),
    )
  })

  test('and nothing changes when change() throws', () => {
    const keys = storeKeys(store, 'items', { limit: 1 })
    const before: KeysSnapshot<string> = keys.get()
    expect(() => keys.change({ offset: NaN })).toThrow('offset cannot be NaN')
    expect(keys.get()).toBe(before)
  })
})
