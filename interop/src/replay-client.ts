import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Client, type ClientOptions, createClient } from '@rivulet/client'
import { decodeState, decodeValue, type Path, type RivuletError, type StoreDef, valueAt } from '@rivulet/wire'
import { Server } from 'socket.io'
import { canonical } from '../../packages/server/test/support/canonical.ts'
import { until } from '../../packages/server/test/support/until.ts'
import { type Lineages, lineagesOf } from './lineages.ts'
import { type RecordedDefs, recordedDefs } from './recorded-schema.ts'
import { attachment, hasGap, payload, type RecordedStep, type Recording } from './recording.ts'
import { expectAttach, packetOf, type RecordedAttach, wantWhatIsListed } from './replay-attach.ts'
import { type CallOutcome, createReplayedCalls, type ReplayedCalls } from './replayed-calls.ts'
import { createViewerStreams, type StreamAnswer, type StreamSub, type ViewerStreams } from './replayed-streams.ts'
import { fence, keyedsub, listen, releasesArrive, storesub, type Viewer, type Wire } from './replayed-viewer.ts'

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
  /** Data streams of each client. */
  readonly streams: readonly ViewerStreams[]
  /** Attaches that were recorded of clients that could be ours, and that ours made. */
  readonly attaches: number
}

/** A replay at its end, while its clients are still there. */
export interface LiveReplay {
  readonly client: Client
  readonly streams: ViewerStreams
  /** What it asked about data streams on its newest connection. */
  readonly sent: readonly StreamSub[]
  readonly errors: readonly RivuletError[]
}

/**
 * Plays the server's side of `recording` to our client and drives the client as the recorded viewers were driven. `inspect` may look at the first client before it is disposed; `make` makes the clients.
 */
export async function replayClient(
  recording: Recording,
  inspect?: (replay: LiveReplay) => Promise<void>,
  make: (options: ClientOptions) => Client = createClient,
): Promise<ClientReplay> {
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
  const replay = new Replay(recording, defs, wires, url, make)
  try {
    for (const step of recording.steps) await replay.play(step)
    const done = await replay.finish()
    await inspect?.(replay.first())
    return done
  } finally {
    await replay.close()
    await io.close()
    await closed(http)
  }
}

function subsOf({ sent }: Wire): StreamSub[] {
  return sent.filter((m) => m.event === 'datastreamsub').map((m) => m.json as unknown as StreamSub)
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
  readonly #make: (options: ClientOptions) => Client
  readonly #sessions: boolean
  readonly #lineages: Lineages
  readonly #viewers = new Map<string, Viewer>()
  readonly #calls: ReplayedCalls
  readonly #errors: RivuletError[] = []
  #attaches = 0

  constructor(
    recording: Recording,
    defs: RecordedDefs,
    wires: Map<string, Wire>,
    url: string,
    make: (options: ClientOptions) => Client,
  ) {
    this.#make = make
    this.#recording = recording
    this.#defs = defs
    this.#wires = wires
    this.#url = url
    this.#sessions = recording.setup.server?.sessions === true
    this.#lineages = lineagesOf(recording)
    this.#calls = createReplayedCalls(defs)
  }

  async play(step: RecordedStep): Promise<void> {
    const { conn } = step
    if (conn === undefined) return
    // With sessions, a connection may be one that no client of ours makes.
    if (this.#sessions && !this.#lineages.has(conn)) return
    if (step.dir === 'S>C') await this.#fromServer(conn, step)
    else if (step.dir === 'C>S') await this.#fromClient(conn, step)
  }

  async #fromServer(conn: string, step: RecordedStep): Promise<void> {
    const viewer = this.#viewer(conn)
    if (step.event === '$connected') {
      // Until it is attached, a client with sessions does not call itself connected; the attach shows that it is.
      if (this.#sessions) return
      await until(() => viewer.client.connection.get().state === 'connected', `${conn} connected`)
      return
    }
    if (step.event === '$disconnect') {
      this.#disconnect(conn, viewer)
      return
    }
    const json = payload(step) as Record<string, unknown>
    if (step.event === 'rpccallresp') this.#calls.answered(viewer, step, json)
    if (step.event === 'event' || step.event === 'keyedevent') this.#expectEvent(viewer, step, json)
    const emit = (message: unknown): unknown => this.#wires.get(conn)?.socket?.emit(step.event, message)
    if (step.event === 'datastreamendpoint') await viewer.streams.answer(json as unknown as StreamAnswer, emit)
    else emit(json)
  }

  /** The server ends a connection. */
  #disconnect(conn: string, viewer: Viewer): void {
    if (this.#comesBack(conn)) {
      this.#wires.get(conn)?.socket?.disconnect(true)
      return
    }
    viewer.open = false
    this.#calls.refused(viewer)
    viewer.client.disconnect()
  }

  #expectEvent(viewer: Viewer, step: RecordedStep, json: Record<string, unknown>): void {
    const name = json['eventName'] as string
    const listening = viewer.listening.get(json['key'] === undefined ? name : `${name} ${json['key'] as string}`)
    const def = this.#defs.events.get(name) ?? this.#defs.keyedEvents.get(name)
    if (listening === undefined || def === undefined) return
    listening.expected.push(decodeValue(def.types, { kind: 'struct', ref: def.packet }, attachment(step)))
  }

  async #fromClient(conn: string, step: RecordedStep): Promise<void> {
    if (step.event === '$connect') {
      this.#connect(conn, (step.json as { readonly auth: Record<string, unknown> }).auth)
      return
    }
    const viewer = this.#viewer(conn)
    if (this.#sessions) await fence(viewer.wire)
    // Before the attach a session's host hears nothing, and a client of ours says nothing.
    const early = this.#sessions && !this.#wires.get(conn)?.sent.some((m) => m.event === 'viewersessionattach')
    switch (step.event) {
      case '$disconnect':
      case '$drop':
        await this.#leave(conn, viewer)
        return
      case 'viewersessionattach':
        await this.#attach(conn, viewer, step.json as RecordedAttach)
        return
      case 'viewersessionclose':
        viewer.open = false
        viewer.client.disconnect()
        await until(
          () => viewer.wire.sent.some((m) => m.event === step.event && canonical(m.json) === canonical(step.json)),
          `${conn} closes its session`,
        )
        return
      case 'storesub':
        if (!early) await this.#storesub(viewer, step)
        return
      case 'rpccall':
        if (!early) await this.#calls.call(viewer, step)
        return
      case 'ffrpc':
        await this.#calls.send(viewer, step)
        return
      case 'keyedeventsub':
        await this.#keyedsub(conn, viewer, step)
        return
      case 'datastreamsub':
        if (!early) await viewer.streams.datastreamsub(step.json as StreamSub)
        return
      default:
        throw new Error(`the replay does not know ${step.event}`)
    }
  }

  #connect(conn: string, auth: Record<string, unknown>): void {
    const wire: Wire = { sent: [] }
    this.#wires.set(conn, wire)
    const root = this.#lineages.get(conn) ?? conn
    const known = this.#viewers.get(root)
    if (known !== undefined) {
      this.#viewers.set(conn, known)
      known.connectAs(conn, auth)
      return
    }
    // A client that lost its connection comes back at once; here it waits until the recorded viewer did.
    let next: { readonly auth: Record<string, unknown> } | null = { auth: { ...auth, conn } }
    const client = this.#make({
      url: this.#url,
      path: '/socket',
      auth: async () => {
        const as = await until(() => next, `a connection after ${conn}`, 10_000)
        next = null
        return as.auth
      },
      ...(this.#sessions ? { sessions: { trustResume: true }, reconnect: { minMs: 1, maxMs: 1 } } : {}),
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
      streams: createViewerStreams(client, () => subsOf(viewer.wire)),
      listening: new Map(),
      connectAs: (again, withAuth) => void (next = { auth: { ...withAuth, conn: again } }),
      open: true,
    }
    this.#viewers.set(conn, viewer)
    for (const def of this.#defs.events.values())
      listen(viewer, def.name, (got) => client.on(def, (packet) => got.push(packet)))
    // What is wanted is known before the connection is there, so that the attach lists it.
    const first = this.#recording.steps.find((s) => s.conn === conn && s.event === 'viewersessionattach')
    if (first !== undefined) wantWhatIsListed(viewer, this.#defs, first.json as RecordedAttach)
    client.connect()
  }

  async #attach(conn: string, viewer: Viewer, recorded: RecordedAttach): Promise<void> {
    const wire = this.#wires.get(conn) as Wire
    const attached = wire.sent.filter((m) => m.event === 'viewersessionattach').length
    // A second attach on a connection that has a session is a mistake that only a recorded viewer makes.
    if (attached > 0 && viewer.client.connection.get().state === 'connected') return
    // A takeover: our client has one connection, so the older one has to end first.
    if (viewer.wire !== wire) viewer.wire.socket?.disconnect(true)
    viewer.wire = wire
    viewer.open = true
    await expectAttach(viewer, this.#defs, recorded)
    this.#attaches++
  }

  /** The viewer's connection ends from its side; with a session it may come back. */
  async #leave(conn: string, viewer: Viewer): Promise<void> {
    if (!this.#comesBack(conn)) {
      await this.#hearAll(viewer)
      await this.#calls.settled(viewer)
      viewer.open = false
      viewer.client.disconnect()
      return
    }
    if (viewer.wire !== this.#wires.get(conn)) return
    viewer.wire.socket?.disconnect(true)
    await until(() => viewer.client.connection.get().state !== 'connected', `${conn} loses its connection`)
    // What it wants when it comes back, it may change its mind about while it is away.
    const next = this.#recording.steps
      .slice(this.#recording.steps.findIndex((s) => s.conn === conn))
      .find(
        (s) =>
          s.conn !== conn &&
          s.event === 'viewersessionattach' &&
          this.#isSameViewer(s.conn, conn) &&
          !this.#wires.has(s.conn as string),
      )
    if (next === undefined) return
    wantWhatIsListed(viewer, this.#defs, next.json as RecordedAttach)
    await releasesArrive(viewer, this.#defs)
  }

  #isSameViewer(a: string | undefined, b: string): boolean {
    return a !== undefined && this.#lineages.get(a) === this.#lineages.get(b)
  }

  /** Whether a later recorded connection is the same viewer again. */
  #comesBack(conn: string): boolean {
    if (!this.#sessions) return false
    const all = [...this.#lineages].filter(([, root]) => root === this.#lineages.get(conn)).map(([c]) => c)
    return all.indexOf(conn) < all.length - 1
  }

  async #storesub(viewer: Viewer, step: RecordedStep): Promise<void> {
    const { storeName, action, key } = step.json as { storeName: string; action: number; key?: string | null }
    const [any] = this.#defs.stores.values()
    const def = this.#defs.stores.get(storeName) ?? { ...(any as StoreDef), name: storeName }
    await storesub(viewer, def, { action, key: key ?? '' })
  }

  async #keyedsub(conn: string, viewer: Viewer, step: RecordedStep): Promise<void> {
    const json = step.json as { eventName: string; storeName: string; action: number; key: string }
    if (json.action !== 0) await this.#hearAll(viewer)
    const before = viewer.wire.sent.length
    if (!keyedsub(viewer, this.#defs.types, packetOf(this.#defs, json.eventName), json)) return
    await until(
      () =>
        viewer.wire.sent
          .slice(before)
          .some((m) => m.event === 'keyedeventsub' && m.json['key'] === json.key && m.json['action'] === json.action),
      `${conn} keyedeventsub ${json.eventName} ${json.key}`,
    )
  }

  async finish(): Promise<ClientReplay> {
    const values = []
    for (const [conn, viewer] of this.#unique()) {
      if (!viewer.open) continue
      // A reference gap leaves the recorded viewer behind its server; then there is nothing to wait for.
      for (const { def, path } of hasGap(this.#recording) ? [] : viewer.subscriptions.values()) {
        const bytes = this.#recording.final.server[def.name]
        if (bytes === undefined) continue
        const expected = valueAt(decodeState(def, Buffer.from(bytes, 'hex')), path)
        const store = viewer.client.store(def)
        const got = (): unknown => store.get(path as never)
        await until(() => canonical(got()) === canonical(expected), `${conn} sees ${def.name} ${path.join('.')}`).catch(
          () => undefined,
        )
        values.push({ conn, store: def.name, path, got: got(), expected })
      }
      await this.#hearAll(viewer)
    }
    for (const viewer of this.#unique().values()) await this.#calls.settled(viewer)
    const events = [...this.#unique()].flatMap(([conn, v]) =>
      [...v.listening].map(([event, l]) => ({ conn, event, got: l.got, expected: l.expected })),
    )
    return {
      values,
      calls: this.#calls.outcomes(),
      events,
      errors: this.#errors,
      streams: Array.from(this.#unique().values(), (viewer) => viewer.streams),
      attaches: this.#attaches,
    }
  }

  first(): LiveReplay {
    const [viewer] = this.#unique().values()
    if (viewer === undefined) throw new Error('nobody connected')
    const { client, streams, wire } = viewer
    return { client, streams, sent: subsOf(wire), errors: this.#errors }
  }

  /** Each client once, by its first connection. */
  #unique(): Map<string, Viewer> {
    return new Map([...this.#viewers].filter(([conn]) => (this.#lineages.get(conn) ?? conn) === conn))
  }

  /** Waits for the events that were sent; what never comes shows in the comparison. */
  async #hearAll(viewer: Viewer): Promise<void> {
    for (const { got, expected } of viewer.listening.values()) {
      await until(() => got.length >= expected.length, 'a viewer to hear its events', 2000).catch(() => undefined)
    }
  }

  async close(): Promise<void> {
    for (const viewer of this.#unique().values()) await viewer.client.dispose()
  }

  #viewer(conn: string): Viewer {
    return this.#viewers.get(conn) as Viewer
  }
}
