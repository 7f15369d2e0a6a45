import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Client, createClient } from '@rivulet/client'
import {
  decodeState,
  decodeValue,
  formatKey,
  isRivuletError,
  parseKey,
  type Path,
  type RivuletError,
  type StoreDef,
  type Types,
  valueAt,
} from '@rivulet/wire'
import { Server, type Socket } from 'socket.io'
import { canonical } from '../../packages/server/test/support/canonical.ts'
import { until } from '../../packages/server/test/support/until.ts'
import { type RecordedDefs, recordedDefs } from './recorded-schema.ts'
import { attachment, hasGap, payload, type RecordedStep, type Recording } from './recording.ts'

/** What a client did in a replay, to be compared with what it should have done. */
export interface ClientReplay {
  readonly values: readonly {
    readonly conn: string
    readonly store: string
    readonly path: Path
    readonly got: unknown
    readonly expected: unknown
  }[]
  /** The calls that the recorded server answered. */
  readonly calls: readonly { readonly method: string; readonly got: CallOutcome; readonly expected: CallOutcome }[]
  readonly events: readonly {
    readonly conn: string
    readonly event: string
    readonly got: readonly unknown[]
    readonly expected: readonly unknown[]
  }[]
  readonly errors: readonly RivuletError[]
}

/** How a call ended. */
type CallOutcome = { readonly result: unknown } | { readonly error: string } | { readonly refused: true } | 'pending'

interface Wire {
  socket?: Socket
  /** Everything the client sent on this connection, oldest first. */
  readonly sent: { readonly event: string; readonly json: Record<string, unknown> }[]
}

interface Viewer {
  readonly client: Client
  readonly wire: Wire
  readonly subscriptions: Map<string, { readonly def: StoreDef; readonly path: Path; readonly stops: (() => void)[] }>
  readonly callIds: Map<number, number>
  readonly listening: Map<
    string,
    { readonly got: unknown[]; readonly expected: unknown[]; readonly stops: (() => void)[] }
  >
  open: boolean
}

/** Plays the server's side of `recording` to our client and drives the client as the recorded viewers were driven. */
export async function replayClient(recording: Recording): Promise<ClientReplay> {
  const defs = recordedDefs(recording.schema)
  const wires = new Map<string, Wire>()
  const http = createServer()
  const io = new Server(http, { path: '/socket', serveClient: false })
  io.on('connection', (socket) => {
    const wire = wires.get(String(socket.handshake.auth['conn']))
    if (wire === undefined) throw new Error('a viewer connected that no step announced')
    wire.socket = socket
    socket.onAny((event: string, json: Record<string, unknown>) => wire.sent.push({ event, json }))
  })
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const replay = new Replay(recording, defs, wires, url)
  try {
    for (const step of recording.steps) await replay.play(step)
    return await replay.finish()
  } finally {
    await replay.close()
    await io.close()
    await closed(http)
  }
}

function closed(http: HttpServer): Promise<void> {
  return new Promise((done) => http.close(() => done()))
}

/** One run; a class because the steps share and change all of its parts. */
class Replay {
  readonly #recording: Recording
  readonly #defs: RecordedDefs
  readonly #wires: Map<string, Wire>
  readonly #url: string
  readonly #viewers = new Map<string, Viewer>()
  readonly #calls: { method: string; got: CallOutcome; expected: CallOutcome; conn: string; callID: number }[] = []
  readonly #errors: RivuletError[] = []

  constructor(recording: Recording, defs: RecordedDefs, wires: Map<string, Wire>, url: string) {
    this.#recording = recording
    this.#defs = defs
    this.#wires = wires
    this.#url = url
  }

  async play(step: RecordedStep): Promise<void> {
    if (step.conn === undefined) return
    if (step.dir === 'S>C') await this.#fromServer(step.conn, step)
    else if (step.dir === 'C>S') await this.#fromClient(step.conn, step)
  }

  async #fromServer(conn: string, step: RecordedStep): Promise<void> {
    const viewer = this.#viewer(conn)
    if (step.event === '$connected') {
      await until(() => viewer.client.connection.get().state === 'connected', `${conn} connected`)
      return
    }
    if (step.event === '$disconnect') {
      viewer.open = false
      for (const call of this.#calls)
        if (call.conn === conn && call.expected === 'pending') call.expected = { refused: true }
      viewer.client.disconnect()
      return
    }
    const json = payload(step) as Record<string, unknown>
    if (step.event === 'rpccallresp') this.#expectAnswer(conn, step, json)
    if (step.event === 'event' || step.event === 'keyedevent') this.#expectEvent(viewer, step, json)
    viewer.wire.socket?.emit(step.event, json)
  }

  #expectAnswer(conn: string, step: RecordedStep, json: Record<string, unknown>): void {
    const callID = json['callID'] as number
    json['callID'] = this.#viewer(conn).callIds.get(callID) ?? callID
    const call = this.#calls.find((c) => c.conn === conn && c.callID === callID && c.expected === 'pending')
    if (call === undefined) return
    const refusal = json['error'] as { message: string } | null
    if (refusal !== null) {
      call.expected = { error: refusal.message }
      return
    }
    const rpc = this.#defs.rpcs.get(call.method)
    if (rpc === undefined) return
    const response = decodeValue(rpc.types, { kind: 'struct', ref: rpc.response }, attachment(step)) as {
      result?: unknown
      error: string | null
    }
    call.expected = response.error === null ? { result: response.result } : { error: response.error }
  }

  #expectEvent(viewer: Viewer, step: RecordedStep, json: Record<string, unknown>): void {
    const name = json['eventName'] as string
    const listening = viewer.listening.get(json['key'] === undefined ? name : `${name} ${json['key'] as string}`)
    const def = this.#defs.events.get(name) ?? this.#defs.keyedEvents.get(name)
    if (listening === undefined || def === undefined) return
    listening.expected.push(decodeValue(def.types, { kind: 'struct', ref: def.packet }, attachment(step)))
  }

  async #fromClient(conn: string, step: RecordedStep): Promise<void> {
    switch (step.event) {
      case '$connect':
        this.#connect(conn, (step.json as { readonly auth: Record<string, unknown> }).auth)
        return
      case '$disconnect':
      case '$drop':
        await this.#hearAll(conn)
        await this.#settled(conn)
        this.#viewer(conn).open = false
        await this.#viewer(conn).client.dispose()
        return
      case 'storesub':
        await this.#storesub(conn, step)
        return
      case 'rpccall':
        await this.#call(conn, step)
        return
      case 'ffrpc':
        await this.#send(conn, step)
        return
      case 'keyedeventsub':
        await this.#keyedsub(conn, step)
        return
      default:
        throw new Error(`the replay does not know ${step.event}`)
    }
  }

  #connect(conn: string, auth: Record<string, unknown>): void {
    const wire: Wire = { sent: [] }
    this.#wires.set(conn, wire)
    const client = createClient({
      url: this.#url,
      path: '/socket',
      auth: { ...auth, conn },
      delivery: 'exact',
      worker: 'inline',
      graceMs: 0,
      onError: (error) => this.#errors.push(error),
    })
    const viewer: Viewer = {
      client,
      wire,
      subscriptions: new Map(),
      callIds: new Map(),
      listening: new Map(),
      open: true,
    }
    this.#viewers.set(conn, viewer)
    client.connect()
    for (const def of this.#defs.events.values())
      this.#listen(viewer, def.name, (got) => client.on(def, (packet) => got.push(packet)))
  }

  #listen(viewer: Viewer, name: string, start: (got: unknown[]) => () => void): void {
    const listening = viewer.listening.get(name) ?? { got: [], expected: [], stops: [] }
    // A second listener of the same event hears the same: only the first is counted. (The last one is released first.)
    listening.stops.push(start(listening.stops.length === 0 ? listening.got : []))
    viewer.listening.set(name, listening)
  }

  async #storesub(conn: string, step: RecordedStep): Promise<void> {
    const viewer = this.#viewer(conn)
    const { storeName, action, key } = step.json as { storeName: string; action: number; key?: string | null }
    const def = this.#defs.stores.get(storeName) as StoreDef
    const path = parseKey(def, key ?? '')
    // No client of ours can write such a key (there is no such field): the recorded viewer wanted to see what the host does.
    if (path === null) return
    const id = `${storeName} ${formatKey(def, path)}`
    const known = viewer.subscriptions.get(id)
    if (action === 0) {
      const stop = viewer.client.store(def).subscribe(path, () => {})
      if (known === undefined) viewer.subscriptions.set(id, { def, path, stops: [stop] })
      else known.stops.push(stop)
      await until(() => this.#covered(viewer, storeName, path, def), `${conn} subscribes ${id}`)
      return
    }
    const stop = known?.stops.pop()
    if (stop === undefined) return
    const before = viewer.wire.sent.length
    // A key inside another that is held needs no subscription of its own, so there may be nothing to release.
    const held = heldKeys(viewer.wire, storeName).has(formatKey(def, path))
    stop()
    if (known?.stops.length !== 0) return
    viewer.subscriptions.delete(id)
    if (!held) return
    await until(
      () => viewer.wire.sent.slice(before).some((m) => m.event === 'storesub' && m.json['action'] === 1),
      `${conn} unsubscribes ${id}`,
    )
  }

  /** Whether the keys that the client holds on the wire include `path`: its own key, or one further out. */
  #covered(viewer: Viewer, store: string, path: Path, def: StoreDef): boolean {
    const held = heldKeys(viewer.wire, store)
    return path.some((_, i) => held.has(formatKey(def, path.slice(0, i)))) || held.has(formatKey(def, path))
  }

  async #call(conn: string, step: RecordedStep): Promise<void> {
    const viewer = this.#viewer(conn)
    const { callID, methodName } = step.json as { callID: number; methodName: string }
    const rpc = this.#defs.rpcs.get(methodName) ?? {
      kind: 'rpc',
      name: methodName,
      request: 'HarborStore.Ping request',
      response: 'HarborStore.Ping response',
      types: this.#defs.types,
    }
    const args = decodeValue(rpc.types, { kind: 'struct', ref: rpc.request }, attachment(step))
    const call = { method: methodName, got: 'pending' as CallOutcome, expected: 'pending' as CallOutcome, conn, callID }
    this.#calls.push(call)
    const before = viewer.wire.sent.length
    viewer.client.call(rpc, args).then(
      (result) => (call.got = { result }),
      (error: RivuletError) => (call.got = error.code === 'rpc' ? { error: error.what } : { refused: true }),
    )
    const sent = await until(
      () => viewer.wire.sent.slice(before).find((m) => m.event === 'rpccall' && m.json['methodName'] === methodName),
      `${conn} calls ${methodName}`,
    )
    viewer.callIds.set(callID, sent.json['callID'] as number)
    expectBytes(sent.json['request'], attachment(step), methodName)
  }

  async #send(conn: string, step: RecordedStep): Promise<void> {
    const viewer = this.#viewer(conn)
    const { methodName } = step.json as { methodName: string }
    const def = this.#defs.sends.get(methodName) ?? {
      kind: 'send',
      name: methodName,
      request: 'HarborStore.Ping request',
      types: this.#defs.types,
    }
    const args = decodable(def.types, def.request, attachment(step))
    if (args === undefined) return
    const before = viewer.wire.sent.length
    await viewer.client.send(def, args)
    const sent = await until(
      () => viewer.wire.sent.slice(before).find((m) => m.event === 'ffrpc' && m.json['methodName'] === methodName),
      `${conn} sends ${methodName}`,
    )
    expectBytes(sent.json['request'], attachment(step), methodName)
  }

  async #keyedsub(conn: string, step: RecordedStep): Promise<void> {
    const viewer = this.#viewer(conn)
    const { eventName, storeName, action, key } = step.json as {
      eventName: string
      storeName: string
      action: number
      key: string
    }
    const packet = this.#defs.keyedEvents.get(eventName)?.packet ?? 'HarborStore.Ping request'
    const def = { kind: 'keyedEvent', name: eventName, store: storeName, packet, types: this.#defs.types } as const
    const name = `${eventName} ${key}`
    if (action !== 0) await this.#hearAll(conn)
    const before = viewer.wire.sent.length
    // Releasing what is not held is another thing that only a recorded viewer does.
    if (action !== 0 && (viewer.listening.get(name)?.stops.length ?? 0) === 0) return
    if (action === 0) this.#listen(viewer, name, (got) => viewer.client.on(def, key, (event) => got.push(event)))
    else viewer.listening.get(name)?.stops.pop()?.()
    const edge = viewer.listening.get(name)?.stops.length === (action === 0 ? 1 : 0)
    if (edge) {
      await until(
        () =>
          viewer.wire.sent
            .slice(before)
            .some((m) => m.event === 'keyedeventsub' && m.json['key'] === key && m.json['action'] === action),
        `${conn} keyedeventsub ${name}`,
      )
    }
  }

  async finish(): Promise<ClientReplay> {
    const values = []
    for (const [conn, viewer] of this.#viewers) {
      if (!viewer.open) continue
      // A reference gap leaves the recorded viewer behind its server; then there is nothing to wait for.
      for (const { def, path } of hasGap(this.#recording) ? [] : viewer.subscriptions.values()) {
        const expected = valueAt(
          decodeState(def, Buffer.from(this.#recording.final.server[def.name] as string, 'hex')),
          path,
        )
        const store = viewer.client.store(def)
        const got = (): unknown => store.get(path as never)
        await until(() => canonical(got()) === canonical(expected), `${conn} sees ${def.name} ${path.join('.')}`).catch(
          () => undefined,
        )
        values.push({ conn, store: def.name, path, got: got(), expected })
      }
      await this.#hearAll(conn)
    }
    for (const conn of this.#viewers.keys()) await this.#settled(conn)
    const events = [...this.#viewers].flatMap(([conn, v]) =>
      [...v.listening].map(([event, l]) => ({ conn, event, got: l.got, expected: l.expected })),
    )
    return { values, calls: this.#calls.filter((c) => c.expected !== 'pending'), events, errors: this.#errors }
  }

  /** Waits until every call of `conn` that was answered has settled. */
  async #settled(conn: string): Promise<void> {
    const answered = this.#calls.filter((c) => c.conn === conn && c.expected !== 'pending')
    await until(() => answered.every((c) => c.got !== 'pending'), `${conn}: all answered calls settle`)
  }

  /** Waits for the events that were sent; what never comes shows in the comparison. */
  async #hearAll(conn: string): Promise<void> {
    for (const { got, expected } of this.#viewer(conn).listening.values()) {
      await until(() => got.length >= expected.length, `${conn} hears its events`, 2000).catch(() => undefined)
    }
  }

  async close(): Promise<void> {
    for (const viewer of this.#viewers.values()) await viewer.client.dispose()
  }

  #viewer(conn: string): Viewer {
    return this.#viewers.get(conn) as Viewer
  }
}

/** The keys of `store` that a viewer has subscribed and not released. */
function heldKeys(wire: Wire, store: string): Set<string> {
  const held = new Set<string>()
  for (const { event, json } of wire.sent) {
    if (event !== 'storesub' || json['storeName'] !== store) continue
    const key = (json['key'] as string | undefined) ?? ''
    if (json['action'] === 0) held.add(key)
    else held.delete(key)
  }
  return held
}

/** The arguments, or undefined when the recorded viewer sent bytes that no client of ours can write. */
function decodable(types: Types, ref: string, bytes: Uint8Array): unknown {
  try {
    return decodeValue(types, { kind: 'struct', ref }, bytes)
  } catch (e) {
    if (isRivuletError(e)) return undefined
    throw e
  }
}

function expectBytes(got: unknown, expected: Uint8Array, what: string): void {
  const bytes = Buffer.from(got as Uint8Array)
  if (!bytes.equals(expected.subarray(0, bytes.length)) || expected.subarray(bytes.length).some((b) => b !== 0)) {
    throw new Error(`${what}: sent ${bytes.toString('hex')}, recorded ${Buffer.from(expected).toString('hex')}`)
  }
}
