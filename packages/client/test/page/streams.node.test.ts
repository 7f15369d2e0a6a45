import { frameUnit, RivuletError, type StreamUnit } from '@rivulet/wire'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { DataStream, StreamOptions } from '../../src/page/types.ts'
import type { StreamEngineMessage } from '../../src/stream-protocol.ts'
import { createFakeEngine, type FakeEngine } from '../support/fake-engine.ts'
import { createClientWith } from '../../src/page/create-client.ts'
import { closePages, openPage } from '../support/page.ts'
import { eventually } from '../support/eventually.ts'

afterEach(async () => {
  await closePages()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const VIDEO = { kind: 'stream', store: 'Cam', name: 'Video' } as const

function unit(n: number, bytes = 10): StreamUnit {
  const ids = { generation: 1n, sequence: BigInt(n), frameID: BigInt(n), timestamp: 0n }
  return frameUnit({ streamID: 'cam', format: 'raw', ...ids, payload: new Uint8Array(bytes).fill(n) })
}

/** The newest opened stream of the engine, once there are `count`. */
async function opened(fake: FakeEngine, count = 1): Promise<FakeEngine['streams'][number]> {
  await eventually(() => expect(fake.streams).toHaveLength(count))
  return fake.streams[count - 1] as FakeEngine['streams'][number]
}

function post(to: FakeEngine['streams'][number], message: StreamEngineMessage): void {
  to.port.postMessage(message, message.type === 'unit' ? [message.unit.payload.buffer as ArrayBuffer] : [])
}

const state = (stream: DataStream): string => stream.status.get().state

describe('a data stream of the page', () => {
  test('is opened in the engine under its plain definition, with its bounds', async () => {
    const { client, fake } = openPage()
    const stream = client.stream({ ...VIDEO, extra: () => 1 } as never, 'k', { maxUnits: 3, maxSilenceMs: 500 })
    expect([stream.key, state(stream), stream.post(1)]).toEqual(['k', 'opening', false])
    const engine = await opened(fake)
    expect([engine.def, engine.key]).toEqual([VIDEO, 'k'])
    expect(engine.config).toEqual({ maxUnits: 3, maxBytes: 16 * 1024 * 1024, maxSilenceMs: 500 })
  })

  test('hands units to every use of it, and tells the engine what it took, not one by one', async () => {
    const { client, fake } = openPage()
    const got: [string, bigint, number, number][] = []
    const take = (name: string): StreamOptions => ({
      onUnit: (u, { lost }) => got.push([name, u.sequence, lost, u.payload[0] ?? -1]),
    })
    client.stream(VIDEO, 'k', take('a'))
    const b = client.stream(VIDEO, 'k', take('b'))
    const engine = await opened(fake)
    post(engine, { type: 'unit', unit: unit(1), lost: 4 })
    await eventually(() =>
      expect(got).toEqual([
        ['a', 1n, 4, 1],
        ['b', 1n, 4, 1],
      ]),
    )
    b.close()
    for (let n = 2; n <= 8; n++) post(engine, { type: 'unit', unit: unit(n), lost: 0 })
    post(engine, { type: 'unit', unit: unit(9, 2_000_000), lost: 0 })
    await eventually(() =>
      expect(engine.heard).toEqual([
        { type: 'taken', units: 8, bytes: 80 },
        { type: 'taken', units: 1, bytes: 2_000_000 },
      ]),
    )
    expect(got.filter(([name]) => name === 'b')).toHaveLength(1)
    expect(fake.streams).toHaveLength(1)
  })

  test('a use that throws, closes itself or transfers the payload takes nothing from the others', async () => {
    const report = vi.fn<(e: unknown) => void>()
    vi.stubGlobal('reportError', report)
    const { client, fake } = openPage()
    const got: string[] = []
    const bad = client.stream(VIDEO, 'k', {
      onUnit(u) {
        got.push('bad')
        bad.close()
        later.close()
        structuredClone(0, { transfer: [u.payload.buffer as ArrayBuffer] })
        throw new Error('mine')
      },
    })
    client.stream(VIDEO, 'k', { onUnit: () => got.push('good') })
    const later = client.stream(VIDEO, 'k', { onUnit: () => got.push('later') })
    const engine = await opened(fake)
    for (let n = 1; n <= 8; n++) post(engine, { type: 'unit', unit: unit(n), lost: 0 })
    await eventually(() => expect(engine.heard).toEqual([{ type: 'taken', units: 8, bytes: 80 }]))
    expect(got).toEqual(['bad', ...Array.from({ length: 8 }, () => 'good')])
    expect(report).toHaveBeenCalledTimes(1)
  })

  test('closed by the last use, after the grace period; coming back keeps it', async () => {
    const { client, fake } = openPage({ graceMs: 10 })
    const first = client.stream(VIDEO, 'k', {})
    const engine = await opened(fake)
    post(engine, { type: 'status', status: { state: 'live', since: 5 } })
    await eventually(() => expect(state(first)).toBe('live'))
    first.close()
    first.close()
    const second = client.stream(VIDEO, 'k', {})
    expect([state(first), state(second)]).toEqual(['closed', 'live'])
    await new Promise((done) => setTimeout(done, 30))
    expect(engine.heard).toEqual([])
    second.close()
    await eventually(() => expect(engine.heard).toEqual([{ type: 'close' }]))
    const third = client.stream(VIDEO, 'k', {})
    expect(state(third)).toBe('opening')
    await opened(fake, 2)
  })

  test('posts to the handler in the worker and hears from it, each use for itself', async () => {
    const { client, fake } = openPage()
    const heard: unknown[] = []
    const moved = new ArrayBuffer(8)
    const first = client.stream(VIDEO, 'k', {
      onStart: (send) => send({ hello: 1, moved }, [moved]),
      onMessage: (message) => heard.push(message),
    })
    const engine = await opened(fake)
    expect(first.post('more')).toBe(true)
    const second = client.stream(VIDEO, 'k', { onStart: (send) => send('second'), onMessage: (m) => heard.push(m) })
    await eventually(() =>
      expect(engine.heard).toEqual([
        { type: 'post', message: { hello: 1, moved: new ArrayBuffer(8) } },
        { type: 'post', message: 'more' },
        { type: 'post', message: 'second' },
      ]),
    )
    expect(moved.byteLength).toBe(0)
    post(engine, { type: 'post', message: { fps: 30 } })
    await eventually(() => expect(heard).toEqual([{ fps: 30 }, { fps: 30 }]))
    second.close()
    expect(second.post('late')).toBe(false)
  })

  test('a worker that ends and another one: opened again, posted to again; one that ends for good: an error', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    const { client, fake } = openPage()
    let starts = 0
    const stream = client.stream(VIDEO, 'k', { onStart: () => starts++ })
    await opened(fake)
    await vi.advanceTimersByTimeAsync(61_000)
    fake.dead = true
    fake.starts[0]?.onTrouble(new RivuletError('worker', 'it crashed'))
    await vi.advanceTimersByTimeAsync(4_000)
    fake.dead = false
    await vi.advanceTimersByTimeAsync(1_100)
    await opened(fake, 2)
    expect(starts).toBe(2)
    expect(stream.status.get()).toMatchObject({ state: 'reconnecting', error: { code: 'worker' } })
    post(fake.streams[1] as FakeEngine['streams'][number], { type: 'status', status: { state: 'live', since: 1 } })
    await eventually(() => expect(state(stream)).toBe('live'))
    fake.dead = true
    fake.starts[1]?.onTrouble(new RivuletError('worker', 'it crashed again'))
    await vi.advanceTimersByTimeAsync(5_100)
    expect([state(stream), stream.post(1)]).toEqual(['error', false])
  })

  test('bounds that cannot work are a typed error, and nothing is opened', async () => {
    const { client, fake } = openPage()
    const streams = [{ maxUnits: 0 }, { maxBytes: NaN }, { maxSilenceMs: -1 }, { maxUnits: 2 ** 31 }].map((options) =>
      client.stream(VIDEO, 'k', options),
    )
    await eventually(() => expect(streams.map(state)).toEqual(['error', 'error', 'error', 'error']))
    expect(streams.map((s) => s.status.get().error?.code)).toEqual(['config', 'config', 'config', 'config'])
    expect(fake.streams).toHaveLength(0)
    streams[0]?.close()
    expect(streams.map(state)).toEqual(['closed', 'error', 'error', 'error'])
  })

  test('a client that ends closes them, also those that wait', async () => {
    const { client, fake } = openPage()
    const stream = client.stream(VIDEO, 'k', {})
    await opened(fake)
    const waiting = client.stream(VIDEO, 'other', {})
    await client.dispose()
    const late = client.stream(VIDEO, 'late', {})
    for (const one of [stream, waiting, late]) {
      expect(one.status.get()).toMatchObject({ state: 'closed', error: { code: 'disposed' } })
      expect(one.post(1)).toBe(false)
      one.close()
    }
  })

  test('a live part that cannot be loaded: an error; closed before it came: never opened', async () => {
    const fake = createFakeEngine()
    const broken = createClientWith({ url: 'http://localhost:1', onError: () => undefined }, () =>
      Promise.reject(new Error('offline')),
    )
    const stream = broken.stream(VIDEO, 'k', {})
    await eventually(() => expect(stream.status.get()).toMatchObject({ state: 'error', error: { code: 'worker' } }))
    await broken.dispose()
    const { client } = openPage({}, fake)
    client.stream(VIDEO, 'k', {}).close()
    const second = client.stream(VIDEO, 'second', {})
    await opened(fake)
    expect([fake.streams.map(({ key }) => key), state(second)]).toEqual([['second'], 'opening'])
  })
})
