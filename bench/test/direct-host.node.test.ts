import { applyDelta, decodeDelta, decodeState, decodeValue, encodeValue, formatKey } from '@rivulet/wire'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { makeWorld } from '../src/decode/world.ts'
import { createDirectHost } from '../src/devtools/direct-host.ts'
import { Moved } from '../src/devtools/moved-event.ts'
import { moves } from '../src/devtools/paced-stream.ts'
import { ROWS } from '../src/devtools/stream.ts'
import { Echo, WorldStore, type WorldStoreState } from '../src/generated/schema.ts'

interface Heard {
  readonly event: string
  readonly body: Readonly<Record<string, unknown>>
}

const EVENTS = ['connect', 'storeupdate', 'event', 'rpccallresp']
const OPTIONS = { url: 'http://host.test', path: '/', transports: [], auth: {}, timeoutMs: 1 } as const
const ALL = formatKey(WorldStore, ['entities'])

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'performance', 'Date'] }))
afterEach(() => void vi.useRealTimers())

async function connected() {
  const host = createDirectHost()
  const socket = host.io(OPTIONS)
  const heard: Heard[] = []
  for (const event of EVENTS) socket.on(event, (body) => void heard.push({ event, body: body as Heard['body'] }))
  socket.connect()
  // What is said reaches the other side after whoever said it is done.
  expect(heard).toEqual([])
  await Promise.resolve()
  expect(heard.splice(0).map(({ event }) => event)).toEqual(['connect'])
  const say = async (event: string, body: object): Promise<void> => {
    socket.emit(event, body)
    await Promise.resolve()
  }
  const subscribe = (key?: string): Promise<void> =>
    say('storesub', { storeName: WorldStore.name, action: 0, ...(key === undefined ? {} : { key }) })
  return { host, socket, heard, say, subscribe }
}

/** What a viewer has after these messages. */
function stateAfter(heard: readonly Heard[]): WorldStoreState {
  return heard.reduce<WorldStoreState>(
    (state, { event, body }) => {
      if (event !== 'storeupdate') return state
      expect(body['storeName']).toBe(WorldStore.name)
      return body['kind'] === 0
        ? decodeState(WorldStore, body['state'])
        : applyDelta(WorldStore, state, decodeDelta(WorldStore, body['partial'])).state
    },
    { entities: new Map() },
  )
}

test('a subscription is answered: the whole store, all rows, or one', async () => {
  for (const [key, size] of [
    [undefined, ROWS],
    [ALL, ROWS],
    [formatKey(WorldStore, ['entities', 'e7']), 1],
  ] as const) {
    const { heard, subscribe } = await connected()
    await subscribe(key)
    const { entities } = stateAfter(heard)
    expect(entities.size).toBe(size)
    expect(entities.get('e7')).toEqual(makeWorld(ROWS).get('e7'))
  }
})

test('a stream moves the rows of whoever follows all of them, and emits events; whoever comes later has what it has', async () => {
  const { host, heard, subscribe } = await connected()
  await subscribe(ALL)
  host.start()
  for (let i = 0; i < 60; i++) vi.advanceTimersByTime(1)
  host.stop()
  const updates = heard.filter(({ event }) => event === 'storeupdate')
  const events = heard.filter(({ event }) => event === 'event')
  expect(updates.length).toBeGreaterThan(ROWS)
  expect(events.length).toBeGreaterThan(0)
  expect(host.sent()).toMatchObject({ messages: updates.length + events.length, merged: 0 })
  for (const { body } of events) {
    expect(body['eventName']).toBe(Moved.name)
    const packet = decodeValue(Moved.types, { kind: 'struct', ref: Moved.packet }, body['event'])
    expect(packet).toMatchObject({ text: 'moved' })
  }
  const now = stateAfter(heard)
  expect(moves.some(({ row, x }) => row === 1 && now.entities.get('e1')?.x === x)).toBe(true)
  heard.length = 0
  await subscribe(ALL)
  expect(stateAfter(heard)).toEqual(now)
})

test('each message has a buffer of its own, as off a network', async () => {
  const { host, heard, subscribe } = await connected()
  await subscribe(ALL)
  await subscribe(ALL)
  host.start()
  for (let i = 0; i < 10; i++) vi.advanceTimersByTime(1)
  host.stop()
  const buffers = heard.map(({ body }) => body['partial'] ?? body['state'] ?? body['event'])
  expect(buffers.length).toBeGreaterThan(3)
  expect(buffers.every((buffer) => buffer instanceof ArrayBuffer)).toBe(true)
  expect(new Set(buffers).size).toBe(buffers.length)
})

test('rows stand still while nobody follows them', async () => {
  const { host, heard, say, subscribe } = await connected()
  await subscribe(ALL)
  await say('storesub', { storeName: WorldStore.name, action: 1, key: ALL })
  heard.length = 0
  host.start()
  for (let i = 0; i < 50; i++) vi.advanceTimersByTime(1)
  host.stop()
  expect(new Set(heard.map(({ event }) => event))).toEqual(new Set(['event']))
})

test('answers calls, and says nothing on a socket that was closed', async () => {
  const { host, socket, heard, say } = await connected()
  const request = encodeValue(Echo.types, { kind: 'struct', ref: Echo.request }, { text: 'ask', n: 41 })
  await say('rpccall', { callID: 3, methodName: Echo.name, request })
  const [answer] = heard.splice(0)
  expect(answer).toMatchObject({ event: 'rpccallresp', body: { callID: 3, error: null } })
  expect(decodeValue(Echo.types, { kind: 'struct', ref: Echo.response }, answer?.body['response'])).toEqual({
    result: { text: 'ask', n: 42 },
    error: null,
  })
  socket.disconnect()
  host.start()
  for (let i = 0; i < 50; i++) vi.advanceTimersByTime(1)
  host.stop()
  expect(heard).toEqual([])
})
