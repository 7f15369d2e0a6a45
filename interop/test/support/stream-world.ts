import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { type Client, type ClientOptions, createClient } from '@rivulet/client'
import {
  createDataPlane,
  createHost,
  createStore,
  type DataPlaneOptions,
  type HostOptions,
  type StreamSink,
} from '@rivulet/server'
import { frameUnit, type StreamUnit } from '@rivulet/wire'
import { onTestFinished } from 'vitest'
import { CameraStore, VaultStore } from '../../src/generated/schema.ts'

/** What produces a stream for one reader, played by the test. */
interface Source {
  readonly key: string
  readonly sink: StreamSink
  /** Sends frame `n` of generation 1. */
  send(n: number, more?: Partial<StreamUnit>, bytes?: number): string
}

/** A host, its data plane and pages. */
export interface StreamWorld {
  readonly port: number
  readonly plane: ReturnType<typeof createDataPlane>
  readonly sources: Source[]
  /** The one that was asked last. */
  readonly source: Source
  open(options?: Partial<ClientOptions>): { readonly client: Client; readonly errors: Error[] }
  /** Cuts the data connections, without a word. */
  cutReaders(): void
  stopHost(): Promise<void>
  startHost(): Promise<void>
}

/** Starts a host and a data plane on ports of their own, until the test is over. */
export async function streamWorld(
  options: Partial<DataPlaneOptions> = {},
  hostOptions: Partial<Pick<HostOptions, 'sessions'>> = {},
): Promise<StreamWorld> {
  const endings: (() => unknown)[] = []
  onTestFinished(async () => {
    for (const end of endings.toReversed()) await end()
  })
  const server: Server = createServer((_, reply) => void reply.end()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port: dataPort } = server.address() as AddressInfo
  const connections = new Set<Socket>()
  server.on('connection', (socket) => connections.add(socket))
  const sources: Source[] = []
  const plane = createDataPlane({
    server,
    url: `ws://127.0.0.1:${dataPort}/streams`,
    source: ({ key }, sink) => {
      sources.push({
        key,
        sink,
        send: (n, more = {}, bytes = 16) => sink.send({ ...frame(sink.streamID, n, bytes), ...more }),
      })
    },
    onError: () => undefined,
    ...options,
  })
  let host = await startHost(0)
  const port = host.port
  endings.push(
    () => new Promise((done) => server.close(done)),
    () => server.closeAllConnections(),
    plane.close,
    () => host.stop(),
  )

  async function startHost(at: number): Promise<{ readonly port: number; stop(): Promise<void> }> {
    const running = createHost({
      port: at,
      path: '/socket',
      stores: [createStore(CameraStore, { name: 'a' }), createStore(VaultStore, { name: 'b' })],
      streams: plane.broker,
      access: () => 1,
      ...hostOptions,
      logger: null,
    })
    return { port: await running.listening, stop: () => running.close() }
  }

  return {
    port,
    plane,
    sources,
    get source() {
      const last = sources.at(-1)
      if (last === undefined) throw new Error('no source was asked')
      return last
    },
    open(clientOptions = {}) {
      const errors: Error[] = []
      const client = createClient({
        url: `http://127.0.0.1:${port}`,
        worker: 'inline',
        graceMs: 20,
        reconnect: { minMs: 5, maxMs: 50 },
        onError: (e) => errors.push(e),
        ...clientOptions,
      })
      endings.push(() => client.dispose())
      return { client, errors }
    },
    cutReaders() {
      for (const socket of connections) socket.destroy()
    },
    stopHost: () => host.stop(),
    async startHost() {
      host = await startHost(port)
    },
  }
}

/** Frame `n` of generation 1, filled with its number. */
function frame(streamID: string, n: number, bytes = 16): StreamUnit {
  const ids = { generation: 1n, sequence: BigInt(n), frameID: BigInt(n), timestamp: BigInt(n) * 1000n }
  return frameUnit({ streamID, format: 'raw', ...ids, payload: new Uint8Array(bytes).fill(n) })
}
