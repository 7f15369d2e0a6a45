import { createClient, type KeysSnapshot } from '@rivulet/client'
import {
  createListHooks,
  RivuletProvider,
  useStoreDiff,
  useStoreKeys,
  useStoreSize,
  useStoreWindow,
} from '@rivulet/react'
import { createElement as h, type FunctionComponent } from 'react'
import { renderToString } from 'react-dom/server'
import { expect, expectTypeOf, test, vi } from 'vitest'
import { FleetStore } from './support/schema.ts'

test('a server renders empty lists and acquires nothing', async () => {
  const errors = vi.spyOn(console, 'error')
  const client = createClient({ url: 'http://localhost:1' })
  const store = client.store(FleetStore)
  const List: FunctionComponent = () => {
    const keys = useStoreKeys(FleetStore, 'rows', { orderBy: 'count', limit: 5 })
    const { total, status, loaded } = useStoreWindow(FleetStore, 'marks')
    useStoreDiff(FleetStore, 'rows', () => undefined)
    return h('p', null, `${keys.length} ${total} ${status} ${loaded} ${useStoreSize(FleetStore, 'rows')}`)
  }
  expect(renderToString(h(RivuletProvider, { client }, h(List)))).toBe('<p>0 0 loading false 0</p>')
  expect(store.status('rows')).toBe('idle')
  expect(client.connection.get().state).toBe('disconnected')
  expect(errors).not.toHaveBeenCalled()
  await client.dispose()
})

// Checked by the compiler; the functions are never called.

test('keys have the type of the collection’s keys, paths lead to collections only, fields are those of the row', () => {
  const useTyped = () => ({
    map: useStoreKeys(FleetStore, 'rows', { orderBy: 'count', where: { field: 'name', op: '=', value: 'x' } }),
    byPath: useStoreKeys(FleetStore, ['rows'], { orderBy: ['name'] }),
    list: useStoreKeys(FleetStore, 'marks', { orderBy: [] }),
    window: useStoreWindow(FleetStore, 'rows', { offset: 1, limit: 2 }),
    size: useStoreSize(FleetStore, 'marks'),
  })
  expectTypeOf<ReturnType<typeof useTyped>>().toEqualTypeOf<{
    map: readonly string[]
    byPath: readonly string[]
    list: readonly number[]
    window: KeysSnapshot<string>
    size: number
  }>()
  const useWrong = () => {
    // @ts-expect-error a field without keys
    useStoreKeys(FleetStore, 'title')
    // @ts-expect-error a struct
    useStoreKeys(FleetStore, ['head'])
    // @ts-expect-error no such field of a row
    useStoreKeys(FleetStore, 'rows', { orderBy: 'speed' })
    // @ts-expect-error no such operator
    useStoreSize(FleetStore, 'rows', { where: { field: 'count', op: '~', value: 1 } })
    // @ts-expect-error a field without keys
    useStoreDiff(FleetStore, 'ticks', () => undefined)
  }
  const useBound = () => createListHooks(createClient({ url: '' })).useStoreKeys(FleetStore, 'rows')
  expectTypeOf<ReturnType<typeof useBound>>().toEqualTypeOf<readonly string[]>()
  expectTypeOf(useWrong).returns.toBeVoid()
  const useDiff = () =>
    useStoreDiff(FleetStore, 'rows', ({ added, changed, fields }) => {
      expectTypeOf(added).toEqualTypeOf<readonly string[]>()
      expectTypeOf(changed).toEqualTypeOf<readonly string[]>()
      expectTypeOf(fields).parameter(0).toEqualTypeOf<string>()
    })
  expectTypeOf(useDiff).returns.toBeVoid()
})
