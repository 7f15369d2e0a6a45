import * as fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { createKeys } from '../../src/page/create-keys.ts'
import { optimistic } from '../../src/page/optimistic.ts'
import type { PageStore } from '../../src/page/types.ts'
import { eventually } from '../support/eventually.ts'
import { putParts } from '../support/fake-engine.ts'
import { type Fleet, FleetStore, makeBoat, makeFleet, Rename } from '../support/fleet.ts'
import { closePages, failureOf, openPage, type TestPage } from '../support/page.ts'

afterEach(closePages)

type Part = { readonly path: readonly (string | number)[]; readonly value: unknown }

/** Sends changes below the watch at `path`, and waits until they are on the page. */
async function change(
  { fake, client }: TestPage,
  path: readonly (string | number)[],
  parts: readonly Part[],
): Promise<void> {
  const arrived = new Promise<void>((resolve) => {
    const stop = client.connection.subscribe(() => {
      stop()
      resolve()
    })
  })
  fake.patch((w) => {
    const watch = fake.watches.get(fake.watchAt(FleetStore, path))
    if (watch !== undefined) putParts(w, FleetStore, watch, parts)
  })
  fake.post({ type: 'connection', status: { state: 'connected', since: Math.random(), attempt: 0, clockOffset: null } })
  await arrived
}

async function loaded(page: TestPage, state: Fleet = makeFleet()): Promise<void> {
  page.fake.load(FleetStore, state)
  await page.store.ready('boats')
}

/** Counts how often the collection itself is read. */
function counted(store: PageStore<Fleet>): { readonly store: PageStore<Fleet>; reads: number } {
  const out = { reads: 0, store }
  const get = store.get.bind(store)
  Object.assign(store, { get: (path: 'boats') => (out.reads++, get(path)) })
  return out
}

describe('keys', () => {
  test('are those of a map, a set, a list; none where nothing is', async () => {
    const page = openPage()
    const { store } = page
    for (const path of ['boats', 'tags', 'marks', 'berths'] as const) store.subscribe(path, () => undefined)
    expect(createKeys(store, 'boats').get()).toEqual([])
    await loaded(page)
    await Promise.all([store.ready('tags'), store.ready('marks'), store.ready('berths')])
    expect(createKeys(store, 'boats').get()).toEqual(['a', 'b'])
    expect(createKeys(store, 'tags').get()).toEqual(['x'])
    expect(createKeys(store, 'marks').get()).toEqual([0, 1, 2])
    expect(createKeys(store, ['berths']).get()).toEqual([1, 2])
    expect(() => createKeys(store, 'title')).toThrow(expect.objectContaining({ code: 'path', path: ['title'] }))
  })

  test('are the same array, unread, while elements change; a new one when a key comes or goes', async () => {
    const page = openPage()
    const keys = createKeys(page.store, 'boats')
    const heard: (readonly string[])[] = []
    keys.subscribe(() => heard.push(keys.get()))
    await loaded(page)
    expect(heard).toEqual([['a', 'b']])
    const before = keys.get()
    const counter = counted(page.store)
    await change(page, ['boats'], [{ path: ['a', 'name'], value: 'Zoe' }])
    await change(page, ['boats'], [{ path: ['b'], value: makeBoat('whole') }])
    expect(keys.get()).toBe(before)
    expect(counter.reads).toBe(0)
    await change(page, ['boats'], [{ path: ['c'], value: makeBoat('new') }])
    await change(page, ['boats'], [{ path: ['a'], value: undefined }])
    // Made by being modified.
    await change(page, ['boats'], [{ path: ['d', 'name'], value: 'made' }])
    expect(heard.slice(1)).toEqual([
      ['a', 'b', 'c'],
      ['b', 'c'],
      ['b', 'c', 'd'],
    ])
    expect(page.store.get(['boats', 'b', 'name'])).toBe('whole')
    expect(page.store.get(['boats', 'd', 'name'])).toBe('made')
  })

  test('are the same when somebody else has read the collection, and after the whole has come again', async () => {
    const page = openPage()
    const keys = createKeys(page.store, 'boats')
    keys.subscribe(() => undefined)
    await loaded(page)
    const before = keys.get()
    await change(page, ['boats'], [{ path: ['a', 'name'], value: 'Zoe' }])
    expect(page.store.get('boats')?.get('a')?.name).toBe('Zoe')
    expect(keys.get()).toBe(before)
    await change(page, ['boats'], [{ path: ['b', 'name'], value: 'Yan' }])
    expect(keys.get()).toBe(before)
    page.fake.load(
      FleetStore,
      makeFleet({
        boats: new Map([
          ['a', makeBoat('x')],
          ['b', makeBoat('y')],
        ]),
      }),
    )
    await eventually(() => expect(page.store.get(['boats', 'a', 'name'])).toBe('x'))
    expect(keys.get()).toBe(before)
    page.fake.load(
      FleetStore,
      makeFleet({
        boats: new Map([
          ['b', makeBoat('y')],
          ['a', makeBoat('x')],
        ]),
      }),
    )
    await eventually(() => expect(keys.get()).toEqual(['b', 'a']))
    page.fake.load(FleetStore, makeFleet({ boats: null }))
    await eventually(() => expect(keys.get()).toEqual([]))
  })

  test('of a list change with its length only', async () => {
    const page = openPage()
    const keys = createKeys(page.store, 'marks')
    keys.subscribe(() => undefined)
    page.fake.load(FleetStore, makeFleet())
    await page.store.ready('marks')
    const before = keys.get()
    await change(page, ['marks'], [{ path: [1], value: 9 }])
    expect(keys.get()).toBe(before)
    await change(page, ['marks'], [{ path: [3], value: 9 }])
    expect(keys.get()).toEqual([0, 1, 2, 3])
    await change(page, ['marks'], [{ path: [1], value: undefined }])
    expect(keys.get()).toEqual([0])
  })

  test('come from a followed parent too, and show optimistic calls', async () => {
    const page = openPage()
    page.store.subscribe([], () => undefined)
    await loaded(page)
    const keys = createKeys(page.store, 'boats')
    expect(keys.get()).toEqual(['a', 'b'])
    const heard: (readonly string[])[] = []
    keys.subscribe(() => heard.push(keys.get()))
    const call = failureOf(
      page.client.call(
        Rename,
        { id: 'n', name: 'new' },
        {
          optimistic: optimistic(
            FleetStore,
            (fleet, { id, name }) => void fleet.boats?.set(id, makeBoat(name) as never),
          ),
        },
      ),
    )
    expect(keys.get()).toEqual(['a', 'b', 'n'])
    await eventually(() => expect(page.fake.calls).toHaveLength(1))
    page.fake.calls[0]?.fail(new Error('gone'))
    await call
    expect(keys.get()).toEqual(['a', 'b'])
    expect(heard).toEqual([
      ['a', 'b', 'n'],
      ['a', 'b'],
    ])
  })

  test('follow nothing after the last listener has left', async () => {
    const page = openPage({ graceMs: 5 })
    const keys = createKeys(page.store, 'boats')
    const stops = [keys.subscribe(() => undefined), keys.subscribe(() => undefined)]
    await loaded(page)
    for (const stop of stops) stop()
    await eventually(() => expect(page.store.status('boats')).toBe('idle'))
    keys.subscribe(() => undefined)
    expect(page.store.status('boats')).not.toBe('idle')
  })

  test('are those of the value after any changes, read or unread', async () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd')
    const edit: fc.Arbitrary<Part | 'read' | 'keys'> = fc.oneof(
      fc.record({
        path: fc.tuple(key),
        value: fc.option(
          key.map((k) => makeBoat(k)),
          { nil: undefined },
        ),
      }),
      fc.record({ path: fc.tuple(key, fc.constant('name')), value: key }),
      fc.constantFrom('read' as const, 'keys' as const),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { maxLength: 12 }), async (edits) => {
        const page = openPage()
        const keys = createKeys(page.store, 'boats')
        keys.subscribe(() => undefined)
        await loaded(page)
        for (const one of edits) {
          if (one === 'read') page.store.get('boats')
          else if (one === 'keys') keys.get()
          else await change(page, ['boats'], [one])
        }
        const shown = keys.get()
        expect(shown).toEqual([...(page.store.get('boats')?.keys() ?? [])])
        expect(keys.get()).toBe(shown)
        await page.client.dispose()
      }),
      { numRuns: 50 },
    )
  })
})
