import type { PathPart } from '@rivulet/wire'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { StoreDiff } from '../../src/page/list-types.ts'
import { storeDiff } from '../../src/page/store-diff.ts'
import { board, row } from '../support/board.ts'
import { eventually } from '../support/eventually.ts'
import { closeHostedPages, openHostedPage } from '../support/hosted-page.ts'

afterEach(async () => {
  await closeHostedPages()
  vi.unstubAllGlobals()
})

interface Call {
  readonly added: readonly PathPart[]
  readonly removed: readonly PathPart[]
  readonly changed: readonly PathPart[]
}

const plain = ({ added, removed, changed }: StoreDiff<PathPart>): Call => ({ added, removed, changed })
const abc = () => new Map(['a', 'b', 'c'].map((k, i) => [k, row(k, i)]))

describe('differences', () => {
  test('begin with everything; then each call says what happened since the last, with the fields', async () => {
    const { store, change } = openHostedPage(board({ items: abc() }))
    const calls: StoreDiff<string>[] = []
    const values: unknown[] = []
    storeDiff(store, 'items', (diff) => {
      calls.push(diff)
      for (const k of [...diff.added, ...diff.changed]) values.push(store.get(['items', k])?.x)
    })
    await eventually(() => expect(calls).toHaveLength(1))
    expect(calls.map(plain)).toEqual([{ added: ['a', 'b', 'c'], removed: [], changed: [] }])
    // The values are there when the call comes, or came before it.
    await eventually(() => expect(values).toEqual([0, 1, 2]))
    change({
      items: {
        mods: new Map([['b', { x: { set: 9 } }]]),
        sets: new Map([['d', row('d', 4)]]),
        deletes: new Set(['a']),
      },
    })
    await eventually(() => expect(calls).toHaveLength(2))
    expect(plain(calls[1] as StoreDiff<string>)).toEqual({ added: ['d'], removed: ['a'], changed: ['b'] })
    expect([calls[1]?.fields('b'), calls[1]?.fields('d')]).toEqual([['x'], null])
    expect(values.slice(3)).toEqual([4, 9])
  })

  test('of an empty map begin too; of a list are its indices', async () => {
    const { store, change } = openHostedPage(board({ items: null, log: ['x', 'y'] }))
    const items: Call[] = []
    const log: Call[] = []
    storeDiff(store, 'items', (d) => items.push(plain(d)))
    storeDiff(store, ['log'], (d) => log.push(plain(d)))
    await eventually(() => expect(items).toEqual([{ added: [], removed: [], changed: [] }]))
    await eventually(() => expect(log).toEqual([{ added: [0, 1], removed: [], changed: [] }]))
    change({
      log: {
        sets: new Map([
          [1, 'z'],
          [2, 'new'],
        ]),
      },
    })
    await eventually(() => expect(log.at(-1)).toEqual({ added: [2], removed: [], changed: [1] }))
    change({ log: { whole: ['x'] } })
    await eventually(() => expect(log.at(-1)).toMatchObject({ added: [], changed: [] }))
    expect(log.at(-1)?.removed.toSorted()).toEqual([1, 2])
    expect(items).toHaveLength(1)
  })

  test('after a reconnect, and after a resync, only what really differs', async () => {
    const hosted = openHostedPage(board({ items: abc() }))
    const { store, host, drop, nonsense, errors, change } = hosted
    const calls: Call[] = []
    storeDiff(store, 'items', (d) => calls.push(plain(d)))
    await eventually(() => expect(calls).toHaveLength(1))
    drop()
    host.state = {
      ...host.state,
      items: new Map([
        ['c', row('c', 2)],
        ['b', row('b', 7)],
        ['e', row('e')],
      ]),
    }
    await eventually(() => expect(calls).toHaveLength(2))
    expect(calls[1]).toEqual({ added: ['e'], removed: ['a'], changed: ['b'] })
    // Nothing differs: nothing is said.
    drop()
    await eventually(() => expect(hosted.subscribed).toBe(3))
    await eventually(() => expect(store.status('items')).toBe('live'))
    nonsense()
    await eventually(() => expect(errors).toHaveLength(1))
    await eventually(() => expect(hosted.subscribed).toBe(4))
    await eventually(() => expect(store.status('items')).toBe('live'))
    change({ items: { mods: new Map([['e', { y: { set: 3 } }]]) } })
    await eventually(() => expect(calls).toHaveLength(3))
    expect(calls[2]).toEqual({ added: [], removed: [], changed: ['e'] })
  })

  test('many listeners: each from its own beginning, whatever the others do', async () => {
    const reported: unknown[] = []
    vi.stubGlobal('reportError', (e: unknown) => reported.push(e))
    const { store, change } = openHostedPage(board({ items: abc() }))
    const early: Call[] = []
    const late: Call[] = []
    storeDiff(store, 'items', ({ changed }) => {
      if (changed.length > 0) throw new Error('mine')
    })
    const stop = storeDiff(store, 'items', (d) => early.push(plain(d)))
    await eventually(() => expect(early).toHaveLength(1))
    storeDiff(store, 'items', (d) => late.push(plain(d)))
    // Not in the call itself.
    expect(late).toEqual([])
    await eventually(() => expect(late).toEqual([{ added: ['a', 'b', 'c'], removed: [], changed: [] }]))
    change({ items: { mods: new Map([['a', { x: { set: 5 } }]]) } })
    await eventually(() => expect(early).toHaveLength(2))
    expect([early[1], late[1]]).toEqual([
      { added: [], removed: [], changed: ['a'] },
      { added: [], removed: [], changed: ['a'] },
    ])
    expect(reported).toMatchObject([{ message: 'mine' }])
    stop()
    change({ items: { deletes: new Set(['a']) } })
    await eventually(() => expect(late).toHaveLength(3))
    expect(early).toHaveLength(2)
  })

  test('a listener that stops before it began hears nothing, and nothing stays subscribed', async () => {
    const { store, host } = openHostedPage(board({ items: abc() }))
    const listener = vi.fn<() => void>()
    storeDiff(store, 'items', listener)()
    const kept: Call[] = []
    const stop = storeDiff(store, 'items', (d) => kept.push(plain(d)))
    await eventually(() => expect(kept).toHaveLength(1))
    expect(listener).not.toHaveBeenCalled()
    stop()
    await eventually(() => expect([...host.keys.keys()]).toEqual([]))
  })

  test('throw path where there is no map, list or set', () => {
    const { store } = openHostedPage(board())
    expect(() => storeDiff(store as never, 'title' as never, () => undefined)).toThrow('a string has no keys')
  })
})
