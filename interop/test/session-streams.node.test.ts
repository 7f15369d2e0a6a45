import type { Client, ClientOptions } from '@rivulet/client'
import type { SessionEvent } from '@rivulet/server'
import { describe, expect, onTestFinished, test } from 'vitest'
import { eventually } from '../../packages/client/test/support/eventually.ts'
import { CameraVideo } from '../src/generated/schema.ts'
import { type SwallowingProxy, swallowingProxy } from '../src/swallowing-proxy.ts'
import { streamWorld, type StreamWorld } from './support/stream-world.ts'

// Data streams of a client with a viewer session on our host: the connection to the host dies and comes back, the one that carries the units does not notice.

interface SessionWorld {
  readonly streams: StreamWorld
  readonly proxy: SwallowingProxy
  readonly life: SessionEvent[]
  /** Attaches are answered while it is open. */
  readonly gate: { shut(): void; open(): void; readonly waiting: number }
  /** A client whose connection to the host can be cut. */
  readonly join: (options?: Partial<ClientOptions>) => { readonly client: Client; readonly errors: Error[] }
}

async function world(): Promise<SessionWorld> {
  const life: SessionEvent[] = []
  let closed: Promise<void> | null = null
  let letGo = (): void => undefined
  let waiting = 0
  const w = await streamWorld(
    {},
    {
      sessions: {
        async identify() {
          waiting++
          await closed
          waiting--
          return { ownerID: 'ann', scopeID: 'cameras' }
        },
        onLifecycle: (event) => life.push(event),
      },
    },
  )
  const proxy = await swallowingProxy(w.port)
  onTestFinished(() => proxy.close())
  return {
    streams: w,
    proxy,
    life,
    gate: {
      shut() {
        closed = new Promise((resolve) => (letGo = resolve))
      },
      open() {
        closed = null
        letGo()
      },
      get waiting() {
        return waiting
      },
    },
    join: (options) => w.open({ url: `http://127.0.0.1:${proxy.port}`, sessions: true, ...options }),
  }
}

function hear(): { readonly numbers: number[]; readonly lost: number[]; readonly onUnit: OnUnit } {
  const numbers: number[] = []
  const lost: number[] = []
  return {
    numbers,
    lost,
    onUnit(unit, info) {
      numbers.push(Number(unit.sequence))
      lost.push(info.lost)
    },
  }
}

type OnUnit = (unit: { readonly sequence: bigint }, info: { readonly lost: number }) => void

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1)

async function resumed(client: Client): Promise<void> {
  await eventually(() => expect(client.connection.get()).toMatchObject({ state: 'connected', session: 'resumed' }))
}

describe('a data stream of a client with a viewer session', () => {
  test.each(['both', 'client'] as const)(
    'features 152 and 162: the connection is cut (%s) and resumed: the same lease, and units go on all the while',
    async (end) => {
      const { streams: w, proxy, gate, life, join } = await world()
      const { client, errors } = join()
      const heard = hear()
      const stream = client.stream(CameraVideo, 'bow', heard)
      await eventually(() => expect([stream.status.get().state, w.sources.length]).toEqual(['live', 1]))
      const states: string[] = []
      stream.status.subscribe(() => states.push(stream.status.get().state))
      const lease = stream.status.get().lease?.leaseID
      w.source.send(1)
      await eventually(() => expect(heard.numbers).toEqual([1]))
      for (let round = 0; round < 3; round++) {
        gate.shut()
        proxy.cut(end)
        await eventually(() => expect(gate.waiting).toBe(1))
        expect(client.connection.get().state).not.toBe('connected')
        w.source.send(2 * round + 2)
        await eventually(() => expect(heard.numbers).toEqual(upTo(2 * round + 2)))
        gate.open()
        await resumed(client)
        w.source.send(2 * round + 3)
        await eventually(() => expect(heard.numbers).toEqual(upTo(2 * round + 3)))
      }
      expect(heard.lost).toEqual(heard.numbers.map(() => 0))
      expect(stream.status.get()).toMatchObject({ state: 'live', lease: { leaseID: lease } })
      expect(states.filter((state) => state !== 'live')).toEqual([])
      expect([w.plane.leases, w.plane.readers, w.sources.length]).toEqual([1, 1, 1])
      expect(life.filter(({ kind }) => kind === 'created' || kind === 'closed')).toHaveLength(1)
      expect(errors).toEqual([])
    },
  )

  test('opened and closed while the session attaches: afterwards the host has what the page wants', async () => {
    const { streams: w, proxy, gate, join } = await world()
    const { client, errors } = join({ graceMs: 0 })
    const closing = client.stream(CameraVideo, 'closing', {})
    const kept = client.stream(CameraVideo, 'kept', {})
    await eventually(() => expect([closing, kept].map((s) => s.status.get().state)).toEqual(['live', 'live']))
    gate.shut()
    proxy.cut('both')
    // The manifest is out: it lists both of these, and none of the next.
    await eventually(() => expect(gate.waiting).toBe(1))
    closing.close()
    const opened = client.stream(CameraVideo, 'opened', {})
    const both = client.stream(CameraVideo, 'opened and closed', {})
    await eventually(() => expect(both.status.get().state).toBe('opening'))
    both.close()
    gate.open()
    await resumed(client)
    await eventually(() => expect(opened.status.get().state).toBe('live'))
    await eventually(() => expect([w.plane.leases, w.plane.readers]).toEqual([2, 2]))
    expect(w.sources.filter(({ sink }) => !sink.signal.aborted).map(({ key }) => key)).toEqual(['kept', 'opened'])
    expect(errors).toEqual([])
  })

  test('opened and closed while nobody is there: the same, through the manifest', async () => {
    const { streams: w, proxy, join } = await world()
    const { client } = join({ graceMs: 0, reconnect: { minMs: 300, maxMs: 300 } })
    const closing = client.stream(CameraVideo, 'closing', {})
    await eventually(() => expect(closing.status.get().state).toBe('live'))
    proxy.cut('both')
    await eventually(() => expect(client.connection.get().state).toBe('disconnected'))
    closing.close()
    const opened = client.stream(CameraVideo, 'opened', {})
    await resumed(client)
    await eventually(() => expect(opened.status.get().state).toBe('live'))
    await eventually(() => expect([w.plane.leases, w.plane.readers]).toEqual([1, 1]))
  })

  test('opened and closed on a connection that is dead already: nothing of it is lost', async () => {
    const { streams: w, proxy, join } = await world()
    const { client } = join({ graceMs: 0 })
    const closing = client.stream(CameraVideo, 'closing', {})
    await eventually(() => expect(closing.status.get().state).toBe('live'))
    // The host hears nothing any more.
    proxy.swallow(Infinity, 0)
    closing.close()
    const opened = client.stream(CameraVideo, 'opened', {})
    await eventually(() => expect(opened.status.get().state).toBe('opening'))
    proxy.cut('client')
    await resumed(client)
    await eventually(() => expect(opened.status.get().state).toBe('live'))
    await eventually(() => expect([w.plane.leases, w.plane.readers]).toEqual([1, 1]))
  })

  test('an endpoint that was written into a dead connection comes again, and so does a refusal', async () => {
    const { streams: w, proxy, join } = await world()
    const { client } = join()
    const first = client.stream(CameraVideo, 'first', {})
    await eventually(() => expect(first.status.get().state).toBe('live'))
    // The page hears nothing any more.
    proxy.swallow(0, Infinity)
    const opened = client.stream(CameraVideo, 'opened', {})
    const denied = client.stream({ ...CameraVideo, store: 'VaultStore' }, 'k', {})
    await eventually(() => expect(w.plane.leases).toBe(2))
    proxy.cut('both')
    await resumed(client)
    await eventually(() => expect(opened.status.get().state).toBe('live'))
    await eventually(() => expect(denied.status.get()).toMatchObject({ state: 'error', error: { code: 'denied' } }))
    expect(w.plane.leases).toBe(2)
  })

  test('a host that restarts forgets the session: a new one, a new lease, and units go on', async () => {
    const { streams: w, join } = await world()
    const { client, errors } = join()
    const heard = hear()
    const stream = client.stream(CameraVideo, 'bow', heard)
    await eventually(() => expect(stream.status.get().state).toBe('live'))
    const lease = stream.status.get().lease?.leaseID
    await w.stopHost()
    await eventually(() => expect(client.connection.get().state).not.toBe('connected'))
    await w.startHost()
    await eventually(() => expect(client.connection.get()).toMatchObject({ state: 'connected', session: 'fresh' }))
    await eventually(() => expect(stream.status.get()).toMatchObject({ state: 'live' }))
    await eventually(() => expect(stream.status.get().lease?.leaseID).not.toBe(lease))
    w.source.send(1)
    await eventually(() => expect(heard.numbers).toEqual([1]))
    await eventually(() => expect([w.plane.leases, w.plane.readers]).toEqual([1, 1]))
    expect(errors).toEqual([])
  })

  test('the session ends: so do its leases', async () => {
    const { streams: w, life, join } = await world()
    const { client } = join()
    const streams = ['a', 'b'].map((key) => client.stream(CameraVideo, key, {}))
    await eventually(() => expect(streams.map((s) => s.status.get().state)).toEqual(['live', 'live']))
    await client.dispose()
    await eventually(() => expect([w.plane.leases, w.plane.readers]).toEqual([0, 0]))
    expect(life.at(-1)).toMatchObject({ kind: 'closed', reason: 'explicit close' })
  })
})
