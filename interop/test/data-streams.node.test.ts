import type { UnitInfo } from '@rivulet/client'
import { createHost, createStore } from '@rivulet/server'
import type { StreamUnit } from '@rivulet/wire'
import { describe, expect, onTestFinished, test } from 'vitest'
import { eventually } from '../../packages/client/test/support/eventually.ts'
import { CameraStore, CameraVideo } from '../src/generated/schema.ts'
import { streamWorld as world } from './support/stream-world.ts'

// Our client, inline, on our host with its data plane: every byte crosses real sockets.

interface Heard {
  readonly units: StreamUnit[]
  readonly infos: UnitInfo[]
  numbers(): number[]
}

function hear(): Heard & { readonly onUnit: (unit: StreamUnit, info: UnitInfo) => void } {
  const units: StreamUnit[] = []
  const infos: UnitInfo[] = []
  return {
    units,
    infos,
    numbers: () => units.map((unit) => Number(unit.sequence)),
    onUnit(unit, info) {
      units.push(unit)
      infos.push(info)
    },
  }
}

const upTo = (n: number, from = 1): number[] => Array.from({ length: n - from + 1 }, (_, i) => i + from)

describe('a data stream', () => {
  test('features 162 and 164: opens, delivers in order, and gives the lease back', async () => {
    const w = await world()
    const { client, errors } = w.open()
    const heard = hear()
    const stream = client.stream(CameraVideo, 'bow', heard)
    expect(stream.status.get().state).toBe('opening')
    await eventually(() => expect(w.sources).toHaveLength(1))
    expect(w.source.key).toBe('bow')
    for (const n of upTo(100)) w.source.send(n)
    await eventually(() => expect(heard.numbers()).toEqual(upTo(100)))
    expect(stream.status.get()).toMatchObject({ state: 'live', lease: { expiresAtUnixMilli: 0 } })
    expect(heard.units[6]?.payload).toEqual(new Uint8Array(16).fill(7))
    expect(heard.infos.every(({ lost }) => lost === 0)).toBe(true)
    expect(heard.units.every((unit) => !unit.discontinuity)).toBe(true)
    stream.close()
    expect(stream.status.get().state).toBe('closed')
    await eventually(() => expect(w.plane.leases).toBe(0))
    await eventually(() => expect(w.plane.readers).toBe(0))
    expect(errors).toEqual([])
  })

  test('feature 163: all uses of one stream share a lease, also when one ends and another begins', async () => {
    const w = await world()
    const { client } = w.open({ graceMs: 200 })
    const [one, two] = [hear(), hear()]
    const first = client.stream(CameraVideo, 'bow', one)
    const second = client.stream({ ...CameraVideo }, 'bow', two)
    await eventually(() => expect(second.status.get().state).toBe('live'))
    w.source.send(1)
    await eventually(() => expect([one.numbers(), two.numbers()]).toEqual([[1], [1]]))
    first.close()
    second.close()
    const three = hear()
    const third = client.stream(CameraVideo, 'bow', three)
    expect(third.status.get().state).toBe('live')
    w.source.send(2)
    await eventually(() => expect(three.numbers()).toEqual([2]))
    expect([one.numbers(), two.numbers()]).toEqual([[1], [1]])
    expect([w.plane.leases, w.sources.length]).toEqual([1, 1])
    const other = client.stream(CameraVideo, 'stern', {})
    await eventually(() => expect(other.status.get().state).toBe('live'))
    expect(w.plane.leases).toBe(2)
  })

  test('says why there is none: access, names, bounds, an unknown store; the rest of the client does not notice', async () => {
    const w = await world()
    const { client } = w.open()
    const store = client.store(CameraStore)
    store.subscribe('name', () => undefined)
    const refused = {
      vault: client.stream({ ...CameraVideo, store: 'VaultStore' }, 'k', {}),
      unknown: client.stream({ ...CameraVideo, store: 'NoStore' }, 'k', {}),
      blankKey: client.stream(CameraVideo, ' ', {}),
      longName: client.stream({ ...CameraVideo, name: 'é'.repeat(129) }, 'k', {}),
      bounds: client.stream(CameraVideo, 'k', { maxUnits: 0 }),
    }
    await eventually(() => {
      const errors = Object.entries(refused).map(([name, { status }]) => [
        name,
        status.get().state,
        status.get().error?.code,
      ])
      expect(errors).toEqual([
        ['vault', 'error', 'denied'],
        ['unknown', 'error', 'denied'],
        ['blankKey', 'error', 'invalid-value'],
        ['longName', 'error', 'invalid-value'],
        ['bounds', 'error', 'config'],
      ])
    })
    expect(refused.vault.status.get().error).toMatchObject({ store: 'VaultStore', path: ['Camera.Video', 'k'] })
    await store.ready('name')
    expect(client.connection.get().state).toBe('connected')
  })

  test('a lease that runs out is renewed, with nothing lost and nothing twice', async () => {
    const w = await world({ leaseMs: 4000 })
    const { client, errors } = w.open()
    const heard = hear()
    const states: string[] = []
    const stream = client.stream(CameraVideo, 'bow', heard)
    stream.status.subscribe(() => states.push(stream.status.get().state))
    const leases = new Set<string | undefined>()
    let n = 0
    // One camera for all readers, as long as there is one: what a source of the real world does.
    await eventually(() => {
      const readers = w.sources.filter(({ sink }) => !sink.signal.aborted)
      if (readers.length > 0) {
        n++
        for (const source of readers) source.send(n)
        leases.add(stream.status.get().lease?.leaseID)
      }
      expect(leases.size).toBeGreaterThan(2)
    })
    await eventually(() => expect(heard.numbers().at(-1)).toBe(n))
    expect(heard.numbers()).toEqual(upTo(n, heard.numbers()[0]))
    expect(heard.infos.filter(({ lost }) => lost > 0)).toEqual([])
    expect(heard.units.filter((unit) => unit.discontinuity)).toEqual([])
    expect(new Set(states)).toEqual(new Set(['opening', 'live']))
    expect(errors).toEqual([])
    await eventually(() => expect(w.plane.leases).toBe(1))
  })

  test('a data connection that breaks comes back, with what was lost counted', async () => {
    const w = await world()
    const { client } = w.open()
    const heard = hear()
    const stream = client.stream(CameraVideo, 'bow', heard)
    await eventually(() => expect(w.sources).toHaveLength(1))
    w.source.send(1)
    await eventually(() => expect(heard.numbers()).toEqual([1]))
    const { leaseID } = stream.status.get().lease ?? {}
    w.source.send(2)
    await eventually(() => expect(heard.numbers()).toEqual([1, 2]))
    w.cutReaders()
    await eventually(() => expect(stream.status.get().state).toBe('reconnecting'))
    await eventually(() => expect(w.sources).toHaveLength(2))
    w.source.send(5)
    await eventually(() => expect(heard.numbers()).toEqual([1, 2, 5]))
    expect(heard.infos.at(-1)).toEqual({ lost: 2 })
    expect(heard.units.at(-1)?.discontinuity).toBe(true)
    expect(stream.status.get()).toMatchObject({ state: 'live', lease: { leaseID } })
  })

  test('a host that restarts gives a new lease', async () => {
    const w = await world()
    const { client } = w.open()
    const heard = hear()
    const stream = client.stream(CameraVideo, 'bow', heard)
    await eventually(() => expect(stream.status.get().state).toBe('live'))
    const before = stream.status.get().lease?.leaseID
    await w.stopHost()
    await eventually(() => expect(client.connection.get().state).not.toBe('connected'))
    await w.startHost()
    await eventually(() => expect(client.connection.get().state).toBe('connected'))
    await eventually(() => expect(stream.status.get()).toMatchObject({ state: 'live' }))
    await eventually(() => expect(stream.status.get().lease?.leaseID).not.toBe(before))
    w.source.send(1)
    await eventually(() => expect(heard.numbers()).toEqual([1]))
    await eventually(() => expect(w.plane.leases).toBe(1))
  })

  test('disconnect stops the data too, connect brings it back, dispose ends it', async () => {
    const w = await world()
    const { client } = w.open()
    const stream = client.stream(CameraVideo, 'bow', {})
    await eventually(() => expect(stream.status.get().state).toBe('live'))
    client.disconnect()
    await eventually(() =>
      expect(stream.status.get()).toMatchObject({ state: 'reconnecting', error: { code: 'disconnected' } }),
    )
    await eventually(() => expect([w.plane.readers, w.plane.leases]).toEqual([0, 0]))
    client.connect()
    await eventually(() => expect(stream.status.get().state).toBe('live'))
    await client.dispose()
    expect(stream.status.get()).toMatchObject({ state: 'closed', error: { code: 'disposed' } })
    await eventually(() => expect([w.plane.readers, w.plane.leases]).toEqual([0, 0]))
  })

  test('feature 169: 64 at once: one more waits for a place, and the connection lives', async () => {
    const w = await world()
    const { client } = w.open({ graceMs: 0 })
    const streams = upTo(66).map((n) => client.stream(CameraVideo, `k${n}`, {}))
    await eventually(() => expect(streams.filter((s) => s.status.get().state === 'live')).toHaveLength(64))
    const full = streams.filter((s) => s.status.get().state === 'error')
    expect(full.map((s) => s.status.get().error?.code)).toEqual(['limit', 'limit'])
    streams[3]?.close()
    await eventually(() => expect(full[0]?.status.get().state).toBe('live'))
    expect(full[1]?.status.get().error?.code).toBe('limit')
    expect(client.connection.get().state).toBe('connected')
    expect(w.plane.leases).toBe(64)
  })

  test('a source that fails, and one that never comes: tried again, with pauses', async () => {
    let asked = 0
    const w = await world({
      source() {
        if (++asked < 4) throw new Error('no camera')
      },
    })
    const { client } = w.open()
    const stream = client.stream(CameraVideo, 'bow', {})
    await eventually(() => expect(asked).toBe(4))
    await eventually(() => expect(stream.status.get().state).toBe('live'))
    expect(w.plane.leases).toBe(1)
  })

  test('a host without data streams says so', async () => {
    const w = await world()
    await w.stopHost()
    const bare = createHost({
      port: w.port,
      path: '/socket',
      stores: [createStore(CameraStore, { name: 'a' })],
      logger: null,
    })
    onTestFinished(() => bare.close())
    await bare.listening
    const { client } = w.open()
    const stream = client.stream(CameraVideo, 'bow', {})
    await eventually(() => expect(stream.status.get()).toMatchObject({ state: 'error', error: { code: 'denied' } }))
    expect(stream.status.get().error?.what).toMatch(/no data streams/)
  })
})
