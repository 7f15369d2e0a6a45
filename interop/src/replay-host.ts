import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  applyDelta,
  decodeDelta,
  decodeState,
  decodeValue,
  parseKey,
  stateNode,
  type StoreDef,
  type TypeNode,
  type Types,
  valueAt,
  zeroOf,
} from '@rivulet/wire'
import { io as connect, type Socket } from 'socket.io-client'
import { canonical } from '../../packages/server/test/support/canonical.ts'
import { type Observation, type RecordedHost, recordedHost } from './recorded-host.ts'
import { type RecordedDefs, recordedDefs } from './recorded-schema.ts'
import { payload, type RecordedStep, type Recording } from './recording.ts'
import { until } from '../../packages/server/test/support/until.ts'

type Json = Readonly<Record<string, unknown>>

/** What came out when a recording was played against our host, beside what was recorded; messages as comparable texts, per connection. */
export interface HostReplay {
  readonly received: ReadonlyMap<string, readonly string[]>
  readonly expected: ReadonlyMap<string, readonly string[]>
  readonly observed: readonly Observation[]
  readonly expectedObserved: readonly Observation[]
  /** What each viewer that is still there holds under each key that it still follows, beside what the host holds. */
  readonly held: Readonly<Record<string, readonly [viewer: string, host: string]>>
  readonly final: Readonly<Record<string, string>>
  readonly expectedFinal: Readonly<Record<string, string>>
}

/** Plays all inputs of `recording` in order, each after the answers that were recorded before it. */
export async function replayHost(recording: Recording): Promise<HostReplay> {
  const app = await recordedHost(recording)
  const player = createPlayer(recording, app)
  try {
    for (const step of recording.steps) await player.step(step)
    await player.settle()
    const defs = recordedDefs(recording.schema)
    const final = Object.entries(recording.final.server).map(([name, hex]) => {
      const def = defs.stores.get(name) as StoreDef
      return [
        name,
        canonical(decodeState(def, Buffer.from(hex, 'hex'))),
        canonical(app.stores.get(name)?.state),
      ] as const
    })
    return {
      received: player.received,
      held: player.held(),
      expected: player.expected,
      // A copy: closing the host ends every subscription.
      observed: [...app.observed],
      expectedObserved: recording.steps.filter((step) => isObservation(step) && isDefined(step, defs)) as never,
      final: Object.fromEntries(final.map(([name, , ours]) => [name, ours])),
      expectedFinal: Object.fromEntries(final.map(([name, theirs]) => [name, theirs])),
    }
  } finally {
    player.close()
    await app.close()
  }
}

function createPlayer(
  recording: Recording,
  app: RecordedHost,
): {
  readonly received: Map<string, string[]>
  readonly expected: Map<string, string[]>
  step(step: RecordedStep): Promise<void>
  settle(): Promise<void>
  held(): Record<string, readonly [string, string]>
  close(): void
} {
  const defs = recordedDefs(recording.schema)
  const { port } = app.io.httpServer.address() as AddressInfo
  const sockets = new Map<string, Socket>()
  const received = new Map<string, string[]>()
  const expected = new Map<string, string[]>()
  const calls = new Map<string, string>()
  const replicas = new Map<string, unknown>()
  const following = new Map<string, number>()
  let lastActor = ''
  let lastInput = 0
  let observations = 0
  const dropped = new Set<string>()
  const ids = { recorded: [] as string[], ours: [] as string[] }

  app.io.on('connection', (socket) => socket.on('fence', (done: () => void) => done()))

  /** Everything that was sent so far has been dealt with, and its answers are here. */
  async function fence(): Promise<void> {
    for (const socket of sockets.values()) {
      if (!socket.connected) continue
      let over = false
      socket.emit('fence', () => void (over = true))
      await until(() => over || !socket.connected, 'the host to deal with what it was sent')
    }
  }

  /** Lets the host know that all of it has arrived. The reference believes that anyway; ours sends again what no heartbeat has confirmed. */
  async function confirm(): Promise<void> {
    for (const { conn, connected } of app.io.sockets.sockets.values()) {
      if (!connected) continue
      let over = false
      conn.once('heartbeat', () => void (over = true))
      // Engine.IO has no public way to ping early.
      ;(conn as unknown as { sendPacket(type: string): void }).sendPacket('ping')
      await until(() => over || conn.readyState !== 'open', 'a viewer to answer a ping')
    }
  }

  async function arrived(): Promise<void> {
    for (const [conn, messages] of expected) {
      const got = received.get(conn) as string[]
      await until(() => got.length >= messages.length, `${conn} to receive ${messages[got.length]}`)
    }
  }

  /** A pause of the application: something slow was to happen meanwhile. */
  async function pause(step: RecordedStep): Promise<void> {
    const told = (kind: string, all: readonly { readonly event: string }[]): number =>
      all.filter(({ event }) => event === kind).length
    const due = told('$lifecycle', recording.steps.slice(0, recording.steps.indexOf(step)))
    await until(() => told('$lifecycle', app.observed) >= due, `${due} steps in the life of sessions`)
    const gap = step.t - lastInput
    lastInput = step.t
    if (gap >= 300) await sleep(Math.min(gap, 500))
  }

  /** Session ids are told apart by the order in which they appear. */
  function known(whose: 'recorded' | 'ours', json: Json): Json {
    const id = json['sessionID']
    if (typeof id !== 'string' || id === '') return json
    if (!ids[whose].includes(id)) ids[whose].push(id)
    return { ...json, sessionID: `session ${ids[whose].indexOf(id)}` }
  }

  /** The id that our host gave to a recorded session. */
  function translated(json: Json): Json {
    const id = json['sessionID']
    const at = typeof id === 'string' ? ids.recorded.indexOf(id) : -1
    return at === -1 ? json : { ...json, sessionID: ids.ours[at] }
  }

  function note(into: Map<string, string[]>, conn: string, text: string): void {
    const list = into.get(conn) ?? []
    into.set(conn, list)
    list.push(text)
  }

  async function open(conn: string, auth: object): Promise<void> {
    const socket = connect(`http://localhost:${port}`, {
      path: '/socket',
      auth,
      forceNew: true,
      reconnection: false,
      transports: recording.name === 'raw-polling-upgrade' ? ['polling', 'websocket'] : ['websocket'],
    })
    sockets.set(conn, socket)
    received.set(conn, received.get(conn) ?? [])
    socket.on('connect', () => note(received, conn, '$connected'))
    socket.on('disconnect', (reason) => {
      if (reason !== 'io client disconnect' && !dropped.has(conn)) note(received, conn, '$disconnect')
    })
    socket.onAny((event: string, body: Json) => {
      note(received, conn, describe(conn, event, known('ours', body), calls, defs))
      if (event === 'storeupdate') follow(conn, body)
    })
    await until(() => socket.connected, `${conn} to connect`)
  }

  function follow(conn: string, body: Json): void {
    const def = defs.stores.get(String(body['storeName'])) as StoreDef
    const id = `${conn} ${def.name}`
    const before = replicas.get(id) ?? zeroOf(def.types, stateNode(def))
    replicas.set(
      id,
      'state' in body
        ? decodeState(def, body['state'])
        : applyDelta(def, before, decodeDelta(def, body['partial'])).state,
    )
  }

  function held(): Record<string, readonly [string, string]> {
    const out: Record<string, readonly [string, string]> = {}
    for (const [id, count] of following) {
      const [conn, name, key] = JSON.parse(id) as [string, string, string]
      const store = app.stores.get(name)
      const path = store === undefined ? null : parseKey(store.def, key)
      if (count <= 0 || path === null || sockets.get(conn)?.connected !== true) continue
      out[id] = [canonical(valueAt(replicas.get(`${conn} ${name}`), path)), canonical(valueAt(store?.state, path))]
    }
    return out
  }

  async function act(step: RecordedStep): Promise<void> {
    const json = step.json as Json
    const conn = step.conn ?? ''
    const socket = sockets.get(conn)
    if (step.dir === 'S') {
      inside(step, json)
      return
    }
    switch (step.event) {
      case '$connect':
        await open(conn, json['auth'] as object)
        return
      case '$drop':
        dropped.add(conn)
        // The transport dies under the client, which says nothing.
        ;((socket as Socket).io.engine.transport as unknown as { readonly ws: { terminate(): void } }).ws.terminate()
        await until(() => socket?.connected === false, `${conn} to lose its connection`)
        return
      case '$disconnect': {
        const id = socket?.id as string
        socket?.disconnect()
        if (id === undefined) return
        await until(() => !app.io.sockets.sockets.has(id), 'the host to notice that a viewer left')
        return
      }
      default:
        if (step.event === 'rpccall') calls.set(`${conn} ${String(json['callID'])}`, String(json['methodName']))
        if (step.event === 'storesub') {
          const id = JSON.stringify([conn, json['storeName'], json['key'] ?? ''])
          following.set(id, Math.max(0, (following.get(id) ?? 0) + (json['action'] === 1 ? -1 : 1)))
        }
        socket?.emit(step.event, translated(payload(step) as Json))
    }
  }

  function inside(step: RecordedStep, json: Json): void {
    const bytes = step.bin?.[0] === undefined ? undefined : Buffer.from(step.bin[0], 'hex')
    const store = app.stores.get(String(json['storeName']))
    switch (step.event) {
      case '$apply':
        store?.applyBytes(bytes)
        return
      case '$setfull':
        store?.replace(decodeState(store.def, bytes))
        return
      case '$fire':
        app.fire(json as never)
        return
      case '$level':
        app.setLevel(String(json['owner']), json['level'] as number)
        return
      case '$shutdownsessions':
        app.host.closeSessions()
        return
      default:
        throw new Error(`this player cannot do ${step.event}`)
    }
  }

  return {
    received,
    expected,
    async step(step) {
      if (step.dir === 'S>C') {
        const conn = step.conn as string
        const text = describe(conn, step.event, known('recorded', payload(step) as Json), calls, defs)
        if (!isRepeated(recording, conn, text, expected.get(conn) ?? [])) note(expected, conn, text)
        return
      }
      if (isObservation(step)) {
        if (isDefined(step, defs)) observations++
        return
      }
      await arrived()
      await pause(step)
      const actor = step.dir + (step.conn ?? '')
      if (actor !== lastActor || step.event === '$disconnect' || step.event === '$drop') await fence()
      // Whatever a viewer does may end its connection, and with a session it comes back.
      if (step.dir === 'C>S' && recording.setup.server?.sessions === true) await confirm()
      lastActor = actor
      await act(step)
    },
    async settle() {
      await arrived()
      await until(() => app.observed.length >= observations, 'the application to be told everything')
      await fence()
    },
    held,
    close() {
      for (const socket of sockets.values()) socket.disconnect()
    },
  }
}

const OBSERVATIONS: ReadonlySet<string> = new Set([
  '$storeedge',
  '$keyedge',
  '$lifecycle',
  '$streamopen',
  '$streamclose',
  '$streamcancel',
])

function isObservation(step: RecordedStep): boolean {
  return OBSERVATIONS.has(step.event)
}

/** What the reference may send once or twice comes once here. */
function isRepeated(recording: Recording, conn: string, text: string, before: readonly string[]): boolean {
  return text.startsWith('datastreamendpoint') && recording.varies[`S>C/${conn}`] === 'content' && before.includes(text)
}

// Go tells the application about every name that a viewer makes up; we tell it about the events that it defined.
function isDefined(step: RecordedStep, defs: RecordedDefs): boolean {
  const { event } = step.json as Json
  return typeof event !== 'string' || defs.keyedEvents.has(event)
}

/** A message as a text: JSON fields as they are (except the time), attachments decoded. */
function describe(
  conn: string,
  event: string,
  body: Json,
  calls: ReadonlyMap<string, string>,
  defs: RecordedDefs,
): string {
  if (event.startsWith('$')) return event
  const { time, ...rest } = body
  const timed = time === undefined ? {} : { time: typeof time }
  // Field order is no law of JSON, but peers see the same frames when it is kept.
  return `${event} ${Object.keys(body).join()} ${canonical({ ...timed, ...rest, ...decoded(conn, event, body, calls, defs) })}`
}

function decoded(
  conn: string,
  event: string,
  body: Json,
  calls: ReadonlyMap<string, string>,
  defs: RecordedDefs,
): Json {
  const flat = (types: Types, ref: string, bytes: unknown): unknown =>
    decodeValue(types, { kind: 'struct', ref } satisfies TypeNode, bytes)
  switch (event) {
    case 'storeupdate': {
      const def = defs.stores.get(String(body['storeName'])) as StoreDef
      return 'state' in body
        ? { state: decodeState(def, body['state']) }
        : { partial: decodeDelta(def, body['partial']) }
    }
    case 'rpccallresp': {
      const { error, response } = body
      // Texts of the library itself differ; they only have to be there.
      if (error !== null) return { error: textual(error as Json), response: (response as Uint8Array).length }
      const def = defs.rpcs.get(calls.get(`${conn} ${String(body['callID'])}`) as string)
      return def === undefined ? {} : { response: worded(flat(def.types, def.response, response) as Json) }
    }
    case 'event': {
      const def = defs.events.get(String(body['eventName']))
      return def === undefined ? {} : { event: flat(def.types, def.packet, body['event']) }
    }
    case 'keyedevent': {
      const def = defs.keyedEvents.get(String(body['eventName']))
      return def === undefined ? {} : { event: flat(def.types, def.packet, body['event']) }
    }
    case 'datastreamendpoint':
      // What the broker says is exact, our own words are ours.
      return 'error' in body && !String(body['error']).startsWith('no such camera')
        ? { error: body['error'] !== '' }
        : {}
    case 'viewersessionattached':
      return 'error' in body ? { error: body['error'] !== '' } : {}
    default:
      return {}
  }
}

// The one application error that quotes the library: a partial that cannot be decoded.
function worded(response: Json): Json {
  const { error } = response
  return typeof error === 'string' && /^EOF$|the data ends/.test(error) ? { ...response, error: 'truncated' } : response
}

function textual(error: Json): Json {
  return { ...error, message: String(error['message']).length > 0 }
}
