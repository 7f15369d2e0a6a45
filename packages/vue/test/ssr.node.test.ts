import { describe, expect, test, vi } from 'vitest'
import { createSSRApp, defineComponent, effectScope, h, shallowRef, watch } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { createTestServer } from '@rivulet/testing'
import { rivulet, useConnection, useEvent, useRpc, useStore, useStoreStatus } from '@rivulet/vue'
import { Add, Call, HarborStore, Horn } from './support/schema.ts'

const Page = defineComponent(() => {
  const title = useStore(HarborStore, 'title')
  const name = useStore(HarborStore, (s) => s.boats?.get('a')?.name)
  const whole = useStore(HarborStore)
  const status = useStoreStatus(HarborStore)
  const connection = useConnection()
  useRpc(Add)
  useEvent(Horn, () => undefined)
  useEvent(Call, 'bow', () => undefined)
  return () =>
    h(
      'p',
      `[${title.value}] (${name.value}) ${whole.value.ticks} ${status.value.loaded} ${status.value.status} ${connection.value.state}`,
    )
})

const ZERO = '<p>[] () 0 false loading connecting</p>'

describe('on a server', () => {
  test('renders zero values and acquires nothing', async () => {
    const server = createTestServer()
    const client = server.client()
    server.set(HarborStore, { title: 'North' })
    const on = vi.spyOn(client, 'on')
    expect(await renderToString(createSSRApp(Page).use(rivulet, client))).toBe(ZERO)
    await server.settled()
    expect(server.subscriptions()).toEqual([])
    expect(on).not.toHaveBeenCalled()
    expect(client.connection.get().state).toBe('disconnected')
    await server.dispose()
  })

  test('renders what the page will hydrate with, even when the process has data', async () => {
    const server = createTestServer()
    const client = server.client()
    server.set(HarborStore, { title: 'North', boats: new Map([['a', { name: 'Anna', draught: 1 }]]) })
    client.store(HarborStore).subscribe([], () => undefined)
    await server.settled()
    expect(client.store(HarborStore).get('title')).toBe('North')
    expect(await renderToString(createSSRApp(Page).use(rivulet, client))).toBe(ZERO)
    await server.dispose()
  })
})

describe('in an effect scope without a component', () => {
  test('follows until the scope ends', async () => {
    const server = createTestServer()
    const client = server.client()
    server.set(HarborStore, { title: 'North', ticks: 1 })
    const app = createSSRApp(Page).use(rivulet, client)
    const scope = effectScope()
    const seen: unknown[] = []
    const factor = shallowRef(2)
    app.runWithContext(() =>
      scope.run(() => {
        const title = useStore(HarborStore, 'title')
        const double = useStore(HarborStore, (s) => s.ticks * factor.value)
        watch([title, double], (now) => seen.push(now), { flush: 'sync' })
      }),
    )
    await server.settled()
    expect(seen.at(-1)).toEqual(['North', 2])
    factor.value = 3
    expect(seen.at(-1)).toEqual(['North', 3])
    server.set(HarborStore, { ticks: 5 })
    await server.settled()
    expect(seen.at(-1)).toEqual(['North', 15])
    scope.stop()
    await server.settled()
    expect(server.subscriptions()).toEqual([])
    await server.dispose()
  })
})
