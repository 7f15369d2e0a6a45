import { proxy, transfer, wrap } from 'comlink'
import { expect, test } from 'vitest'
import { type EngineControl, type EngineMessage, PROTOCOL_VERSION, type WorkerReady } from '../../src/protocol.ts'
import { Add, BoardStore } from '../support/board.ts'
import { PageModel } from '../support/page-model.ts'
import { eventually } from '../support/eventually.ts'

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
