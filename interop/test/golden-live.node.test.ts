import { type Client, createClient } from '@rivulet/client'
import { createHost, createStore, type Host, type Store } from '@rivulet/server'
import {
  applyDelta,
  decodeDelta,
  decodeState,
  decodeValue,
  type RpcDef,
  type StoreDef,
  type StructDef,
  structOf,
  type Types,
} from '@rivulet/wire'
import { io, type Socket } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../../packages/server/test/support/until.ts'
import { isWritable, modelTypes, structNode, values, vectors } from '../../packages/wire/test/support/model.ts'
import {
  bytesToHex,
  comparable,
  fromNeutral,
  hexToBytes,
  type Neutral,
} from '../../packages/wire/test/support/neutral.ts'

// Every golden state, delta and flat struct of the model travels over a real socket: from our host to the stock client and to ours.

interface DeltaVector {
  readonly type: string
  readonly beforeHex: string
  readonly deltaHex: string
  readonly after: Neutral
  readonly normative?: { readonly after: Neutral }
  readonly note?: string
}

const { deltas } = vectors('deltas.json') as { readonly deltas: readonly DeltaVector[] }
const model = modelTypes('bigint')

const flats = Map.groupBy(
  values.filter((v) => structOf(model, v.type).form === 'flat' && isWritable(v)),
  (v) => v.type,
)

const packets: Record<string, StructDef> = {}
const types: Types = [...model, packets]

/** A call from a golden struct to the same struct. */
function echoOf(type: string): RpcDef<{ readonly value: unknown }> {
  const error = { name: 'error', type: { kind: 'pointer', elem: { kind: 'string' } } } as const
  packets[`${type} request`] = { form: 'flat', fields: [{ name: 'value', type: structNode(type) }] }
  packets[`${type} response`] = { form: 'flat', fields: [{ name: 'result', type: structNode(type) }, error] }
  return { kind: 'rpc', name: `Echo ${type}`, request: `${type} request`, response: `${type} response`, types }
}

const echoes = new Map([...flats.keys()].map((type) => [type, echoOf(type)]))

/** One vector, with a store of its own. */
interface Case {
  readonly vector: DeltaVector
  readonly def: StoreDef
  readonly store: Store<unknown>
  readonly after: unknown
  /** What the store answered when the delta was applied. */
  changed: boolean
  /** What the stock client made of the messages, and which they were. */
  stock: unknown
  readonly messages: ('state' | 'partial')[]
}

const cases: readonly Case[] = deltas.map((vector, i) => {
  const def: StoreDef = { kind: 'store', name: `${i} ${vector.type}`, state: vector.type, types }
  return {
    vector,
    def,
    store: createStore(def, decodeState(def, hexToBytes(vector.beforeHex))),
    after: view(vector.type, fromNeutral(types, structNode(vector.type), (vector.normative ?? vector).after)),
    changed: false,
    stock: undefined,
    messages: [],
  }
})

function view(type: string, value: unknown): unknown {
  return value === undefined ? undefined : comparable(types, structNode(type), value)
}

/** A text to poll on; what differs is told by the tests. */
function spelled(type: string, value: unknown): string {
  return JSON.stringify(view(type, value))
}

interface Update {
  readonly storeName: string
  readonly state?: unknown
  readonly partial?: unknown
}

let host: Host
let client: Client
let socket: Socket
const problems: unknown[] = []

function followWithStock(): void {
  const byName = new Map(cases.map((c) => [c.def.name, c]))
  socket.on('storeupdate', ({ storeName, state, partial }: Update) => {
    const c = byName.get(storeName) as Case
    c.messages.push(state === undefined ? 'partial' : 'state')
    c.stock =
      state === undefined ? applyDelta(c.def, c.stock, decodeDelta(c.def, partial)).state : decodeState(c.def, state)
  })
  for (const { def } of cases) socket.emit('storesub', { storeName: def.name, action: 0 })
}

const read = (c: Case): unknown => client.store(c.def).get([])

beforeAll(async () => {
  host = createHost({
    port: 0,
    path: '/socket',
    stores: cases.map((c) => c.store),
    access: () => 1,
    logger: null,
    onError: (e) => problems.push(e),
  })
  for (const echo of echoes.values()) host.rpc(echo, ({ value }) => value)
  const url = `http://127.0.0.1:${await host.listening}`
  socket = io(url, { path: '/socket', transports: ['websocket'], forceNew: true, reconnection: false })
  client = createClient({ url, worker: 'inline', onError: (e) => problems.push(e) })
  followWithStock()
  for (const { def } of cases) client.store(def).subscribe([], () => undefined)
  await until(
    () => cases.every((c) => c.messages.length === 1 && client.store(c.def).loaded([])),
    'both clients to hold every first state',
    20_000,
  )
  for (const [i, c] of cases.entries()) {
    const bytes = hexToBytes(c.vector.deltaHex)
    c.changed = i % 2 === 0 ? c.store.applyBytes(bytes) : c.store.apply(decodeDelta(c.def, bytes))
  }
  const isThere = (c: Case, value: unknown): boolean => spelled(c.vector.type, value) === JSON.stringify(c.after)
  const isEverywhere = (c: Case): boolean => isThere(c, c.stock) && isThere(c, read(c))
  let waiting = [...cases]
  // What never comes is told by the test that misses it.
  await until(() => (waiting = waiting.filter((c) => !isEverywhere(c))).length === 0, 'every delta', 20_000).catch(
    (e: unknown) => problems.push(e),
  )
}, 60_000)

afterAll(async () => {
  socket?.disconnect()
  await client?.dispose()
  await host?.close()
})

describe('features 31, 131 and 132: golden deltas, live', () => {
  test.each(cases.map((c, i) => [`${i} ${c.vector.type} ${c.vector.note ?? ''}`, c] as const))('%s', (_, c) => {
    const { type, beforeHex } = c.vector
    expect(view(type, c.store.state)).toEqual(c.after)
    expect(view(type, c.stock)).toEqual(c.after)
    expect(view(type, read(c))).toEqual(c.after)
    expect(c.messages).toEqual(c.changed ? ['state', 'partial'] : ['state'])
    const moved = JSON.stringify(c.after) !== spelled(type, decodeState(c.def, hexToBytes(beforeHex)))
    expect(c.changed).toBe(moved)
  })

  test('nothing went wrong on the way', () => {
    expect(problems).toEqual([])
  })
})

describe('golden flat structs, as argument and result of a call', () => {
  test('there are some', () => {
    expect(flats.size).toBeGreaterThan(15)
  })

  test.each([...flats])('%s: our client', async (type, list) => {
    const echo = echoes.get(type) as RpcDef<{ readonly value: unknown }>
    const given = list.map((v) => fromNeutral(types, structNode(type), v.value))
    const got = await Promise.all(given.map((value) => client.call(echo, { value })))
    expect(got.map((value) => view(type, value))).toEqual(given.map((value) => view(type, value)))
  })

  test.each([...flats])('%s: the stock client, byte for byte', async (type, list) => {
    const wanted = new Map(list.map((v, i) => [i, v]))
    const answers = new Map<number, Uint8Array>()
    const hear = ({ callID, response }: { callID: number; response: Uint8Array }): void =>
      void answers.set(callID, response)
    socket.on('rpccallresp', hear)
    for (const [callID, v] of wanted) {
      socket.emit('rpccall', { callID, methodName: `Echo ${type}`, request: hexToBytes(v.hex) })
    }
    await until(() => answers.size === wanted.size || !socket.connected, `the answers to ${wanted.size} calls`)
    socket.off('rpccallresp', hear)
    const ref = `${type} response`
    for (const [callID, v] of wanted) {
      const response = answers.get(callID) as Uint8Array
      const { result, error } = decodeValue(types, structNode(ref), response) as { result: unknown; error: unknown }
      expect([view(type, result), error]).toEqual([view(type, fromNeutral(types, structNode(type), v.value)), null])
      // An absent error is one null flag behind the result.
      expect(bytesToHex(response)).toBe(`${v.shortHex ?? v.hex}01`)
    }
  })
})
