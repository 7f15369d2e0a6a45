import { setTimeout as sleep } from 'node:timers/promises'
import { decodeState, type EventDef, type KeyedEventDef, type RpcDef, type SendDef, type StoreDef } from '@rivulet/wire'
import { Server } from 'socket.io'
import {
  createHost,
  createStore,
  type Host,
  type HostLimits,
  type SessionOptions,
  type Store,
  type Viewer,
} from '@rivulet/server'
import { recordedBroker } from './recorded-broker.ts'
import { recordedDefs } from './recorded-schema.ts'
import type { Recording } from './recording.ts'

type Args = Readonly<Record<string, unknown>>
type Fields = Record<string, unknown>

/** Something that a recorded application was told. */
export interface Observation {
  readonly event: string
  readonly json: Readonly<Record<string, unknown>>
}

/** The application behind a recording, on a host of ours. */
export interface RecordedHost {
  readonly io: Server
  readonly host: Host
  readonly stores: ReadonlyMap<string, Store<Fields>>
  readonly observed: Observation[]
  setLevel(owner: string, level: number | 'error'): void
  fire(json: { readonly eventName: string; readonly key?: string; readonly args: Args }): void
  close(): Promise<void>
}

/** Starts the application that a recording was made with (its behaviour: `does` in schema.json). */
export async function recordedHost(recording: Recording): Promise<RecordedHost> {
  const defs = recordedDefs(recording.schema)
  const options = recording.setup.server
  const io = new Server(0, { path: '/socket', transports: ['polling', 'websocket'] })
  const stores = new Map<string, Store<Fields>>()
  for (const [name, hex] of Object.entries(recording.setup.state)) {
    const def = defs.stores.get(name) as StoreDef<Fields>
    stores.set(name, createStore(def, decodeState(def, Buffer.from(hex, 'hex'))))
  }
  const levels = new Map<string, number | 'error'>()
  const observed: Observation[] = []
  const ownerOf = ({ auth }: Viewer): string => (typeof auth['owner'] === 'string' ? auth['owner'] : 'owner-1')
  const levelOf = (viewer: Viewer): number => {
    const { level } = viewer.auth
    const now = levels.get(ownerOf(viewer)) ?? (typeof level === 'number' ? level : 1)
    if (now === 'error') throw new Error('the lookup fails')
    return now
  }
  const host = createHost({
    io,
    stores: [...stores.values()],
    logger: null,
    delivery: options?.mode ?? 'keyed',
    limits: limitsOf(options?.limits ?? {}),
    access: levelOf,
    ...(options?.sessions === true ? { sessions: sessionsOf(options, ownerOf, levelOf, observed) } : {}),
    ...(options?.streams === true ? { streams: recordedBroker(observed) } : {}),
  })
  for (const [name, store] of stores) {
    host.onSubscription(store.def, (key, on) => observed.push({ event: '$storeedge', json: { key, on, store: name } }))
  }
  for (const [event, def] of defs.keyedEvents) {
    host
      .keyedEvent(def)
      .onListening((key, on) => observed.push({ event: '$keyedge', json: { event, key, on, store: def.store } }))
  }
  const fire: RecordedHost['fire'] = ({ eventName, key, args }) => {
    const plain = defs.events.get(eventName)
    if (plain !== undefined) host.emit(plain as EventDef<Args>, { ...args, ...dated(args) })
    else host.keyedEvent(defs.keyedEvents.get(eventName) as KeyedEventDef<Args>).emit(key as string, packetOf(args))
  }
  if (recording.schema === 'harbor') harbor(host, defs, stores, fire)
  else game(host, defs, stores)
  return {
    io,
    host,
    stores,
    observed,
    setLevel: (owner, level) => levels.set(owner, level),
    fire,
    async close() {
      await host.close()
      await io.close()
    },
  }
}

function sessionsOf(
  options: NonNullable<Recording['setup']['server']>,
  ownerOf: (viewer: Viewer) => string,
  levelOf: (viewer: Viewer) => number,
  observed: Observation[],
): SessionOptions {
  const { detachedMs, perOwner } = options
  return {
    ...(detachedMs === undefined ? {} : { detachedMs }),
    ...(perOwner === undefined ? {} : { perOwner }),
    identify(viewer) {
      const { scope } = viewer.auth
      const scopeID = typeof scope === 'string' ? scope : 'scope-1'
      return { ownerID: ownerOf(viewer), scopeID, accessLevel: levelOf(viewer) }
    },
    onLifecycle({ kind, sessionID, ownerID, reason }) {
      observed.push({ event: '$lifecycle', json: { kind, owner: ownerID, reason: reason ?? '', session: sessionID } })
    },
  }
}

function dated(args: Args): Args {
  return Object.fromEntries(
    Object.entries(args).flatMap(([name, value]) =>
      (name === 'at' || name === 'currentTime') && typeof value === 'number' ? [[name, new Date(value)]] : [],
    ),
  )
}

// Recordings name the bytes of Harbor.Radio `data`, the packet calls them `audio`.
function packetOf(args: Args): Args {
  const { data, ...rest } = args
  return typeof data === 'string' ? { audio: new Uint8Array(Buffer.from(data, 'hex')), ...rest } : rest
}

const LIMITS: Readonly<Record<string, keyof HostLimits>> = {
  maxStoreSubscriptions: 'storeSubscriptions',
  maxKeyedEventSubscriptions: 'keyedEventSubscriptions',
  maxInFlightRPCs: 'rpcsInFlight',
  maxRPCRequestBytes: 'rpcRequestBytes',
  maxDataStreamSubscriptions: 'dataStreams',
  maxBufferedSessionEvents: 'sessionEvents',
  maxBufferedSessionBytes: 'sessionEventBytes',
  maxBufferedSessionStoreBytes: 'sessionStoreBytes',
  maxSessionManifestBytes: 'sessionManifestBytes',
}

function limitsOf(recorded: Readonly<Record<string, number>>): Partial<HostLimits> {
  return Object.fromEntries(Object.entries(recorded).map(([name, value]) => [LIMITS[name] as string, value]))
}

type Defs = ReturnType<typeof recordedDefs>
type Stores = ReadonlyMap<string, Store<Fields>>

function game(host: Host, defs: Defs, stores: Stores): void {
  const store = stores.get('BoardStore') as Store<Fields>
  host.rpc(defs.rpcs.get('PlaceToken') as RpcDef<{ x: bigint; y: bigint }, void>, ({ x, y }) => {
    store.update((draft) => {
      const row = (draft['board'] as string[][])[Number(y)]
      if (row === undefined || row[Number(x)] === undefined) throw new Error('cell outside the board')
      if (row[Number(x)] !== '') throw new Error('cell already occupied')
      row[Number(x)] = draft['xTurn'] === true ? 'X' : 'O'
      draft['xTurn'] = draft['xTurn'] !== true
    })
  })
}

function harbor(host: Host, defs: Defs, stores: Stores, fire: RecordedHost['fire']): void {
  type Context = { readonly level: number }
  const rpc = (name: string, handle: (args: never, context: Context) => unknown): void =>
    host.rpc(defs.rpcs.get(name) as RpcDef<never>, handle)
  const send = (name: string, handle: (args: never) => void): void =>
    host.onSend(defs.sends.get(name) as SendDef<never>, handle)
  const fleet = stores.get('FleetStore') as Store<Fields>
  const state = stores.get('HarborStore') as Store<Fields>
  let seq = 0

  host.onSubscription(fleet.def, (key, on) => {
    if (key === 'flag') fleet.update((draft) => void (draft['flag'] = on))
  })
  rpc('HarborStore.Apply', ({ partial }: { partial: Uint8Array }) => void state.applyBytes(partial))
  rpc('FleetStore.Apply', ({ partial }: { partial: Uint8Array }) => void fleet.applyBytes(partial))
  rpc('HarborStore.Add', ({ x, y }: { x: bigint; y: bigint }) => {
    if (x < 0n) throw new Error('negative: x < 0 & y > "é"')
    return x + y
  })
  rpc('HarborStore.Describe', ({ key }: { key: string }) => {
    const berth = (state.state['berths'] as ReadonlyMap<string, unknown>).get(key)
    if (berth === undefined) throw new Error('no such berth')
    return berth
  })
  rpc('HarborStore.Admin', () => undefined)
  rpc('HarborStore.Ping', () => undefined)
  rpc('HarborStore.Blank', () => {
    throw new Error('')
  })
  rpc('HarborStore.Slow', ({ ms, tag }: { ms: number; tag: string }) => sleep(ms, tag))
  rpc('HarborStore.Whoami', ({ prefix }: { prefix: string }, { level }) => `${prefix}level=${level} annotations=[]`)
  send('HarborStore.Note', ({ channel, data }: { channel: string; data: Uint8Array | null }) => {
    seq++
    fire({ eventName: 'Harbor.Radio', key: channel, args: { audio: data, seq } })
  })
  send('HarborStore.Shout', ({ text, at }: { text: string; at: Date }) =>
    fire({ eventName: 'Harbor.Chat', args: { text, at } }),
  )
  send('HarborStore.Fail', ({ text }: { text: string }) => {
    throw new Error(text)
  })
  send('HarborStore.AdminNote', ({ text }: { text: string }) =>
    fire({ eventName: 'Harbor.Chat', args: { text, at: new Date(0) } }),
  )
}
