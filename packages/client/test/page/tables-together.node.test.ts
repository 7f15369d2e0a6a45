import type { StoreDef } from '@rivulet/wire'
import { afterEach, expect, test } from 'vitest'
import { createKeys } from '../../src/page/create-keys.ts'
import { optimistic } from '../../src/page/optimistic.ts'
import { rootDelta } from '../support/depot-delta.ts'
import { closeEnginePages, openEnginePage } from '../support/engine-page.ts'
import { eventually } from '../support/eventually.ts'
import { type Crate, crate, type Depot, DepotStore, types } from '../support/table-rig.ts'
import { Rename } from '../support/fleet.ts'

// What looks at maps in ways of its own, over maps that come as tables from a real engine.

afterEach(closeEnginePages)

const crates = (rows: number): Map<string, Crate> =>
  new Map(Array.from({ length: rows }, (_, n) => [`k${n}`, crate(n)]))

test('keys stay the same array while rows change, and follow rows that come and go', async () => {
  const page = openEnginePage(DepotStore, { crates: crates(600), byNumber: null })
  const keys = createKeys(page.client.store(DepotStore), 'crates')
  let told = 0
  keys.subscribe(() => told++)
  await eventually(() => expect(keys.get()).toHaveLength(600))
  const before = keys.get()
  const since = told
  page.partial(rootDelta({ changed: [['k5', 70]] }))
  page.partial(rootDelta({ changed: [['k599', 71]] }))
  await eventually(() => expect(page.client.store(DepotStore).get(['crates', 'k599'])?.weight).toBe(71))
  expect(keys.get()).toBe(before)
  expect(told).toBe(since)
  page.partial(rootDelta({ set: [['new', crate(9)]], gone: ['k0'] }))
  await eventually(() => expect(keys.get()).toEqual([...before.slice(1), 'new']))
  expect(told).toBe(since + 1)
  expect(page.errors).toEqual([])
})

test('an optimistic call over a table: shown at once, rebased on what the host changes, taken back when it fails', async () => {
  const page = openEnginePage(DepotStore, { crates: crates(600), byNumber: null })
  const store = page.client.store(DepotStore)
  store.subscribe('crates', () => undefined)
  await eventually(() => expect(store.get('crates')?.size).toBe(600))
  const before = store.get('crates') ?? new Map<string, Crate>()
  const untouched = before.get('k7')
  const giving = new AbortController()
  const heavier = optimistic(DepotStore, (depot) => {
    const one = depot.crates?.get('k5')
    if (one !== undefined) one.weight += 1000
    depot.crates?.delete('k6')
    depot.crates?.set('mine', crate(3))
  })
  const call = page.client.call(Rename, { id: 'a', name: 'b' }, { optimistic: heavier, signal: giving.signal })
  const ended = call.catch((e: unknown) => e)
  await eventually(() => expect(store.get('crates')?.has('mine')).toBe(true))
  const shown = store.get('crates') ?? new Map<string, Crate>()
  expect(shown).toBeInstanceOf(Map)
  expect(shown.size).toBe(600)
  expect(shown.get('k5')?.weight).toBe(crate(5).weight + 1000)
  expect([...shown.keys()].includes('k6')).toBe(false)
  expect(shown.get('k7')).toBe(untouched)
  expect(store.get(['crates', 'k5', 'weight'])).toBe(crate(5).weight + 1000)

  page.partial(rootDelta({ changed: [['k5', 2]] }))
  await eventually(() => expect(store.get('crates')?.get('k5')?.weight).toBe(1002))
  expect(store.get('crates')?.get('k7')).toBe(untouched)
  expect(before.get('k5')?.weight).toBe(crate(5).weight)

  giving.abort()
  expect(await ended).toMatchObject({ code: 'aborted' })
  await eventually(() => expect(store.get('crates')?.has('mine')).toBe(false))
  expect([...(store.get('crates') ?? [])]).toEqual([...(page.states.at(-1)?.crates ?? [])])
  expect(store.get('crates')?.get('k7')).toBe(untouched)
  expect(page.errors).toEqual([])
})

test('a struct is there whose only followed part is a table that nobody has read', async () => {
  const harbor: StoreDef<{ readonly depot: Depot }> = {
    kind: 'store',
    name: 'Harbor',
    state: 'table.Harbor',
    types: [
      {
        'table.Harbor': {
          form: 'partial',
          fields: [{ name: 'depot', id: 1, type: { kind: 'struct', ref: 'table.Depot' }, mod: true }],
        },
      },
      ...types,
    ],
  }
  const page = openEnginePage(harbor, { depot: { crates: crates(600), byNumber: null } })
  const store = page.client.store(harbor)
  store.subscribe(['depot', 'crates'], () => undefined)
  await eventually(() => expect(store.loaded(['depot', 'crates'])).toBe(true))
  // A version says that something is known: here, that there is no depot.
  expect(store.version(['depot'])).toBe(0)
  expect(store.get(['depot', 'crates', 'k2'])).toEqual(crate(2))
  expect(page.errors).toEqual([])
})
