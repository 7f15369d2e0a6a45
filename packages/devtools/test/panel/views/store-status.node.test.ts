import type { FeedStore } from '@rivulet/client/inspect'
import { expect, it } from 'vitest'
import { isWithin, pathKey, withEdit, withoutEdit } from '../../../src/panel/views/stores/local-edits.ts'
import { storeStatus } from '../../../src/panel/views/stores/store-status.ts'

const key = { wire: '', path: [], sent: true, live: true }
const store = (part: Partial<FeedStore>): FeedStore => ({
  name: 's',
  keys: [key],
  watches: [],
  fullStore: false,
  seq: 1,
  ...part,
})

it.each([
  [{}, 'connected', 'live'],
  [{ keys: [] }, 'connected', 'idle'],
  [{ keys: [key, { ...key, live: false }] }, 'connected', 'loading'],
  [{}, 'disconnected', 'stale'],
  [{}, undefined, 'stale'],
  [{ seq: 0 }, 'connecting', 'loading'],
  [{ held: 'blocked' }, 'connected', 'blocked'],
  [{ held: 'resync', keys: [] }, 'disconnected', 'resync'],
] as const)('%j while %s is %s', (part, connection, status) => {
  expect(storeStatus(store(part), connection)).toBe(status)
})

const edit = (...path: (string | bigint)[]) => ({ path, bytes: null })

it('an edit replaces those at and below its place', () => {
  const edits = [edit('a'), edit('a', 'x'), edit('ab'), edit('b')]
  expect(withEdit(edits, edit('a')).map(({ path }) => path.join('.'))).toEqual(['ab', 'b', 'a'])
  expect(withEdit(edits, edit('a', 'x')).map(({ path }) => path.join('.'))).toEqual(['a', 'ab', 'b', 'a.x'])
  expect(withEdit(edits, edit())).toEqual([edit()])
})

it('an edit is undone by its path', () => {
  expect(withoutEdit([edit('m', 1n), edit('m', '1')], ['m', 1n])).toEqual([edit('m', '1')])
})

it('paths of different types are different', () => {
  expect(new Set([[1], ['1'], [1n], [true], ['true'], []].map(pathKey)).size).toBe(6)
  expect([isWithin([], []), isWithin(['a'], []), isWithin([], ['a']), isWithin(['a', 1], ['a', 1])]).toEqual([
    true,
    true,
    false,
    true,
  ])
})
