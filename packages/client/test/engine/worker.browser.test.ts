import { proxy, transfer, wrap } from 'comlink'
import { expect, test } from 'vitest'
import { type EngineControl, type EngineMessage, PROTOCOL_VERSION, type WorkerReady } from '../../src/protocol.ts'
import { Add, BoardStore } from '../support/board.ts'
import { PageModel } from '../support/page-model.ts'
import type { StreamEngineMessage } from '../../src/stream-protocol.ts'
import { eventually } from '../support/eventually.ts'
import { CONFIG } from '../support/rig.ts'

test('the engine runs in a real module worker: ready first, then control, data and an orderly end', async () => {
  const worker = new Worker(new URL('../../src/worker.ts', import.meta.url), { type: 'module' })
  const first = await new Promise<WorkerReady>((resolve, reject) => {
    worker.addEventListener('message', ({ data }: MessageEvent<WorkerReady>) => resolve(data), { once: true })
    worker.addEventListener('error', (e) => reject(new Error(e.message)), { once: true })
  })
  expect(first).toEqual({ rivulet: 'ready', version: PROTOCOL_VERSION })

  const engine = wrap<EngineControl>(worker)
  const { port1, port2 } = new MessageChannel()
  const page = new PageModel()
  const states: string[] = []
  port1.addEventListener('message', ({ data }: MessageEvent<EngineMessage>) => {
    if (data.type === 'patch') page.take(data.buffer)
    else if (data.type === 'connection') states.push(data.status.state)
  })
  port1.start()
  await engine.start(
    {
      url: 'http://127.0.0.1:1',
      path: '/socket',
      transports: ['websocket'],
      hasAuth: true,
      hasAuthenticate: false,
      authenticateTimeoutMs: 1000,
      delivery: 'safe',
      reconnectMinMs: 10,
      reconnectMaxMs: 50,
      callTimeoutMs: 1000,
      graceMs: 10,
      maxCallsInFlight: 4,
      maxCallsQueued: 4,
    },
    transfer(port2, [port2]),
    proxy({ auth: async () => ({ token: 'x' }), authenticate: async () => null }),
  )
  await engine.define(0, BoardStore)
  page.watch(1, BoardStore, ['title'])
  page.watch(2, BoardStore, ['nowhere'])
  await engine.watch([
    { id: 1, store: 0, path: ['title'] },
    { id: 2, store: 0, path: ['nowhere'] },
  ])
  port1.postMessage({ type: 'credit' })
  await eventually(() => expect(page.get(1).status).toBe('loading'))
  expect(page.get(2)).toMatchObject({ status: 'error', error: { code: 'path' } })
  await engine.connect()
  await eventually(() => expect(states.filter((s) => s === 'disconnected').length).toBeGreaterThan(1))
  expect(await engine.call(1, Add, { x: 1, y: 1 }, 20)).toMatchObject({ ok: false, error: { code: 'timeout' } })
  const pending = engine.call(2, Add, { x: 1, y: 1 }, 0)
  await engine.dispose()
  expect(await pending).toMatchObject({ ok: false, error: { code: 'disposed' } })
  await eventually(() => expect(states.at(-1)).toBe('disposed'))
  worker.terminate()
  port1.close()
})

test('parts that not every app uses are loaded by the worker when they are wanted', async () => {
  const worker = new Worker(new URL('../../src/worker.ts', import.meta.url), { type: 'module' })
  await new Promise((resolve) => worker.addEventListener('message', resolve, { once: true }))
  const engine = wrap<EngineControl>(worker)
  const { port1, port2 } = new MessageChannel()
  const page = new PageModel()
  port1.addEventListener('message', ({ data }: MessageEvent<EngineMessage>) => {
    if (data.type === 'patch') page.take(data.buffer)
    port1.postMessage({ type: 'credit' })
  })
  port1.start()
  await engine.start(
    { ...CONFIG, url: 'http://127.0.0.1:1', sessions: { attachTimeoutMs: 1000, trustResume: false } },
    transfer(port2, [port2]),
    proxy({ auth: async () => ({}), authenticate: async () => null }),
  )
  await engine.define(0, BoardStore)
  port1.postMessage({ type: 'credit' })
  page.watch(1, BoardStore, ['items'])
  page.watch(2, BoardStore, ['items'])
  const keys = { kind: 'keys', offset: 0 } as const
  await engine.watch([
    { id: 1, store: 0, path: ['items'], query: { ...keys, select: { orderBy: ['x'] } } },
    { id: 2, store: 0, path: ['items'], query: { ...keys, select: { orderBy: ['nowhere'] } } },
  ])
  await eventually(() => expect(page.get(1).status).toBe('loading'))
  await eventually(() => expect(page.get(2)).toMatchObject({ status: 'error', error: { code: 'path' } }))

  const stream = new MessageChannel()
  const states: string[] = []
  stream.port1.addEventListener('message', ({ data }: MessageEvent<StreamEngineMessage>) => {
    if (data.type === 'status') states.push(data.status.state)
  })
  stream.port1.start()
  const def = { kind: 'stream', store: 'Cam', name: 'Video' } as const
  const bounds = { maxUnits: 8, maxBytes: 1000, maxSilenceMs: 0 }
  await engine.openStream(def, 'k', transfer(stream.port2, [stream.port2]), bounds)
  await eventually(() => expect(states).toEqual(['opening']))
  stream.port1.postMessage({ type: 'close' })
  await eventually(() => expect(states.at(-1)).toBe('closed'))
  await engine.dispose()
  worker.terminate()
  port1.close()
})
