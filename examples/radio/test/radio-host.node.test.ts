import { createClient } from '@rivulet/client'
import { decodeState, decodeValue, isRivuletError } from '@rivulet/wire'
import { io, type Socket } from 'socket.io-client'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { FRAME_BYTES } from '../../shared/audio/pcm.ts'
import { createSequence } from '../../shared/audio/sequence.ts'
import { type RadioHost, startRadioHost } from '../host/start-radio-host.ts'
import { RadioStore, StationFrame, type StationFrameEvent } from '../src/radio/schema.ts'

interface KeyedEvent {
  readonly key: string
  readonly eventName: string
  readonly storeName: string
  readonly event: Uint8Array
}

const open: { close(): unknown }[] = []

afterEach(async () => {
  for (const thing of open.splice(0).toReversed()) await thing.close()
})

function start(): RadioHost {
  const radio = startRadioHost({ port: 0, countMs: 10, logger: null })
  open.push(radio)
  return radio
}

async function join(radio: RadioHost): Promise<{ readonly socket: Socket; readonly heard: KeyedEvent[] }> {
  const socket = io(`http://localhost:${await radio.host.listening}`, { path: '/socket', reconnection: false })
  open.push(socket)
  const heard: KeyedEvent[] = []
  socket.on('keyedevent', (message: KeyedEvent) => void heard.push(message))
  return { socket, heard }
}

const ask = (socket: Socket, key: string, action = 0): unknown =>
  socket.emit('keyedeventsub', { storeName: 'RadioStore', eventName: 'StationFrame', action, key })

const packetOf = ({ event }: KeyedEvent): StationFrameEvent =>
  decodeValue(StationFrame.types, { kind: 'struct', ref: StationFrame.packet }, event) as StationFrameEvent

const until = (condition: () => boolean): Promise<unknown> => vi.waitUntil(condition, { timeout: 10_000, interval: 5 })

const dial = (radio: RadioHost, id: string): unknown => radio.radio.state.stations?.get(id)

describe('the radio host', () => {
  test('lists its stations', async () => {
    const { socket } = await join(start())
    const first = new Promise<{ state: unknown }>((resolve) => socket.once('storeupdate', resolve))
    socket.emit('storesub', { storeName: 'RadioStore', action: 0 })
    const { stations } = decodeState(RadioStore, (await first).state)
    expect([...(stations?.keys() ?? [])].toSorted()).toEqual(['harbour-bells', 'night-tide', 'skiff', 'surf'])
    expect(stations?.get('surf')).toMatchObject({ name: 'Surf & Foghorn', listeners: 0, onAir: false, frames: 0 })
  })

  test('features 139, 141 and 184: routes a station to those who asked for it; the packet holds number and sound, not the key', async () => {
    const radio = start()
    const [a, b] = [await join(radio), await join(radio)]
    ask(a.socket, 'surf')
    ask(b.socket, 'skiff')
    await until(() => a.heard.length > 20 && b.heard.length > 20)
    expect(new Set(a.heard.map(({ key }) => key))).toEqual(new Set(['surf']))
    expect(new Set(b.heard.map(({ key }) => key))).toEqual(new Set(['skiff']))
    expect(a.heard[0]).toMatchObject({ storeName: 'RadioStore', eventName: 'StationFrame' })
    const packets = a.heard.map(packetOf)
    expect(Object.keys(packets[0] ?? {})).toEqual(['seq', 'pcm'])
    expect(new Set(packets.map(({ pcm }) => pcm.byteLength))).toEqual(new Set([FRAME_BYTES]))
    const sequence = createSequence()
    for (const { seq } of packets) sequence.take(seq)
    expect(sequence.arrivals).toMatchObject({ received: packets.length, lost: 0, late: 0, duplicates: 0 })
    // One byte each for the lengths' tags aside, the key would have to be somewhere.
    expect(Buffer.from(a.heard[0]?.event ?? []).includes('surf')).toBe(false)
  })

  test('features 140 and 184: synthesizes from the first listener to the last, and counts those in between', async () => {
    const radio = start()
    const [a, b] = [await join(radio), await join(radio)]
    ask(a.socket, 'surf')
    await until(() => radio.transmitter.onAir('surf'))
    ask(b.socket, 'surf')
    await vi.waitFor(() => expect(dial(radio, 'surf')).toMatchObject({ onAir: true, listeners: 2 }))
    ask(a.socket, 'surf', 1)
    await vi.waitFor(() => expect(dial(radio, 'surf')).toMatchObject({ onAir: true, listeners: 1 }))
    b.socket.disconnect()
    await vi.waitFor(() => expect(dial(radio, 'surf')).toMatchObject({ onAir: false, listeners: 0 }))
    const made = radio.transmitter.frames('surf')
    ask(a.socket, 'skiff')
    await until(() => radio.transmitter.frames('skiff') > 5)
    expect(radio.transmitter.frames('surf')).toBe(made)
    expect(dial(radio, 'night-tide')).toMatchObject({ frames: 0 })
  })

  test('a station that does not exist is silent and harms nobody', async () => {
    const radio = start()
    const { socket, heard } = await join(radio)
    ask(socket, 'pirate')
    ask(socket, 'surf')
    await until(() => heard.length > 5)
    expect(new Set(heard.map(({ key }) => key))).toEqual(new Set(['surf']))
    expect(socket.connected).toBe(true)
  })

  test('a page that follows no store hears thousands of events: none is held back', async () => {
    const radio = start()
    const client = createClient({ url: `http://localhost:${await radio.host.listening}`, worker: 'inline' })
    open.push({ close: () => client.dispose() })
    const bare = radio.host.keyedEvent(StationFrame)
    let heard = 0
    client.on(StationFrame, 'test-card', () => void heard++)
    await until(() => bare.listening('test-card'))
    const pcm = new Uint8Array(2)
    // More than the page takes between two of its frames, and far more than the engine holds.
    for (let round = 1; round <= 8; round++) {
      for (let seq = 0; seq < 1000; seq++) bare.emit('test-card', { seq, pcm })
      await until(() => heard === round * 1000)
    }
    expect(heard).toBe(8000)
  })

  test('says so when the port is taken', async () => {
    const port = await start().host.listening
    const other = startRadioHost({ port, logger: null })
    open.push(other)
    await expect(other.host.listening).rejects.toSatisfy((e) => isRivuletError(e) && e.code === 'config')
  })
})
