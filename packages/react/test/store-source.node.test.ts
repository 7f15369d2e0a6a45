import { shallowEqual } from '@rivulet/client'
import { describe, expect, test, vi } from 'vitest'
import { createSourceMemory, storeSource, type SourceMemory, type StoreSource } from '../src/store-source.ts'
import type { StoreQuery } from '../src/store-query.ts'
import { createFakeClient } from './support/fake-client.ts'

const { store } = createFakeClient()
const ask = (memory: SourceMemory, query: StoreQuery, of = store): StoreSource =>
  storeSource(memory, of.page, query, shallowEqual)
const committed = (query: StoreQuery): { readonly memory: SourceMemory; readonly source: StoreSource } => {
  const memory = createSourceMemory()
  const source = ask(memory, query)
  source.subscribe(() => undefined)
  return { memory, source }
}

describe('which source a component gets', () => {
  const title = (state: unknown): unknown => (state as { readonly title: string }).title

  test.for<readonly [string, StoreQuery, StoreQuery]>([
    ['a path spelled anew', ['rows', 'r1'], ['rows', 'r1']],
    ['a field by its short and its long name', 'title', ['title']],
    ['the same selector', title, title],
    ['the same odd key', ['marks', Number.NaN], ['marks', Number.NaN]],
  ])('the committed one: %s', ([, first, second]) => {
    const { memory, source } = committed(first)
    expect(ask(memory, second)).toBe(source)
  })

  test.for<readonly [string, StoreQuery, StoreQuery]>([
    ['another path', ['rows', 'r1'], ['rows', 'r2']],
    ['a longer path', ['rows', 'r1'], ['rows', 'r1', 'name']],
    ['a shorter path', ['rows', 'r1'], 'rows'],
    ['a key of another type', ['marks', 1], ['marks', '1']],
    ['the other zero', ['marks', 0], ['marks', -0]],
    ['another selector', title, (state) => title(state)],
    ['a selector after a path', 'title', title],
    ['a path after a selector', title, 'title'],
  ])('another one: %s', ([, first, second]) => {
    const { memory, source } = committed(first)
    expect(ask(memory, second)).not.toBe(source)
  })

  test('another one for another store or another equality', () => {
    const { memory, source } = committed(title)
    expect(ask(memory, title, createFakeClient().store)).not.toBe(source)
    expect(storeSource(memory, store.page, title, Object.is)).not.toBe(source)
  })

  test('a render that is thrown away leaves no trace', () => {
    const { memory, source } = committed(['rows', 'r1'])
    ask(memory, ['rows', 'r2']).get()
    expect(ask(memory, ['rows', 'r1'])).toBe(source)
  })
})

test('a path after a selection starts from the store, a selection after a path from nothing', () => {
  const { memory } = committed('title')
  expect(ask(memory, () => ({ a: 1 })).get()).toEqual({ a: 1 })
  const other = committed(() => ({ a: 1 }))
  expect(ask(other.memory, 'title').get()).toBe(store.page.get('title'))
})

test('a result that equals the committed one is the committed one, also from another selector', () => {
  const { memory, source } = committed(() => ({ a: 1 }))
  const shown = source.get()
  expect(ask(memory, () => ({ a: 1 })).get()).toBe(shown)
  expect(ask(memory, () => ({ a: 2 })).get()).toEqual({ a: 2 })
})

test('a path source listens to its path only', () => {
  const fake = createFakeClient()
  const heard = vi.fn<() => void>()
  const stop = ask(createSourceMemory(), ['rows', 'r1'], fake.store).subscribe(heard)
  fake.store.put(['rows', 'r2', 'name'], 'zwei')
  expect(heard).not.toHaveBeenCalled()
  fake.store.put(['rows', 'r1', 'name'], 'eins')
  expect(heard).toHaveBeenCalledTimes(1)
  stop()
  expect(fake.store.followed()).toEqual([])
})
