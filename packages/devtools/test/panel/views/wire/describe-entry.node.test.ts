import type { FeedEntry, FrameEntry } from '@rivulet/client/inspect'
import { describe, expect, test } from 'vitest'
import {
  describeEntry,
  errorOf,
  type Filter,
  kindOf,
  passes,
  storeOf,
} from '../../../../src/panel/views/wire/describe-entry.ts'

const base = { seq: 1, at: 0 }
const frame = (more: Partial<FrameEntry>): FrameEntry => ({
  ...base,
  type: 'frame',
  dir: 'in',
  kind: 'event',
  bytes: 4,
  ...more,
})
const error = { code: 'rpc', what: 'no' } as const

/** One of each, and what it is called. */
const entries: readonly (readonly [FeedEntry, string])[] = [
  [frame({ kind: 'storeupdate', store: 'S', update: 'full' }), 'in storeupdate S full'],
  [frame({ kind: 'storesub', dir: 'out', store: 'S', action: 'subscribe', key: 'A%&b' }), 'out storesub S A › b'],
  [frame({ kind: 'storesub', dir: 'out', store: 'S', action: 'unsubscribe', key: '' }), 'out storesub S no more'],
  [frame({ kind: 'rpccall', dir: 'out', name: 'M', call: 7 }), 'out rpccall M #7'],
  [frame({ kind: 'keyedevent', store: 'S', name: 'E', key: 'k' }), 'in keyedevent E of S k'],
  [frame({ kind: 'other', event: 'login' }), 'in login '],
  [frame({ kind: 'other' }), 'in other '],
  [{ ...base, type: 'patch', page: 2, number: 9, bytes: 30, from: 4, to: 8 }, 'page patch 9 to page 2 from #4–8'],
  [{ ...base, type: 'patch', page: 2, number: 9, bytes: 30 }, 'page patch 9 to page 2'],
  [{ ...base, type: 'call', page: 1, id: 1, name: 'M', step: 'failed', error, took: 4 }, 'page call M failed'],
  [
    { ...base, type: 'connection', status: { state: 'disconnected', since: 0, attempt: 1, clockOffset: null, error } },
    'engine connection disconnected',
  ],
  [{ ...base, type: 'resync', store: 'S', error }, 'engine resync S: no'],
  [{ ...base, type: 'error', error }, 'engine error no'],
  [{ ...base, type: 'page', page: 3, step: 'left' }, 'engine page page 3 left'],
]

test('every kind of entry is said in a line', () => {
  for (const [entry, says] of entries) {
    const { dir, kind, what } = describeEntry(entry)
    expect(`${dir} ${kind} ${what}`).toBe(says)
    expect(kindOf(entry)).toBe(kind)
  }
})

test('sizes, times, stores and errors are those of the entry', () => {
  expect(describeEntry(frame({ took: 0.5 }))).toMatchObject({ bytes: 4, took: 0.5 })
  expect(entries.filter(([entry]) => errorOf(entry) !== undefined).map(([entry]) => entry.type)).toEqual([
    'call',
    'connection',
    'resync',
    'error',
  ])
  expect(errorOf(frame({ error }))).toBe(error)
  expect(entries.flatMap(([entry]) => storeOf(entry) ?? [])).toEqual(['S', 'S', 'S', 'S', 'S'])
})

describe('the filter', () => {
  const none: Filter = { dir: '', kind: '', store: '', text: '' }
  const passed = (filter: Partial<Filter>): readonly string[] =>
    entries.filter(([entry]) => passes({ ...none, ...filter }, entry)).map(([, says]) => says)

  test('lets everything through, or one direction, kind or store', () => {
    expect(passed({})).toHaveLength(entries.length)
    expect(passed({ dir: 'out' })).toHaveLength(3)
    expect(passed({ kind: 'login' })).toEqual(['in login '])
    expect(passed({ store: 'S' })).toHaveLength(5)
    expect(passed({ store: 'S', dir: 'in', kind: 'keyedevent' })).toEqual(['in keyedevent E of S k'])
    expect(passed({ store: 'S', dir: 'page' })).toEqual([])
  })

  test('finds text in names, stores and keys, as they travel and as they are shown', () => {
    expect(passed({ text: 'a › b' })).toHaveLength(1)
    expect(passed({ text: 'a%&b' })).toHaveLength(1)
    expect(passed({ text: 'resync' })).toHaveLength(1)
    expect(passed({ text: 'no such' })).toEqual([])
  })
})
