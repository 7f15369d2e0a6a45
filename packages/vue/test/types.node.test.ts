import type { ConnectionStatus } from '@rivulet/client'
import { expectTypeOf, test } from 'vitest'
import { computed, type Ref, ref } from 'vue'
import { type StoreStatus, useConnection, useEvent, useRpc, useStore, useStoreStatus } from '@rivulet/vue'
import { Add, type Boat, Call, type Harbor, HarborStore, Horn } from './support/schema.ts'

// Checked by the compiler; the functions are never called.

test('useStore gives the type of what is read', () => {
  const id = ref('a')
  const useByPath = () => ({
    whole: useStore(HarborStore),
    field: useStore(HarborStore, 'ticks'),
    nested: useStore(HarborStore, ['pilot', 'name']),
    element: useStore(HarborStore, ['boats', 'a']),
    behind: useStore(
      HarborStore,
      computed(() => ['boats', id.value, 'draught'] as const),
    ),
    selected: useStore(HarborStore, (s) => ({ a: s.open, b: s.boats?.get('a')?.name })),
  })
  expectTypeOf<ReturnType<typeof useByPath>>().toEqualTypeOf<{
    whole: Readonly<Ref<Harbor>>
    field: Readonly<Ref<number>>
    nested: Readonly<Ref<string>>
    element: Readonly<Ref<Boat | undefined>>
    behind: Readonly<Ref<number | undefined>>
    selected: Readonly<Ref<{ a: boolean; b: string | undefined }>>
  }>()
})

test('paths that lead nowhere do not compile', () => {
  const useWrong = () => {
    // @ts-expect-error -- no such field
    useStore(HarborStore, 'titel')
    // @ts-expect-error -- no such field below a field
    useStore(HarborStore, ['pilot', 'nam'])
    // @ts-expect-error -- the map's keys are strings
    useStore(HarborStore, ['boats', 1])
    // @ts-expect-error -- no such field
    useStoreStatus(HarborStore, ['titel'])
    // @ts-expect-error -- the state cannot be changed
    useStore(HarborStore, (s) => (s.ticks = 1))
    // @ts-expect-error -- nor through the ref
    useStore(HarborStore, 'ticks').value = 1
    // @ts-expect-error -- a keyed event needs its key
    useEvent(Call, () => undefined)
  }
  expectTypeOf(useWrong).returns.toBeVoid()
})

test('calls, events, status and connection are typed', () => {
  const useRest = () => {
    useEvent(Horn, (packet, { time }) => {
      expectTypeOf(packet).toEqualTypeOf<{ readonly at: number }>()
      expectTypeOf(time).toEqualTypeOf<number>()
    })
    useEvent(
      Call,
      () => 'bow',
      ({ at }) => expectTypeOf(at).toEqualTypeOf<number>(),
    )
    return { add: useRpc(Add), status: useStoreStatus(HarborStore, 'title'), connection: useConnection() }
  }
  expectTypeOf<ReturnType<typeof useRest>['add']>().parameter(0).toEqualTypeOf<{ readonly by: number }>()
  expectTypeOf<ReturnType<typeof useRest>['add']>().returns.toEqualTypeOf<Promise<number>>()
  expectTypeOf<ReturnType<typeof useRest>['status']>().toEqualTypeOf<Readonly<Ref<StoreStatus>>>()
  expectTypeOf<ReturnType<typeof useRest>['connection']>().toEqualTypeOf<Readonly<Ref<ConnectionStatus>>>()
})
