import { describe, expect, test, vi } from 'vitest'
import {
  computed,
  createSSRApp,
  defineComponent,
  h,
  KeepAlive,
  nextTick,
  onErrorCaptured,
  onUpdated,
  shallowRef,
  Suspense,
} from 'vue'
import { createTestServer } from '@rivulet/testing'
import {
  provideClient,
  rivulet,
  useClient,
  useConnection,
  useEvent,
  useRpc,
  useStore,
  useStoreStatus,
} from '@rivulet/vue'
import { Add, Call, HarborStore, Horn } from './support/schema.ts'
import { show } from './support/show.ts'

const Title = defineComponent(() => {
  const title = useStore(HarborStore, 'title')
  const even = useStore(HarborStore, (s) => s.ticks % 2 === 0)
  return () => `[${title.value} ${even.value}]`
})

describe('mount and unmount', () => {
  test('an unmounted component lets go of everything', async () => {
    const on = shallowRef(true)
    const heard = vi.fn<() => void>()
    const Loud = defineComponent(() => {
      useEvent(Horn, heard)
      useEvent(Call, 'bow', heard)
      return () => h(Title)
    })
    const page = await show(defineComponent(() => () => (on.value ? h(Loud) : 'gone')))
    expect(page.text()).toBe('[North false]')
    expect(page.server.subscriptions().map(({ path }) => path)).toEqual([['title'], ['ticks']])
    page.server.emit(Horn, { at: 1 })
    page.server.emit(Call, 'bow', { at: 1 })
    await page.settled()
    expect(heard).toHaveBeenCalledTimes(2)
    on.value = false
    await page.settled()
    expect(page.text()).toBe('gone')
    expect(page.server.subscriptions()).toEqual([])
    page.server.emit(Horn, { at: 2 })
    page.server.emit(Call, 'bow', { at: 2 })
    await page.settled()
    expect(heard).toHaveBeenCalledTimes(2)
    await page.end()
  })

  test('data that is there already is in the first render', async () => {
    const on = shallowRef(false)
    const first: string[] = []
    const Second = defineComponent(() => {
      const title = useStore(HarborStore, 'title')
      return () => {
        first.push(title.value)
        return title.value
      }
    })
    const page = await show(defineComponent(() => () => [h(Title), on.value ? h(Second) : null]))
    on.value = true
    await page.settled()
    expect(first[0]).toBe('North')
    await page.end()
  })
})

describe('KeepAlive', () => {
  test('a component that is put away is not followed, and is fresh when it comes back', async () => {
    const on = shallowRef(true)
    const heard: number[] = []
    const Kept = defineComponent({
      name: 'Kept',
      setup() {
        useEvent(Horn, ({ at }) => heard.push(at))
        return () => h(Title)
      },
    })
    const Other = defineComponent(() => () => 'other')
    const page = await show(defineComponent(() => () => h(KeepAlive, () => (on.value ? h(Kept) : h(Other)))))
    expect(page.text()).toBe('[North false]')
    on.value = false
    await page.settled()
    expect(page.text()).toBe('other')
    expect(page.server.subscriptions()).toEqual([])
    page.server.set(HarborStore, { title: 'South', ticks: 2 })
    page.server.emit(Horn, { at: 1 })
    await page.settled()
    on.value = true
    await page.settled()
    expect(page.text()).toBe('[South true]')
    expect(page.server.subscriptions()).toHaveLength(2)
    page.server.emit(Horn, { at: 2 })
    page.server.set(HarborStore, { title: 'East' })
    await page.settled()
    expect(page.text()).toBe('[East true]')
    expect(heard).toEqual([2])
    await page.end()
  })
})

describe('Suspense', () => {
  test('a component that waits in setup is followed once it is shown', async () => {
    let go!: () => void
    const gate = new Promise<void>((resolve) => {
      go = resolve
    })
    const Waits = defineComponent({
      async setup() {
        const title = useStore(HarborStore, 'title')
        await gate
        return () => title.value
      },
    })
    const page = await show(
      defineComponent(() => () => h(Suspense, null, { default: () => h(Waits), fallback: () => 'waiting' })),
    )
    expect(page.text()).toBe('waiting')
    expect(page.server.subscriptions()).toEqual([])
    go()
    await page.settled()
    expect(page.text()).toBe('North')
    await page.end()
  })

  test('setup may wait for data itself, so nothing is shown before it is there', async () => {
    const shown: string[] = []
    const Ready = defineComponent({
      async setup() {
        const store = useClient().store(HarborStore)
        const title = useStore(HarborStore, 'title')
        await store.ready('title')
        return () => {
          shown.push(title.value)
          return title.value
        }
      },
    })
    const page = await show(
      defineComponent(() => () => h(Suspense, null, { default: () => h(Ready), fallback: () => 'waiting' })),
    )
    await expect.poll(page.text).toBe('North')
    expect(shown[0]).toBe('North')
    await page.end()
  })
})

describe('hydration', () => {
  test('a page hydrates with what the server rendered, however much has arrived, and shows the data right after', async () => {
    const server = createTestServer()
    server.set(HarborStore, { title: 'North', ticks: 2 })
    const client = server.client()
    client.store(HarborStore).subscribe([], () => undefined)
    await server.settled()
    expect(client.store(HarborStore).get('title')).toBe('North')
    const element = document.createElement('div')
    element.innerHTML = '<p>[ true loading connecting]</p>'
    const before = element.firstChild
    const renders: string[] = []
    const problems: unknown[] = []
    const Page = defineComponent(() => {
      const title = useStore(HarborStore, 'title')
      const even = useStore(HarborStore, (s) => s.ticks % 2 === 0)
      const status = useStoreStatus(HarborStore)
      const connection = useConnection()
      return () => {
        const text = `[${title.value} ${even.value} ${status.value.status} ${connection.value.state}]`
        renders.push(text)
        return h('p', text)
      }
    })
    const app = createSSRApp(Page).use(rivulet, client)
    app.config.warnHandler = (message) => problems.push(message)
    app.mount(element)
    expect(renders).toEqual(['[ true loading connecting]'])
    await server.settled()
    await nextTick()
    expect(element.textContent).toBe('[North true live connected]')
    expect(element.firstChild).toBe(before)
    expect(problems).toEqual([])
    app.unmount()
    await server.dispose()
  })
})

describe('status and connection', () => {
  test('the last state stays on screen through a reconnect', async () => {
    const seen: string[] = []
    const page = await show(
      defineComponent(() => {
        const title = useStore(HarborStore, 'title')
        const status = useStoreStatus(HarborStore, 'title')
        const connection = useConnection()
        const text = computed(
          () => `${title.value} ${status.value.status} ${status.value.loaded} ${connection.value.state}`,
        )
        onUpdated(() => seen.push(text.value))
        return () => text.value
      }),
    )
    expect(page.text()).toBe('North live true connected')
    seen.length = 0
    page.server.disconnect()
    await page.settled()
    expect(page.text()).toBe('North stale true disconnected')
    page.server.set(HarborStore, { title: 'South' })
    page.server.reconnect()
    await page.settled()
    expect(page.text()).toBe('South live true connected')
    expect(seen.length).toBeGreaterThan(1)
    expect(seen.filter((text) => !text.includes('true'))).toEqual([])
    await page.end()
  })

  test('a store that has no data yet is loading', async () => {
    const server = createTestServer()
    const client = server.client()
    const Status = defineComponent(() => {
      const title = useStore(HarborStore, 'title')
      const status = useStoreStatus(HarborStore, 'title')
      return () => (status.value.loaded ? title.value : status.value.status)
    })
    const page = await show(
      defineComponent(() => {
        provideClient(client)
        return () => h(Status)
      }),
    )
    expect(page.text()).toBe('loading')
    server.set(HarborStore, { title: 'Nested' })
    await server.settled()
    await nextTick()
    expect(page.text()).toBe('Nested')
    await page.end()
    await server.dispose()
  })
})

describe('calls and events', () => {
  test('useRpc calls, and its result and the change arrive', async () => {
    let add!: (args: { readonly by: number }) => Promise<number>
    const page = await show(
      defineComponent(() => {
        add = useRpc(Add)
        const ticks = useStore(HarborStore, 'ticks')
        return () => `${ticks.value}`
      }),
    )
    page.server.on(Add, ({ by }) => {
      page.server.update(HarborStore, (draft) => void (draft.ticks += by))
      return by
    })
    await expect(add({ by: 4 })).resolves.toBe(4)
    await page.settled()
    expect(page.text()).toBe('5')
    page.server.on(Add, () => {
      throw new Error('no')
    })
    await expect(add({ by: 4 })).rejects.toMatchObject({ code: 'rpc', what: 'no' })
    await page.end()
  })

  test('the key of an event may change', async () => {
    const key = shallowRef('bow')
    const heard: number[] = []
    const page = await show(
      defineComponent(() => {
        useEvent(
          Call,
          () => key.value,
          ({ at }) => heard.push(at),
        )
        return () => 'page'
      }),
    )
    page.server.emit(Call, 'bow', { at: 1 })
    await page.settled()
    key.value = 'stern'
    await page.settled()
    page.server.emit(Call, 'bow', { at: 2 })
    page.server.emit(Call, 'stern', { at: 3 })
    await page.settled()
    expect(heard).toEqual([1, 3])
    await page.end()
  })
})

test('what a selector throws reaches the nearest onErrorCaptured, and nobody else', async () => {
  const caught: unknown[] = []
  const Bad = defineComponent(() => {
    const ticks = useStore(HarborStore, (s) => {
      if (s.ticks === 7) throw new Error('seven')
      return s.ticks
    })
    return () => `${ticks.value}`
  })
  const Boundary = defineComponent(() => {
    onErrorCaptured((error) => {
      caught.push(error)
      return false
    })
    return () => h(Bad)
  })
  const page = await show(defineComponent(() => () => [h(Boundary), h(Title)]))
  page.server.set(HarborStore, { ticks: 7, title: 'South' })
  await page.settled()
  expect(caught).toEqual([expect.objectContaining({ message: 'seven' })])
  expect(page.text()).toContain('[South false]')
  expect(page.problems).toEqual([])
  await page.end()
})

test('without a client every composable says what to do', async () => {
  const page = await show(defineComponent(() => () => null))
  const missing = expect.objectContaining({ code: 'config', hint: expect.stringContaining('app.use(rivulet') })
  for (const use of [() => useStore(HarborStore), () => useConnection(), () => useRpc(Add), () => useClient()])
    expect(use).toThrow(missing)
  await page.end()
})
