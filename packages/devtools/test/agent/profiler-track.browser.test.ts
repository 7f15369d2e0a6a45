import { pageProbes, type Probe } from '@rivulet/client/inspect'
import { afterEach, expect, test } from 'vitest'
import { FleetStore, makeFleet } from '../../../client/test/support/fleet.ts'
import { closePages, openPage } from '../../../client/test/support/page.ts'
import { createAgent } from '../../src/agent.ts'
import { trackInProfiler } from '../../src/agent/profiler-track.ts'
import { portTransport } from '../../src/transport/port-transport.ts'
import { panelEnd } from '../support/panel-end.ts'

afterEach(closePages)

interface TrackEntry {
  readonly dataType: string
  readonly track: string
  readonly trackGroup: string
  readonly properties: readonly (readonly [string, string])[]
}

/** What the profiler is told, from now on. */
function measures(): { readonly all: PerformanceMeasure[]; stop(): void } {
  const all: PerformanceMeasure[] = []
  const observer = new PerformanceObserver((list) => {
    all.push(...(list.getEntries().filter((entry) => entry.name.startsWith('Rivulet ')) as PerformanceMeasure[]))
  })
  observer.observe({ entryTypes: ['measure'] })
  return { all, stop: () => observer.disconnect() }
}

const trackOf = ({ detail }: PerformanceMeasure): TrackEntry => (detail as { readonly devtools: TrackEntry }).devtools

async function probed(): Promise<ReturnType<typeof openPage> & { readonly probe: Probe }> {
  const page = openPage({ devtools: true })
  const find = (): Probe | undefined => [...pageProbes().clients].find(({ client }) => client === page.client)
  await expect.poll(find).toBeDefined()
  page.store.subscribe('title', () => undefined)
  return { ...page, probe: find() as Probe }
}

test('a patch is three entries of a track, one after the other, and nothing stays in the list', async () => {
  const { probe, fake } = await probed()
  const seen = measures()
  const stop = trackInProfiler(probe)
  fake.load(FleetStore, makeFleet({ title: 'New' }))
  await expect
    .poll(() => seen.all.some((one) => trackOf(one).properties.some(([, text]) => text === 'title')))
    .toBe(true)
  const last = seen.all.slice(-3)
  expect(last.map(({ name }) => name)).toEqual(['Rivulet apply', 'Rivulet notify', 'Rivulet settle'])
  for (const one of last) {
    expect(trackOf(one)).toMatchObject({ dataType: 'track-entry', track: 'Rivulet', trackGroup: 'http://localhost:1' })
  }
  const [apply, notify, settle] = last as [PerformanceMeasure, PerformanceMeasure, PerformanceMeasure]
  expect(notify.startTime).toBeCloseTo(apply.startTime + apply.duration, 3)
  expect(settle.startTime).toBeCloseTo(notify.startTime + notify.duration, 3)
  expect(Object.fromEntries(trackOf(apply).properties)).toMatchObject({ store: 'fleet', paths: 'title' })
  expect(performance.getEntriesByType('measure').filter(({ name }) => name.startsWith('Rivulet'))).toEqual([])
  stop()
  seen.stop()
})

test('the agent keeps the track while a panel looks into the client', async () => {
  const { probe, fake, store } = await probed()
  const agent = createAgent()
  const seen = measures()
  const load = async (title: string): Promise<number> => {
    fake.load(FleetStore, makeFleet({ title }))
    await expect.poll(() => store.get('title')).toBe(title)
    const count = seen.all.length
    // Observers hear later than the page.
    performance.measure('Rivulet end')
    await expect.poll(() => seen.all.some(({ name }) => name === 'Rivulet end')).toBe(true)
    performance.clearMeasures('Rivulet end')
    const heard = seen.all.filter(({ name }) => name !== 'Rivulet end').length
    seen.all.length = 0
    return Math.max(heard, count)
  }
  expect(await load('One')).toBe(0)
  const panels = [0, 1].map(() => {
    const { port1, port2 } = new MessageChannel()
    agent.connect(portTransport(port1))
    return panelEnd(portTransport(port2))
  })
  for (const panel of panels) {
    panel.send({ type: 'attach', client: probe.id })
    await expect.poll(() => panel.of('feed').length).toBeGreaterThan(0)
  }
  expect(await load('Two')).toBe(3)
  panels[0]?.close()
  expect(await load('Three')).toBe(3)
  agent.dispose()
  expect(await load('Four')).toBe(0)
})
