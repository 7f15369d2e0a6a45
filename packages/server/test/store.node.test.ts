import { type Delta, encodeDelta, encodeState, isRivuletError } from '@rivulet/wire'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createStore, type Store, type StoreChange } from '../src/index.ts'
import type { HostedStore } from '../src/store.ts'
import { canonical } from './support/canonical.ts'
import { RichStore, type RichState, someRichState, someRow } from './support/rich-store.ts'

function errorOf(work: () => unknown): { code: string; message: string } {
  try {
    work()
  } catch (e) {
    if (isRivuletError(e)) return { code: e.code, message: e.message }
    throw e
  }
  throw new Error('nothing was thrown')
}

describe('a store', () => {
  test('starts with the zero state of its schema', () => {
    const { state } = createStore(RichStore)
    expect(state.count).toBe(0)
    expect(state.rows).toBeNull()
    expect(state.row.name).toBe('')
  })

  test('feature 127: keeps its own copy of what it is given', () => {
    const initial = someRichState()
    const store = createStore(RichStore, initial)
    ;(initial.list as number[]).push(99)
    const row = someRow('mine')
    store.update((d) => void d.rows?.set('m', row))
    row.n = 1000
    expect(store.state.list).toEqual([1, 2, 3, 4])
    expect(store.state.rows?.get('m')?.n).toBe(1)
  })

  test('feature 122: a state that was read never changes, and keeps what was not touched', () => {
    const store = createStore(RichStore, someRichState())
    const before = store.state
    const text = canonical(before)
    for (let n = 0; n < 3; n++) store.update((d) => void (d.row.n += 10))
    store.apply({ tags: { sets: new Map([['z', '9']]) } })
    const after = store.state
    expect(canonical(before)).toBe(text)
    expect(after.row.n).toBe(31)
    expect(after.rows).toBe(before.rows)
    expect(after.tags).not.toBe(before.tags)
  })

  test('features 131 and 132: says whether anything changed, and tells only then', () => {
    const store = createStore(RichStore, someRichState())
    const changes: StoreChange[] = []
    const stop = store.onChange((change) => changes.push(change))
    expect(store.update((d) => void (d.count = 7))).toBe(false)
    expect(store.apply({ count: { set: 7 } })).toBe(false)
    expect(store.update((d) => void (d.count = 8))).toBe(true)
    expect(store.apply({ count: { set: 8 }, title: { set: 'new' } })).toBe(true)
    stop()
    store.update((d) => void (d.count = 9))
    const bytes = (delta: Delta): Uint8Array => encodeDelta(RichStore, delta)
    expect(changes).toEqual([
      { kind: 'delta', delta: { count: { set: 8 } }, bytes: bytes({ count: { set: 8 } }) },
      { kind: 'delta', delta: { title: { set: 'new' } }, bytes: bytes({ title: { set: 'new' } }) },
    ])
  })

  test('feature 137: a change that a listener keeps stays as it was', () => {
    const store = createStore(RichStore, someRichState())
    const kept: StoreChange[] = []
    store.onChange((change) => kept.push(change))
    store.update((d) => void d.rows?.set('copy', d.rows.get('a') ?? someRow()))
    for (let n = 0; n < 3; n++) {
      store.update((d) => {
        for (const key of ['a', 'copy']) (d.rows?.get(key) ?? someRow()).n += 100
      })
    }
    expect(kept[0]?.kind === 'delta' && kept[0].delta).toEqual({ rows: { sets: new Map([['copy', someRow('a', 1)]]) } })
  })

  test('pitfall 82: set and modify back in one delta is not lost', () => {
    const store = createStore(RichStore, someRichState())
    const sets = new Map([['a', { ...someRow('a', 1), name: 'other' }]])
    const mods = new Map([['a', { n: { set: 1 }, name: { set: 'a' } } as Delta]])
    store.apply({ rows: { sets, mods } })
    expect(store.state.rows?.get('a')?.name).toBe('a')
    store.apply({ rows: { deletes: new Set(['a']), mods: new Map([['a', { name: { set: 'a' } } as Delta]]) } })
    expect(store.state.rows?.get('a')).toEqual({ name: 'a', n: 0, tags: null, inner: null, child: null })
  })

  test('a replacement is told even when it is equal, as a full state', () => {
    const store = createStore(RichStore, someRichState())
    const kinds: string[] = []
    store.onChange((change) => kinds.push(change.kind))
    store.replace(someRichState())
    store.replace({ ...someRichState(), list: null })
    expect(kinds).toEqual(['full', 'full'])
    expect(store.state.list).toBeNull()
  })

  test('feature 123: what does not fit the schema throws, names the field, and changes nothing', () => {
    const store = createStore(RichStore, someRichState())
    const before = encodeState(RichStore, store.state)
    let told = 0
    store.onChange(() => told++)
    const wrong = (recipe: (d: Record<string, unknown>) => void): { code: string; message: string } =>
      errorOf(() => store.update((d) => recipe(d)))
    expect(wrong((d) => void (d['count'] = 2 ** 31))).toMatchObject({ code: 'out-of-range' })
    expect(wrong((d) => void (d['count'] = 2 ** 31)).message).toContain('RichStore.count')
    expect(wrong((d) => void (d['big'] = 2n ** 63n))).toMatchObject({ code: 'out-of-range' })
    expect(wrong((d) => void (d['title'] = null))).toMatchObject({ code: 'invalid-value' })
    expect(wrong((d) => void (d['flag'] = undefined))).toMatchObject({ code: 'invalid-value' })
    const inRow = wrong((d) => {
      d['title'] = 'changed first'
      const row = (d['rows'] as Map<string, Record<string, unknown>>).get('a') as Record<string, unknown>
      row['n'] = 'text'
    })
    expect(inRow.message).toContain('RichStore.rows.a.n')
    expect(errorOf(() => store.replace({ ...someRichState(), count: 1.5 })).message).toContain('RichStore.count')
    expect(errorOf(() => store.applyBytes(new Uint8Array([5, 1]))).message).toContain('RichStore')
    expect(encodeState(RichStore, store.state)).toEqual(before)
    expect(told).toBe(0)
  })

  test('a delta that fails half way leaves the state as it was', () => {
    const store = createStore(RichStore, someRichState())
    const far = { count: { set: 99 }, list: { sets: new Map([[2 ** 40, 1]]) } }
    expect(errorOf(() => store.apply(far)).code).toBe('index')
    expect(store.state.count).toBe(7)
    expect(store.update((d) => void (d.count = 8))).toBe(true)
  })

  test('a recipe that throws changes nothing, and the store goes on', () => {
    const store = createStore(RichStore, someRichState())
    expect(() =>
      store.update((d) => {
        d.count = 1000
        throw new Error('mine')
      }),
    ).toThrow('mine')
    expect(store.state.count).toBe(7)
    expect(store.update((d) => void (d.count = 1))).toBe(true)
  })

  test('feature 46: a store cannot be changed inside its own recipe', () => {
    const store = createStore(RichStore, someRichState())
    expect(errorOf(() => store.update(() => void store.update(() => undefined))).code).toBe('config')
    expect(errorOf(() => store.update(() => store.replace(someRichState()))).code).toBe('config')
  })

  test('feature 46: listeners hear of changes in order, also of those that a listener makes; one that throws stops no other', () => {
    const errors: unknown[] = []
    const store = createStore<RichState>(RichStore, someRichState(), { onError: (e) => errors.push(e) })
    const heard: unknown[] = []
    store.onChange(() => {
      if (store.state.count === 8) store.update((d) => void (d.count = 9))
      throw new Error('listener')
    })
    store.onChange((change) => heard.push(change.kind === 'delta' ? change.delta['count']?.set : 'full'))
    store.update((d) => void (d.count = 8))
    expect(heard).toEqual([8, 9])
    expect(errors).toHaveLength(2)
  })

  test('feature 46: changes from many places never mix, and none is lost', async () => {
    const store = createStore(RichStore, { ...someRichState(), count: 0 })
    const heard: unknown[] = []
    store.onChange((change) => heard.push(change.kind === 'delta' ? change.delta['count']?.set : change.kind))
    const somewhere = async (n: number): Promise<void> => {
      for (let i = 0; i < 20; i++) {
        await new Promise<void>((resolve) => (n % 2 === 0 ? setImmediate(resolve) : queueMicrotask(resolve)))
        if (n % 3 === 0) store.apply({ count: { set: store.state.count + 1 } })
        else store.update((d) => void d.count++)
      }
    }
    await Promise.all(Array.from({ length: 50 }, (_, n) => somewhere(n)))
    expect(store.state.count).toBe(1000)
    expect(heard).toEqual(Array.from({ length: 1000 }, (_, i) => i + 1))
  })

  describe('a change that holds the host for long', () => {
    const hold = (ms: number): void => {
      const end = performance.now() + ms
      while (performance.now() < end);
    }
    const ways: readonly (readonly [string, (store: Store<RichState>, work: () => void) => void])[] = [
      ['in a recipe', (store, work) => void store.update(work)],
      ['in a recipe that throws', (store, work) => expect(() => store.update(failing(work))).toThrow('after all')],
      ['in a listener', (store, work) => (store.onChange(work), void store.apply({ count: { set: 8 } }))],
      [
        'in a change that a listener makes',
        (store, work) => {
          store.onChange(() => store.state.count === 8 && store.update((d) => (work(), void (d.count = 9))))
          store.apply({ count: { set: 8 } })
        },
      ],
      ['in a listener of a replacement', (store, work) => (store.onChange(work), store.replace(someRichState()))],
    ]
    const failing = (work: () => void) => (): void => {
      work()
      throw new Error('after all')
    }

    test.each(ways)('feature 119: is told once, with its time: %s', (_, change) => {
      const slow: number[] = []
      const store = createStore<RichState>(RichStore, someRichState(), { slowMs: 20, onSlow: (ms) => slow.push(ms) })
      // A change inside a change belongs to the outer one.
      store.onChange((c) => c.kind === 'delta' && store.update((d) => void (d.title = 'inner')))
      change(store, () => hold(25))
      expect(slow).toHaveLength(1)
      expect(slow[0]).toBeGreaterThanOrEqual(25)
    })

    test('feature 119: is told to the console unless somebody else listens; a quick one is not', () => {
      const warn = vi.spyOn(console, 'warn').mockReturnValue()
      onTestFinished(() => warn.mockRestore())
      const quick = createStore(RichStore, someRichState(), { slowMs: 60_000 })
      quick.update((d) => void (d.count = 9))
      expect(warn).not.toHaveBeenCalled()
      createStore(RichStore, someRichState()).update(() => hold(101))
      expect(warn.mock.calls).toEqual([
        [expect.stringMatching(/^a change of store RichStore held the host for \d+ ms$/)],
      ])
    })

    test('a report that throws goes where errors go, and the change stays', () => {
      const errors: unknown[] = []
      const store = createStore<RichState>(RichStore, someRichState(), {
        slowMs: 0,
        onSlow: () => {
          throw new Error('reporter')
        },
        onError: (e) => errors.push(e),
      })
      expect(store.update((d) => (hold(1), void (d.count = 9)))).toBe(true)
      expect(errors).toEqual([new Error('reporter')])
      expect(() => createStore(RichStore, someRichState(), { slowMs: Number.NaN })).toThrow(/slowMs/)
    })
  })

  test('one change among many rows copies no map, unless somebody holds the state', () => {
    const rows = new Map(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, someRow('r', i)] as const))
    const store = createStore<RichState>(RichStore, { ...someRichState(), rows }) as HostedStore<RichState>
    const change = (): void => void store.update((d) => void ((d.rows?.get('k5') ?? someRow()).n += 1))
    const before = store.live.rows
    for (let i = 0; i < 100; i++) change()
    expect(store.live.rows).toBe(before)
    const held = store.state.rows
    change()
    const copied = store.live.rows
    expect(copied).not.toBe(held)
    change()
    expect(store.live.rows).toBe(copied)
    expect(held?.get('k5')?.n).toBe(105)
  })
})
