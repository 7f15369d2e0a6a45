import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { decodeUnit, frameUnit, type StreamUnit } from '@rivulet/wire'
import { describe, expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import {
  createDataPlane,
  type DataPlane,
  type DataPlaneOptions,
  dataPlaneID,
  type StreamSink,
} from '../../src/index.ts'
import { sessionHost } from '../support/session-page.ts'
import { notesHost } from '../support/notes-host.ts'
import { until } from '../support/until.ts'

interface Endpoint {
  readonly url: string
  readonly token: string
  readonly expiresAtUnixMilli: number
}

async function listening(): Promise<Server> {
  const server = createServer((_request, reply) => void reply.end('page')).listen(0)
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return server
}

async function start(options: Partial<DataPlaneOptions> = {}): Promise<{
  plane: DataPlane
  sinks: StreamSink[]
  readonly ask: () => Promise<Endpoint>
  readonly release: () => Promise<void>
}> {
  const server = await listening()
  const sinks: StreamSink[] = []
  const plane = createDataPlane({
    server,
    url: `ws://localhost:${(server.address() as AddressInfo).port}/streams/`,
    source: (_, sink) => void sinks.push(sink),
    ...options,
  })
  onTestFinished(plane.close)
  const app = await notesHost({ server, streams: plane.broker })
  const page = await app.page()
  let asked = 0
  return {
    plane,
    sinks,
    async ask() {
      page.socket.emit('datastreamsub', {
        subscriptionID: `s${++asked}`,
        storeName: 'NotesStore',
        streamName: 'Cam',
        action: 0,
        key: 'k',
      })
      return (await page.messages('datastreamendpoint', asked)).at(-1)?.['endpoint'] as Endpoint
    },
    async release() {
      page.socket.emit('datastreamsub', { subscriptionID: `s${asked}`, action: 1 })
      await page.fence()
    },
  }
}

function reader(
  { url, token }: Endpoint,
  protocols: string[] = ['rsd1', token],
): { readonly socket: WebSocket; readonly units: StreamUnit[]; readonly end: () => string } {
  const socket = new WebSocket(url, protocols)
  onTestFinished(() => socket.terminate())
  const units: StreamUnit[] = []
  let end = ''
  socket.on('message', (data: Buffer) => units.push(decodeUnit(data)))
  socket.on('error', (error) => (end ||= error.message))
  socket.on('close', (code, why) => (end ||= `${code} ${String(why)}`))
  return { socket, units, end: () => end }
}

function frame(sink: StreamSink, n: number, bytes = 10): StreamUnit {
  const ids = { generation: 1n, sequence: BigInt(n), frameID: BigInt(n), timestamp: 0n }
  return frameUnit({ streamID: sink.streamID, format: 'raw', ...ids, payload: new Uint8Array(bytes).fill(n) })
}

const restart = { recovery: true, discontinuity: true }

describe('the data plane', () => {
  test('feature 166: the id of a stream is the one of ReStream', () => {
    expect(dataPlaneID('CameraStore', 'Camera.Video', 'camera-a')).toBe(
      'restream:dfed6ec5f707b1830aa39a70e893aacd67604ea4963e015a64710b3eda802ad5',
    )
    expect(dataPlaneID('a', 'b:c', 'd')).not.toBe(dataPlaneID('a', 'b', 'c:d'))
  })

  test('brings units to whoever has the token, in a browser or out of it', async () => {
    const { plane, sinks, ask } = await start()
    const endpoint = await ask()
    const one = reader(endpoint)
    await until(() => sinks.length === 1, 'the source to be asked')
    expect(sinks[0]?.streamID).toBe(dataPlaneID('NotesStore', 'Cam', 'k'))
    for (let n = 1; n <= 20; n++) expect(sinks[0]?.send(frame(sinks[0], n))).toBe('queued')
    await until(() => one.units.length === 20, 'the units')
    expect(one.units.map((unit) => unit.payload[0])).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
    expect([plane.leases, plane.readers]).toEqual([1, 1])
    const other = await ask()
    const bearer = new WebSocket(other.url, { headers: { authorization: `Bearer ${other.token}` } })
    onTestFinished(() => bearer.terminate())
    await once(bearer, 'open')
    expect(plane.readers).toBe(2)
  })

  test('refuses everybody else', async () => {
    const { plane, ask } = await start()
    const endpoint = await ask()
    const ends = [
      reader(endpoint, ['rsd1', 'x'.repeat(43)]),
      reader(endpoint, ['rsd1']),
      reader(endpoint, []),
      reader({ ...endpoint, url: `${endpoint.url}x` }),
    ]
    await until(() => ends.every(({ end }) => end() !== ''), 'all to be refused')
    expect(ends.map(({ end }) => end())).toEqual([
      ...Array.from({ length: 3 }, () => 'Unexpected server response: 401'),
      'Unexpected server response: 404',
    ])
    expect(plane.readers).toBe(0)
    expect(await (await fetch(endpoint.url.replace('ws', 'http'))).text()).toBe('page')
  })

  test('one connection at a time: the newer one replaces the older', async () => {
    const { sinks, ask } = await start()
    const endpoint = await ask()
    const first = reader(endpoint)
    await until(() => sinks.length === 1, 'the first reader')
    const second = reader(endpoint)
    await until(() => first.end() !== '' && sinks.length === 2, 'the first reader to go')
    expect(first.end()).toMatch(/^1000 .*newer/)
    expect(sinks[0]?.signal.aborted).toBe(true)
    expect(sinks[0]?.send(frame(sinks[0], 1))).toBe('full')
    sinks[1]?.send(frame(sinks[1], 2))
    await until(() => second.units.length === 1, 'the unit')
  })

  test('features 162 and 164: ends with the subscription, and with the lease', async () => {
    let stopped = 0
    const { plane, ask, release } = await start({ leaseMs: 300, source: () => () => void stopped++ })
    const endpoint = await ask()
    expect(endpoint.expiresAtUnixMilli).toBeGreaterThan(Date.now())
    const one = reader(endpoint)
    await once(one.socket, 'open')
    await release()
    await until(() => one.end() !== '' && stopped === 1, 'the reader to go')
    expect(one.end()).toMatch(/not wanted/)
    const two = reader(await ask())
    await until(() => two.end() !== '' && stopped === 2, 'the lease to expire')
    expect(two.end()).toMatch(/expired/)
    expect(plane.leases).toBe(0)
  })

  test('feature 172: a reader that does not keep up loses units, not the host its memory, and starts anew', async () => {
    const { sinks, ask } = await start({ scheduler: { maxBytes: 100_000 } })
    const one = reader(await ask())
    await until(() => sinks.length === 1, 'the source to be asked')
    const sink = sinks[0] as StreamSink
    one.socket.pause()
    let n = 0
    let result = 'queued'
    // What the system's own buffers take comes first.
    while (result === 'queued' && n < 5000) result = sink.send(frame(sink, ++n, 20_000))
    expect(result).toBe('full')
    const lost = Array.from({ length: 100 }, () => sink.send(frame(sink, ++n, 20_000)))
    expect(new Set(lost)).toEqual(new Set(['needs-recovery']))
    const fresh = { ...frame(sink, ++n), ...restart }
    expect(sink.send(fresh)).toBe('queued')
    one.socket.resume()
    await until(() => one.units.at(-1)?.sequence === fresh.sequence, 'the fresh start')
    expect(one.units.length).toBeLessThan(n - 100)
  })

  test('a source that fails, a reader that speaks, a plane that closes', async () => {
    const errors: unknown[] = []
    const failing = await start({
      source: () => Promise.reject(new Error('no camera')),
      onError: (error) => errors.push(error),
    })
    const one = reader(await failing.ask())
    await until(() => one.end() !== '', 'the reader to go')
    expect([one.end(), String(errors[0])]).toEqual(['1011 the source failed', 'Error: no camera'])
    const { plane, ask, sinks } = await start()
    const two = reader(await ask())
    await once(two.socket, 'open')
    two.socket.send('hello')
    await until(() => two.end() !== '', 'the reader to go')
    expect(two.end()).toMatch(/^1008/)
    const three = reader(await ask())
    await until(() => sinks.length === 2, 'the source to be asked')
    expect(() => sinks[1]?.send(frame({ ...sinks[1], streamID: 'other' }, 1))).toThrow(/another stream/)
    plane.close()
    await until(() => three.end() !== '', 'the reader to go')
    expect(() => plane.broker.open({} as never)).toThrow(/closed/)
    expect(() => createDataPlane({ server: createServer(), url: 'http://x', source: () => undefined })).toThrow(/ws:/)
  })

  test('a lease of a session survives its connection', async () => {
    const server = await listening()
    const plane = createDataPlane({
      server,
      url: `ws://localhost:${(server.address() as AddressInfo).port}/streams`,
      source: () => undefined,
    })
    onTestFinished(plane.close)
    const app = await sessionHost({}, { server, streams: plane.broker })
    const page = await app.page()
    const wishes = { streams: [['s', 'NotesStore', 'Cam', 'k']] } as const
    const answer = await page.attach('', wishes)
    expect(answer['capabilities']).toEqual({ dataStreams: true })
    const [first] = await page.messages('datastreamendpoint')
    const one = reader(first?.['endpoint'] as Endpoint)
    await once(one.socket, 'open')
    page.drop()
    await until(() => app.life.length === 3, 'the session to be detached')
    const next = await app.page()
    await next.attach(String(answer['sessionID']), wishes)
    expect((await next.messages('datastreamendpoint'))[0]).toEqual(first)
    expect(one.end()).toBe('')
    next.socket.emit('viewersessionclose', { sessionID: answer['sessionID'] })
    await until(() => one.end() !== '', 'the stream to end with the session')
    expect(plane.leases).toBe(0)
  })
})
