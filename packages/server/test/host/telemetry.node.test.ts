import { metrics } from '@opentelemetry/api'
import {
  AggregationTemporality,
  DataPointType,
  InMemoryMetricExporter,
  type MetricData,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Echo, Heard, notesHost, type NotesHost, Shout } from '../support/notes-host.ts'
import { sessionHost } from '../support/session-page.ts'
import { until } from '../support/until.ts'

/** Metrics through the real API and the real SDK, read back. */
interface Metrics {
  readonly meter: ReturnType<typeof metrics.getMeter>
  /** What is exported now, by name. */
  read(): Promise<ReadonlyMap<string, MetricData>>
  /** The one value of a metric without attributes. */
  value(name: string): Promise<unknown>
}

function sdk(): Metrics {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 60_000 })
  const provider = new MeterProvider({ readers: [reader] })
  expect(metrics.setGlobalMeterProvider(provider)).toBe(true)
  onTestFinished(async () => {
    metrics.disable()
    await provider.shutdown()
  })
  const self: Metrics = {
    meter: metrics.getMeter('rivulet-test', '1'),
    async read() {
      exporter.reset()
      await reader.forceFlush()
      const all = exporter.getMetrics().flatMap((one) => one.scopeMetrics.flatMap((scope) => scope.metrics))
      return new Map(all.map((metric) => [metric.descriptor.name, metric]))
    },
    value: async (name) => (await self.read()).get(name)?.dataPoints[0]?.value,
  }
  return self
}

async function start(options: Parameters<typeof notesHost>[0] = {}): Promise<NotesHost & Metrics> {
  const all = sdk()
  const app = await notesHost({ meter: all.meter, ...options })
  return { ...app, ...all }
}

describe('metrics of a host, read back from the OpenTelemetry SDK', () => {
  test('have names, units and kinds as the semantic conventions want them', async () => {
    const app = await start()
    app.host.rpc(Echo, ({ text }) => text)
    const page = await app.page()
    await page.call('x')
    const all = [...(await app.read()).values()].map(({ descriptor: { name, unit }, dataPointType }) => [
      name,
      unit,
      dataPointType,
    ])
    // Only what has a value is exported.
    expect(all.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1))).toEqual([
      ['rivulet.host.calls', '{call}', DataPointType.SUM],
      ['rivulet.host.queued', '{message}', DataPointType.SUM],
      ['rivulet.host.received.messages', '{message}', DataPointType.SUM],
      ['rivulet.host.received.size', 'By', DataPointType.SUM],
      ['rivulet.host.sent.messages', '{message}', DataPointType.SUM],
      ['rivulet.host.sent.size', 'By', DataPointType.SUM],
      ['rivulet.host.sessions', '{session}', DataPointType.SUM],
      ['rivulet.host.sessions.detached', '{session}', DataPointType.SUM],
      ['rivulet.host.subscriptions', '{subscription}', DataPointType.SUM],
      ['rivulet.host.viewers', '{viewer}', DataPointType.SUM],
      ['rpc.server.call.duration', 's', DataPointType.HISTOGRAM],
    ])
    for (const [name] of all) expect(name).toMatch(/^[a-z]+(\.[a-z]+)+$/)
  })

  test('show viewers, subscriptions, queues and calls as they are now', async () => {
    const app = await start()
    let finish: () => void = () => undefined
    app.host.rpc(Echo, () => new Promise<string>((resolve) => (finish = () => resolve('done'))))
    const [page, other] = [await app.page(), await app.page()]
    for (const key of ['title', 'count', 'count'])
      page.socket.emit('storesub', { storeName: 'NotesStore', action: 0, key })
    page.socket.emit('keyedeventsub', { storeName: 'NotesStore', eventName: 'E', action: 0, key: 'k' })
    const call = page.call('x')
    await page.fence()
    expect(await app.value('rivulet.host.viewers')).toBe(2)
    expect(await app.value('rivulet.host.subscriptions')).toBe(4)
    expect(await app.value('rivulet.host.calls')).toBe(1)
    finish()
    await call
    other.socket.disconnect()
    await until(() => app.host.viewers.length === 1, 'the other to go')
    // Within one turn nothing is read.
    for (let i = 0; i < 100; i++) app.notes.update((d) => void (d.count = 100 + i))
    const queued = app.host.health().queuedMessages
    expect(queued).toBe(1)
    expect(await app.value('rivulet.host.viewers')).toBe(1)
    expect(await app.value('rivulet.host.calls')).toBe(0)
  })

  test('count sessions, attached and waiting', async () => {
    const all = sdk()
    const app = await sessionHost({}, { meter: all.meter })
    const page = await app.page()
    await page.attach('', { stores: [['NotesStore', 'a']] })
    page.drop()
    await until(() => app.host.health().detachedSessions === 1, 'the session to be detached')
    expect(await all.value('rivulet.host.sessions')).toBe(1)
    expect(await all.value('rivulet.host.sessions.detached')).toBe(1)
    expect(await all.value('rivulet.host.viewers')).toBe(0)
  })

  test('time calls, with method and error, in buckets made for seconds', async () => {
    const app = await start({ unknownMethod: 'error', handlerTimeoutMs: 0 })
    app.host.rpc(Echo, ({ text }) => {
      if (text === 'fail') throw new Error('no')
      return text
    })
    app.host.rpc({ ...Echo, name: 'High' }, ({ text }) => text, { access: 9 })
    app.host.rpc({ ...Echo, name: 'Never' }, () => new Promise(() => undefined), { timeoutMs: 20 })
    app.host.onSend(Shout, () => undefined)
    const page = await app.page()
    for (const [text, name] of [
      ['x', 'Echo'],
      ['y', 'Echo'],
      ['fail', 'Echo'],
      ['x', 'High'],
      ['x', 'Never'],
      ['x', 'Invented1'],
      ['x', 'Invented2'],
    ])
      await page.call(text, name)
    page.socket.emit('ffrpc', { methodName: 'Shout', request: Buffer.from([0, 0]) })
    await page.fence()
    const histogram = (await app.read()).get('rpc.server.call.duration')
    if (histogram?.dataPointType !== DataPointType.HISTOGRAM) throw new Error('it is no histogram')
    const counts = Object.fromEntries(
      histogram.dataPoints.map(({ attributes, value }) => {
        const {
          'rpc.system.name': system,
          'rpc.method': method,
          'error.type': error = '',
        } = attributes as Record<string, string>
        expect(system).toBe('rivulet')
        return [`${method} ${error}`.trim(), value.count]
      }),
    )
    // Names that viewers make up are one.
    expect(counts).toEqual({
      Echo: 2,
      'Echo error': 1,
      'High refused': 1,
      'Never timeout': 1,
      '_OTHER refused': 2,
      Shout: 1,
      Fence: 1,
    })
    const never = histogram.dataPoints.find(({ attributes }) => attributes['rpc.method'] === 'Never')?.value
    expect(never?.sum).toBeGreaterThanOrEqual(0.015)
    expect(never?.buckets.boundaries).toEqual([
      0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
    ])
  })

  test('count bytes and messages both ways, conflations and closed connections, and agree with health()', async () => {
    const app = await start({ limits: { queuedMessages: 5 } })
    app.host.rpc(Echo, ({ text }) => text)
    const page = await app.page()
    page.socket.emit('storesub', { storeName: 'NotesStore', action: 0 })
    await page.messages('storeupdate')
    const before = app.host.health()
    await page.call('x'.repeat(10_000))
    const after = app.host.health()
    for (const bytes of ['sentBytes', 'receivedBytes'] as const) {
      expect(after[bytes] - before[bytes]).toBeGreaterThan(10_000)
      expect(after[bytes] - before[bytes]).toBeLessThan(11_000)
    }
    expect(after.sentMessages - before.sentMessages).toBe(1)
    expect(after.receivedMessages - before.receivedMessages).toBe(1)
    for (let i = 0; i < 100; i++) app.notes.update((d) => void (d.count = 100 + i))
    expect(app.host.health().conflations).toBeGreaterThan(50)
    for (let i = 0; i < 50; i++) app.host.emit(Heard, { text: 'x' })
    await until(() => page.ended() !== undefined, 'the connection to close')
    const health = app.host.health()
    const read = await app.read()
    const sum = (name: string): unknown => read.get(`rivulet.host.${name}`)?.dataPoints[0]?.value
    expect(sum('sent.size')).toBe(health.sentBytes)
    expect(sum('sent.messages')).toBe(health.sentMessages)
    expect(sum('received.size')).toBe(health.receivedBytes)
    expect(sum('received.messages')).toBe(health.receivedMessages)
    expect(sum('conflations')).toBe(health.conflations)
    expect(sum('drops')).toBe(1)
    expect(read.get('rivulet.host.drops')?.dataPoints[0]?.attributes).toEqual({ 'error.type': 'limit' })
  })
})

test('without a meter nothing is needed: the API alone hands out one that does nothing', async () => {
  const app = await notesHost({ meter: metrics.getMeter('nobody') })
  expect((await (await app.page()).call('x', 'Fence')).result).toBe('x')
})
