import { applyMessage, decodeState, formatKey } from '@rivulet/wire'
import { Decoder } from '@colyseus/schema'
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { describe, expect, test } from 'vitest'
import { WorldStore } from '../src/generated/schema.ts'
import { moved, type World } from '../src/decode/world.ts'
import type { FanoutHost, StartFanoutHost } from '../src/fanout/fanout-host.ts'
import { startColyseus, stateFor } from '../src/fanout/hosts/colyseus.ts'
import { startRivulet } from '../src/fanout/hosts/rivulet.ts'
import { startSocketIo } from '../src/fanout/hosts/socket-io.ts'
import { startWs } from '../src/fanout/hosts/ws.ts'
import { deliveriesOf, type Setting, updatesOf, watchedRows, worldOf } from '../src/fanout/setting.ts'
import { colyseusCodes, openColyseus } from '../src/hosts/wires/colyseus-wire.ts'
import { openSocketIo } from '../src/hosts/wires/socket-io-wire.ts'

/** What a viewer has after each message: position of a row. */
type Seen = (id: string) => { readonly x: number; readonly y: number } | undefined

interface Viewer {
  /** Resolves once that many messages have arrived. */
  readonly arrived: (count: number) => Promise<void>
  readonly seen: Seen
}

/** Counts, and waits. */
function counter(): { readonly add: () => void; readonly arrived: Viewer['arrived'] } {
  let count = 0
  let waiting: (() => void) | undefined
  return {
    add() {
      count++
      waiting?.()
    },
    arrived: (goal) =>
      new Promise((resolve) => {
        waiting = () => {
          if (count >= goal) resolve()
        }
        waiting()
      }),
  }
}

/** Takes Rivulet's bytes: the first message is a state, the others are deltas. */
function wireViewer(): { readonly take: (bytes: Uint8Array) => void } & Viewer {
  const { add, arrived } = counter()
  let state: { readonly entities: World } = { entities: new Map() }
  let first = true
  return {
    take(bytes) {
      // A follower of one row may begin with a delta; those who send ready-made bytes begin with the whole state.
      state = first && bytes.length > 1000 ? decodeState(WorldStore, bytes) : applyMessage(WorldStore, state, bytes)
      first = false
      add()
    },
    arrived,
    seen: (id) => state.entities.get(id),
  }
}

async function overSocketIo(port: number, wish: object): Promise<Viewer> {
  const viewer = wireViewer()
  const wire = await openSocketIo(port, '/socket', {}, (_packet, bytes) => {
    if (bytes !== null) viewer.take(bytes)
  })
  wire.emit('storesub', wish)
  return viewer
}

const contestants: Readonly<
  Record<
    string,
    { readonly start: StartFanoutHost; readonly join: (port: number, row: string | null) => Promise<Viewer> }
  >
> = {
  rivulet: {
    start: startRivulet,
    join: (port: number, row: string | null) =>
      overSocketIo(port, {
        storeName: WorldStore.name,
        action: 0,
        key: row === null ? '' : formatKey(WorldStore, ['entities', row]),
      }),
  },
  'socket.io': { start: startSocketIo, join: (port: number, row: string | null) => overSocketIo(port, { row }) },
  ws: {
    start: startWs,
    async join(port: number, row: string | null): Promise<Viewer> {
      const viewer = wireViewer()
      const socket = new WebSocket(`ws://127.0.0.1:${port}`)
      socket.on('message', (data: Buffer) => viewer.take(data))
      await once(socket, 'open')
      socket.send(row ?? '')
      return viewer
    },
  },
  colyseus: {
    start: startColyseus,
    async join(port: number, row: string | null): Promise<Viewer> {
      const { add, arrived } = counter()
      const decoder = new Decoder(stateFor(row === null ? 'whole' : 'own'))
      await openColyseus(port, 'joinOrCreate', 'world', { row }, (code, frame) => {
        if (code !== colyseusCodes.state && code !== colyseusCodes.patch) return
        decoder.decode(frame.subarray(1))
        add()
      })
      return { arrived, seen: (id) => decoder.state.entities.get(id) }
    },
  },
}

const base: Setting = { rows: 40, viewers: 4, moved: 10, audience: 'whole' }

describe.each(Object.entries(contestants))('%s as a host', (_, { start, join }) => {
  test.each(['whole', 'same', 'own'] as const)('brings a viewer (%s) from one world to the next', async (audience) => {
    const setting: Setting = { ...base, audience }
    const host: FanoutHost = await start(setting)
    const row = watchedRows(setting)[0] ?? null
    const viewer = await join(host.port, row)
    await viewer.arrived(1)
    const watched = row === null ? [...worldOf(setting).keys()] : [row]
    for (const variant of [0, 1, 2]) {
      host.update(variant)
      await viewer.arrived(2 + variant)
      const expected = moved(worldOf(setting), updatesOf(setting)[variant] ?? [])
      for (const id of watched) {
        const { x, y } = expected.get(id) ?? {}
        expect(viewer.seen(id)).toMatchObject({ x, y })
      }
    }
  })
})

describe('whom an update concerns', () => {
  test('everybody who watches everything, or the one row that moves', () => {
    expect(deliveriesOf(base)).toBe(4)
    expect(deliveriesOf({ ...base, audience: 'same' })).toBe(4)
  })

  test('those whose own rows move', () => {
    // e0 and e20 of e0, e10, e20 and e30: every fourth row moves.
    expect(deliveriesOf({ ...base, audience: 'own' })).toBe(2)
    expect(deliveriesOf({ ...base, audience: 'own', viewers: 40 })).toBe(10)
    expect(new Set(watchedRows({ ...base, audience: 'own', viewers: 40 })).size).toBe(40)
  })
})
