import { afterEach, expect, test } from 'vitest'
import type { StoreDiff } from '../../src/page/list-types.ts'
import { storeDiff } from '../../src/page/store-diff.ts'
import { storeKeys } from '../../src/page/store-keys.ts'
import { putKeys, putRowsChange } from '../../src/write-list.ts'
import { putStatus } from '../../src/write-patch.ts'
import { eventually } from '../support/eventually.ts'
import type { FakeEngine } from '../support/fake-engine.ts'
import { closePages, openPage } from '../support/page.ts'

// What the page makes of an engine that starts over, of damage, and of errors.

afterEach(closePages)

async function watchOf(fake: FakeEngine, kind: 'keys' | 'diff'): Promise<number> {
  const find = (): number | undefined => [...fake.watches.values()].find(({ query }) => query?.kind === kind)?.id
  await eventually(() => expect(find()).toBeGreaterThan(0))
  return find() as number
}

test('an engine that gives everything again: the same keys stay the same array, rows that are still there count as changed', async () => {
  const { store, fake } = openPage()
  const keys = storeKeys(store, 'boats')
  const diffs: StoreDiff<string>[] = []
  keys.subscribe(() => undefined)
  storeDiff(store, 'boats', (diff) => diffs.push(diff))
  const [keysId, diffId] = [await watchOf(fake, 'keys'), await watchOf(fake, 'diff')]
  const give = (all: readonly string[]): void =>
    fake.patch((w) => {
      putKeys(w, keysId, { total: all.length, keys: all, removed: [], added: [] })
      putRowsChange(w, diffId, { fresh: true, added: all, removed: [], changed: [] })
    })
  give(['a', 'b', 'c'])
  await eventually(() => expect(diffs).toHaveLength(1))
  const before = keys.get()
  give(['a', 'b', 'c'])
  await eventually(() => expect(diffs).toHaveLength(2))
  expect(keys.get()).toBe(before)
  give(['c', 'd', 'a'])
  await eventually(() => expect(diffs).toHaveLength(3))
  expect(keys.get().keys).toEqual(['c', 'd', 'a'])
  const plain = diffs.map(({ added, removed, changed }) => ({ added, removed, changed }))
  expect(plain).toEqual([
    { added: ['a', 'b', 'c'], removed: [], changed: [] },
    { added: [], removed: [], changed: ['a', 'b', 'c'] },
    { added: ['d'], removed: ['b'], changed: ['c', 'a'] },
  ])
})

test('a patch that cannot be read: the page asks again, and shows the old keys meanwhile', async () => {
  const { store, fake, errors } = openPage()
  const keys = storeKeys(store, 'boats', { orderBy: 'name', limit: 2 })
  keys.subscribe(() => undefined)
  const first = await watchOf(fake, 'keys')
  fake.patch((w) => {
    putKeys(w, first, { total: 9, keys: ['a', 'b'], removed: [], added: [] })
    putStatus(w, first, 'live')
  })
  await eventually(() => expect(keys.get()).toMatchObject({ keys: ['a', 'b'], total: 9, status: 'live' }))
  const shown = keys.get().keys
  fake.post({ type: 'patch', buffer: new Uint8Array([99]).buffer })
  await eventually(() => expect(errors).toHaveLength(1))
  expect(keys.get()).toMatchObject({ status: 'stale', loaded: true })
  expect(keys.get().keys).toBe(shown)
  await eventually(() => expect(fake.watches.has(first)).toBe(false))
  const second = await watchOf(fake, 'keys')
  fake.patch((w) => {
    putKeys(w, second, { total: 9, keys: ['a', 'b'], removed: [], added: [] })
    putStatus(w, second, 'live')
  })
  await eventually(() => expect(keys.get().status).toBe('live'))
  expect(keys.get().keys).toBe(shown)
})

test('an error of the engine shows in the snapshot; the keys stay', async () => {
  const { store, fake } = openPage()
  const keys = storeKeys(store, 'boats')
  let calls = 0
  keys.subscribe(() => calls++)
  const id = await watchOf(fake, 'keys')
  fake.patch((w) => putKeys(w, id, { total: 1, keys: ['a'], removed: [], added: [] }))
  await eventually(() => expect(keys.get().keys).toEqual(['a']))
  fake.patch((w) => putStatus(w, id, 'error', { code: 'unknown-store', what: 'no such store' }))
  await eventually(() => expect(keys.get().status).toBe('error'))
  expect(keys.get()).toMatchObject({ keys: ['a'], error: { code: 'unknown-store' } })
  expect(calls).toBeGreaterThanOrEqual(2)
})
