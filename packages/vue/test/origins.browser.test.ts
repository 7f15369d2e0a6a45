import { pageProbes, type Probe } from '@rivulet/client/inspect'
import { rivulet, useStore } from '@rivulet/vue'
import { afterEach, describe, expect, test } from 'vitest'
import { createApp, defineComponent, h, nextTick, ref } from 'vue'
import { closePages, openPage } from '../../client/test/support/page.ts'
import { FleetStore, makeFleet } from '../../client/test/support/fleet.ts'

afterEach(closePages)

describe('who subscribes', () => {
  test('is the component, by its name, and its renders have their causes', async () => {
    const page = openPage({ devtools: true })
    const find = (): Probe | undefined => [...pageProbes().clients].find(({ client }) => client === page.client)
    await expect.poll(find).toBeDefined()
    const probe = find() as Probe
    const runs: [string, boolean][] = []
    let last = 0
    probe.observe({
      patch: ({ number }) => void (last = number),
      settled: () => undefined,
      ran: ({ name }, cause) => void runs.push([name, cause !== undefined && cause === last]),
    })
    const size = ref(1)
    const Title = defineComponent({
      name: 'FleetTitle',
      setup() {
        const title = useStore(FleetStore, 'title')
        return () => h('p', `${title.value} ${size.value}`)
      },
    })
    const Boats = defineComponent({
      __name: 'FleetBoats',
      setup() {
        const boats = useStore(FleetStore, (s) => s.boats?.size ?? 0)
        return () => h('i', `${boats.value}`)
      },
    })
    page.fake.load(FleetStore, makeFleet({ title: 'North' }))
    const element = document.createElement('div')
    const app = createApp(() => [h(Title), h(Boats)]).use(rivulet, page.client)
    app.mount(element)
    await expect.poll(() => element.textContent).toContain('North 1')
    const names = probe
      .subscribers('fleet')
      .map(({ path, origins }) => [path[0], ...origins.map((one) => one?.name)].join(' '))
    expect(names.toSorted()).toEqual(['boats FleetBoats', 'title FleetTitle'])
    expect(probe.subscribers('fleet')[0]?.origins[0]?.source).toContain('origins.browser.test.ts')
    runs.length = 0
    page.fake.load(FleetStore, makeFleet({ title: 'South' }))
    await expect.poll(() => element.textContent).toContain('South 1')
    await nextTick()
    expect(runs).toEqual([['FleetTitle', true]])
    size.value = 2
    await nextTick()
    expect(runs).toEqual([
      ['FleetTitle', true],
      ['FleetTitle', false],
    ])
    app.unmount()
    expect(probe.subscribers('fleet')).toEqual([])
  })
})
