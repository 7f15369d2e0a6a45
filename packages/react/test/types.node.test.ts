import type { Path } from '@rivulet/client'
import { createHooks, useEvent, useRpc, useSend, useStore, useStoreStatus } from '@rivulet/react'
import { expectTypeOf, test } from 'vitest'
import { Add, FleetStore, Note, Ping, Tick, type FleetState, type Row } from './support/schema.ts'

// Checked by the compiler; the functions are never called.

test('feature 44: useStore gives the type of what is read', () => {
  const useByPath = () => ({
    whole: useStore(FleetStore),
    field: useStore(FleetStore, 'ticks'),
    nested: useStore(FleetStore, ['head', 'name']),
    element: useStore(FleetStore, ['rows', 'r1']),
    behind: useStore(FleetStore, ['rows', 'r1', 'count']),
    item: useStore(FleetStore, ['marks', 0]),
    nullable: useStore(FleetStore, 'spare'),
  })
  expectTypeOf<ReturnType<typeof useByPath>>().toEqualTypeOf<{
    whole: FleetState
    field: number
    nested: string
    element: Row | undefined
    behind: number | undefined
    item: string | undefined
    nullable: Row | null
  }>()
  const useBySelector = () => ({
    one: useStore(FleetStore, (s) => s.ticks),
    fresh: useStore(FleetStore, (s) => ({ a: s.on, b: s.rows?.get('r1')?.name })),
    close: useStore(
      FleetStore,
      (s) => s.ticks,
      (a, b) => Math.abs(a - b) < 1,
    ),
  })
  expectTypeOf<ReturnType<typeof useBySelector>>().toEqualTypeOf<{
    one: number
    fresh: { a: boolean; b: string | undefined }
    close: number
  }>()
})

test('paths that lead nowhere do not compile', () => {
  const useWrong = () => {
    // @ts-expect-error -- no such field
    useStore(FleetStore, 'titel')
    // @ts-expect-error -- no such field below a field
    useStore(FleetStore, ['head', 'nam'])
    // @ts-expect-error -- the map's keys are strings
    useStore(FleetStore, ['rows', 1])
    // @ts-expect-error -- a string has no parts
    useStore(FleetStore, ['title', 'length'])
    // @ts-expect-error -- no such field
    useStoreStatus(FleetStore, ['titel'])
    // @ts-expect-error -- the state cannot be changed
    useStore(FleetStore, (s) => (s.ticks = 1))
  }
  expectTypeOf(useWrong).returns.toBeVoid()
})

test('features 44 and 47: calls and events are typed by their descriptors', () => {
  const useCalls = () => ({ add: useRpc(Add), ping: useSend(Ping) })
  expectTypeOf<ReturnType<typeof useCalls>['add']>().parameter(0).toEqualTypeOf<{ readonly by: number }>()
  expectTypeOf<ReturnType<typeof useCalls>['add']>().returns.toEqualTypeOf<Promise<number>>()
  expectTypeOf<ReturnType<typeof useCalls>['ping']>().parameters.toEqualTypeOf<[args: { readonly at: number }]>()
  const useEvents = () => {
    useEvent(Tick, (packet, { time }) => {
      expectTypeOf(packet).toEqualTypeOf<{ readonly at: number }>()
      expectTypeOf(time).toEqualTypeOf<number>()
    })
    useEvent(Note, 'key', ({ at }) => expectTypeOf(at).toEqualTypeOf<number>())
    // @ts-expect-error -- a keyed event needs its key
    useEvent(Note, () => undefined)
  }
  expectTypeOf(useEvents).returns.toBeVoid()
})

test('createHooks gives hooks of the same types', () => {
  expectTypeOf(createHooks).returns.toHaveProperty('useStore').toEqualTypeOf<typeof useStore>()
  expectTypeOf(createHooks).returns.toHaveProperty('useEvent').toEqualTypeOf<typeof useEvent>()
  expectTypeOf<readonly ['rows', 'r1']>().toExtend<Path>()
})
