import { encodeDelta, encodeState, type StoreDef } from '@rivulet/wire'
import { inspectMessage } from '@rivulet/wire/inspect'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createByteWarnings } from '../../../../src/panel/views/wire/byte-warnings.ts'
import { createEntryWarnings } from '../../../../src/panel/views/wire/entry-warnings.ts'
import { WARNINGS } from '../../../../src/panel/views/wire/warnings.ts'
import { createFakeModel } from '../../../support/fake-model.ts'
import { WideYard, YardStore, yardWith } from '../../../support/yard.ts'

describe('from an entry alone', () => {
  const setUp = () => {
    const model = createFakeModel()
    const warn = createEntryWarnings((name) => model.stores.get(name))
    const of = (entry: Parameters<typeof warn>[0]): string =>
      warn(entry)
        .map(({ code }) => code)
        .join()
    const update = (kind: 'full' | 'partial', bytes = 10, store = 'YardStore') =>
      of(model.add({ type: 'frame', kind: 'storeupdate', dir: 'in', store, update: kind, bytes }))
    const sub = (key: string, store = 'YardStore') =>
      of(model.frame('storesub', 'out', { store, action: 'subscribe', key }))
    return { model, of, warn, update, sub }
  }

  test('an error', () => {
    const { model, warn, of } = setUp()
    const entry = model.frame('storeupdate', 'in', { store: 'S', error: { code: 'truncated', what: 'too short' } })
    expect(warn(entry)).toEqual([{ code: 'error', detail: 'too short' }])
    expect(of(model.add({ type: 'error', error: { code: 'handler', what: 'x' } }))).toBe('error')
  })

  test('a key that the store has no field for', () => {
    const { sub } = setUp()
    expect(sub('Boats%&b1%&X')).toBe('')
    expect(sub('')).toBe('')
    expect(sub('Boots')).toBe('key')
    expect(sub('Depths%&first')).toBe('key')
    // Nothing is known of that store.
    expect(sub('Boots', 'OtherStore')).toBe('')
  })

  test('a full state that nobody asked for', () => {
    const { sub, update } = setUp()
    sub('Title')
    sub('Boots')
    expect(update('full')).toBe('')
    expect(update('full')).toBe('')
    expect(update('partial')).toBe('')
    expect(update('full')).toBe('again')
    sub('Ticks')
    expect(update('full')).toBe('')
  })

  test('is none after a new connection, or a resync', () => {
    const { model, of, update } = setUp()
    expect(update('full')).toBe('')
    expect(
      of(model.add({ type: 'connection', status: { state: 'connected', since: 0, attempt: 0, clockOffset: null } })),
    ).toBe('')
    expect(update('full')).toBe('')
    expect(of(model.add({ type: 'resync', store: 'YardStore', error: { code: 'index', what: 'x' } }))).toBe('')
    expect(update('full')).toBe('')
    expect(update('full')).toBe('again')
  })

  test('a partial far larger than its like', () => {
    const { update } = setUp()
    for (let i = 0; i < 8; i++) expect(update('partial', 300)).toBe('')
    expect(update('partial', 4000)).toBe('')
    expect(update('partial', 20_000)).toBe('large')
  })

  test('what is large whatever its like', () => {
    const { model, of, update } = setUp()
    expect(update('full', 300_000)).toBe('large')
    expect(of(model.add({ type: 'frame', kind: 'rpccall', dir: 'out', name: 'A', bytes: 999_999 }))).toBe('')
    expect(of(model.add({ type: 'frame', kind: 'rpccall', dir: 'out', name: 'A', bytes: 1_000_001 }))).toBe('large')
  })

  test('remembers a bounded number of stores', () => {
    const { update } = setUp()
    expect(update('full', 1, 'first')).toBe('')
    for (let i = 0; i < 1000; i++) update('full', 1, `S${i}`)
    // Forgotten, so it is as new.
    expect(update('full', 1, 'first')).toBe('')
    expect(update('full', 1, 'S999')).toBe('again')
  })
})

describe('from the bytes', () => {
  const judgeOf = (def: StoreDef = YardStore) => {
    const judge = createByteWarnings()
    const of = (update: 'full' | 'partial', bytes: Uint8Array) =>
      judge(def, update, bytes, inspectMessage(def, bytes, update))
    return {
      full: (boats: number) => of('full', encodeState(YardStore, yardWith(boats))),
      delta: (delta: Parameters<typeof encodeDelta>[1]) => of('partial', encodeDelta(def, delta)),
      of,
    }
  }

  test('a full state and a small delta are fine', () => {
    const { full, delta } = judgeOf()
    expect(full(10)).toEqual([])
    expect(delta({ title: { set: 'x' }, boats: { mods: new Map([['b1', { x: { set: 1 } }]]) } })).toEqual([])
    expect(delta({ boats: { sets: new Map([['new', { name: 'n', x: 0 }]]), deletes: new Set(['b2']) } })).toEqual([])
  })

  test('a delta that replaces a whole map, list or set', () => {
    const { delta } = judgeOf()
    expect(delta({ boats: { whole: yardWith(7).boats } })).toEqual([
      { code: 'whole', path: 'YardStore.boats', detail: '7 elements' },
    ])
    expect(delta({ depths: { whole: [1, 2, 3, 4] } })).toEqual([
      { code: 'whole', path: 'YardStore.depths', detail: '4 elements' },
    ])
    expect(delta({ flags: { whole: new Set(['a', 'b', 'c', 'd']) } })).toEqual([
      { code: 'whole', path: 'YardStore.flags', detail: '4 elements' },
    ])
    // Few are not worth a word, and neither is emptying it.
    expect(delta({ depths: { whole: [1, 2] }, boats: { whole: new Map() } })).toEqual([])
  })

  test('a delta that gives all the keys that are known', () => {
    const { full, delta } = judgeOf()
    const { boats } = yardWith(5)
    // Nothing is known yet.
    expect(delta({ boats: { sets: boats } })).toEqual([])
    full(5)
    expect(delta({ boats: { sets: boats } })).toEqual([{ code: 'all', path: 'YardStore.boats', detail: '5 keys' }])
    expect(delta({ boats: { sets: new Map([...boats].slice(1)) } })).toEqual([])
    // Now there is one more.
    expect(delta({ boats: { sets: new Map([['', { name: '', x: 0 }]]) } })).toEqual([])
    expect(delta({ boats: { sets: boats } })).toEqual([])
    expect(delta({ boats: { deletes: new Set(['']) } })).toEqual([])
    expect(delta({ boats: { sets: boats } })).toHaveLength(1)
  })

  test('and all the indices of a list, and all the keys of a set', () => {
    const { full, delta } = judgeOf()
    full(0)
    const sets = new Map([0, 1, 2, 3, 4].map((i) => [i, i]))
    expect(delta({ depths: { sets } })).toEqual([{ code: 'all', path: 'YardStore.depths', detail: '5 keys' }])
    expect(delta({ flags: { whole: new Set(['a', 'b', 'c', 'd']) } })).toHaveLength(1)
    const keys = new Map(['a', 'b', 'c', 'd'].map((key) => [key, true] as const))
    expect(delta({ flags: { sets: keys } })).toEqual([{ code: 'all', path: 'YardStore.flags', detail: '4 keys' }])
  })

  test('collections beyond the bound are not judged', () => {
    const { full, delta } = judgeOf()
    full(1001)
    expect(delta({ boats: { sets: yardWith(1001).boats } })).toEqual([])
    full(999)
    expect(delta({ boats: { sets: yardWith(999).boats } })).toHaveLength(1)
  })

  test('an integer that a number cannot hold, unless the field is a bigint', () => {
    const bytes = encodeDelta(WideYard, { ticks: { set: 2n ** 60n } })
    expect(judgeOf().of('partial', bytes)).toEqual([
      { code: 'wide', path: 'YardStore.ticks', detail: String(2n ** 60n) },
    ])
    expect(judgeOf(WideYard).of('partial', bytes)).toEqual([])
    // `serial` is beyond it in each of these states, and declared as a bigint.
    expect(judgeOf().full(1)).toEqual([])
  })

  test('a delta without an operation', () => {
    const { of, delta } = judgeOf()
    expect(delta({})).toEqual([{ code: 'nothing' }])
    expect(of('full', encodeState(YardStore, yardWith(0)))).toEqual([])
  })

  test('never throws, and stays bounded, whatever the bytes', () => {
    const judge = createByteWarnings()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.constantFrom('full', 'partial'), (bytes, update) => {
        const found = judge(YardStore, update, bytes, inspectMessage(YardStore, bytes, update, { maxParts: 12 }))
        expect(found.length).toBeLessThanOrEqual(20)
        for (const { code } of found) expect(WARNINGS[code]).toHaveLength(2)
      }),
    )
  })
})

test('each warning says what to do in a sentence', () => {
  for (const [title, advice] of Object.values(WARNINGS)) {
    expect(title.length).toBeGreaterThan(3)
    expect(advice).toMatch(/^[A-Z].*\.$/)
  }
})
