import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createDataPlane, createHost, createStore, type StreamLease, type StreamSink } from '@rivulet/server'
import { frameUnit } from '@rivulet/wire'
import { CameraStore } from '../generated/schema.ts'
import { type Endpoint, UNIT_BYTES } from './format.ts'

/** A host with a data plane, and one reader at a time. */
export interface StreamHost {
  readonly url: string
  /** An endpoint for a reader that does not go through the host. */
  endpoint(): Promise<Endpoint>
  /** Waits for the next reader, and returns what sends it `count` units. */
  reader(): Promise<(count: number) => void>
  close(): Promise<void>
}

/** Starts it on the server that serves the page. */
export async function streamHost(server: Server): Promise<StreamHost> {
  const { port } = server.address() as AddressInfo
  const waiting: StreamSink[] = []
  let arrived: (() => void) | null = null
  const plane = createDataPlane({
    server,
    url: `ws://127.0.0.1:${port}/streams`,
    // Nothing may be dropped on the way: what is measured is the cost of all units.
    scheduler: { maxBytes: 2 ** 31, maxUnits: 1_000_000 },
    source(_, sink) {
      waiting.push(sink)
      arrived?.()
    },
  })
  const host = createHost({
    server,
    path: '/socket',
    stores: [createStore(CameraStore, { name: 'bench' })],
    streams: plane.broker,
    logger: null,
  })
  const viewer = { id: 'bench', auth: {}, headers: {} } as never
  return {
    url: `http://127.0.0.1:${port}`,
    async endpoint() {
      const signal = AbortSignal.timeout(600_000)
      const opening = { store: 'CameraStore', stream: 'Video', key: 'k', viewer, level: 0, signal }
      const { url, token }: StreamLease = await plane.broker.open(opening)
      return { url, token }
    },
    async reader() {
      while (waiting.length === 0) await new Promise<void>((done) => (arrived = done))
      const sink = waiting.pop() as StreamSink
      waiting.length = 0
      const payload = new Uint8Array(UNIT_BYTES).fill(1)
      let n = 0n
      return (count) => {
        for (let i = 0; i < count; i++) {
          n++
          const ids = { generation: 1n, sequence: n, frameID: n, timestamp: n }
          const result = sink.send(frameUnit({ streamID: sink.streamID, format: 'raw', ...ids, payload }))
          if (result !== 'queued') throw new Error(`unit ${n} was dropped (${result})`)
        }
      }
    },
    async close() {
      plane.close()
      await host.close()
    },
  }
}
