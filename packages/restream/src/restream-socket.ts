import type { Client } from '@rivulet/client'
import {
  type EventDef,
  type KeyedEventDef,
  RivuletError,
  type RpcDef,
  type SendDef,
  type StoreDef,
} from '@rivulet/wire'
import { fieldsOf } from './fields-of.ts'
import { plainStruct } from './plain-args.ts'
import { present } from './present.ts'
import { addConnection, type Connection, removeConnection } from './registry.ts'
import { eventDefOf, rpcDefOf, sendDefOf } from './schema-of.ts'
import { clientFor, isClient, type ReStreamSocketOptions, type SocketIoSocket } from './socket-options.ts'
import type { EventStruct, EventStructType, FFRPCStruct, RPCResponseStruct, RPCStruct } from './structs.ts'
import type { VarInfo } from './var-info.ts'

type Wanted = (client: Client) => () => void

/**
 * The connection of a ReStream app, on a Rivulet client. Takes the app's Socket.IO socket, of which it copies address and login payload, for a connection of its own in the worker; or a client that the
 * app has already.
 *
 * Problems are `RivuletError`s, whose `code` says what happened; a handler's own text is `error.what`. Nothing alerts.
 *
 * @example
 * const rss = new ReStreamSocket(socket)
 * socket.on('connect', () => rss.markAuthenticated())
 * await rss.sendRPC(PlaceTokenRequest.fromValues(1, 2))
 */
// A class, because old code says `new ReStreamSocket(…)`.
export class ReStreamSocket implements Connection {
  readonly #given: Client | SocketIoSocket
  readonly #options: ReStreamSocketOptions
  readonly #only: ReadonlySet<string> | undefined
  readonly #excluded: ReadonlySet<string>
  readonly #wanted = new Map<Wanted, (() => void) | undefined>()
  readonly #events = new Map<object, Map<string, EventDef | KeyedEventDef>>()
  #client: Client | undefined
  #sessions: boolean
  #authenticated = false

  constructor(socket: Client | SocketIoSocket, options: ReStreamSocketOptions = {}) {
    this.#given = socket
    this.#options = options
    this.#only = options.storeNames === undefined ? undefined : new Set(options.storeNames)
    this.#excluded = new Set(options.excludedStoreNames)
    this.#sessions = options.viewerSessions ?? false
    // A client has made up its mind about everything, so stores need not wait.
    if (isClient(socket)) addConnection(this)
  }

  /** The client behind it, made when it is first asked for: `useStore` and the other hooks take it. */
  get client(): Client {
    if (this.#client !== undefined) return this.#client
    const given = this.#given
    const client = isClient(given) ? given : clientFor(given, this.#options, this.#sessions)
    this.#client = client
    for (const wanted of this.#wanted.keys()) this.#wanted.set(wanted, wanted(client))
    return client
  }

  /** For stores. */
  serves(store: string): boolean {
    return !this.#excluded.has(store) && this.#only?.has(store) !== false
  }

  /** For stores. */
  definitionOf(store: string): StoreDef | undefined {
    return this.#options.stores?.find(({ name }) => name === store)
  }

  /** Connects, and stays connected: called again it only makes sure of it. Resolves with the first connection; rejects with `disposed` when the client ends before. */
  markAuthenticated(): Promise<void> {
    this.#authenticated = true
    const { client } = this
    // Stores that have been reset come back too.
    removeConnection(this)
    addConnection(this)
    client.connect()
    return connected(client)
  }

  /** Calls the host. Rejects with a `RivuletError`: `rpc` with the handler's text in `what`, `disconnected` before `markAuthenticated`, and what `client.call` rejects with. */
  sendRPC<RS extends RPCResponseStruct<RT>, RT>(request: RPCStruct<RS, RT>): Promise<RT> {
    try {
      this.#needLogin(request.rpcBoundName)
      const { def, result } = callOf(request)
      const answer = this.client.call(def, plainStruct(request.constructor, request))
      return answer.then((value) => (result === undefined ? undefined : present(result, value)) as RT)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  /** Calls the host without waiting for an answer. Throws `disconnected` before `markAuthenticated`; later problems go to `onError`. */
  sendFFRPC(request: FFRPCStruct): void {
    this.#needLogin(request.ffrpcBoundName)
    this.client.send(sendOf(request), plainStruct(request.constructor, request)).catch((error: unknown) => {
      const report = this.#options.onError ?? console.error
      report(error)
    })
  }

  /** Listens to an event; returns the function that stops it. A callback that throws stops nobody else. */
  subscribeToEvent<ES extends EventStruct>(eventType: EventStructType<ES>, callback: (event: ES) => void): () => void {
    const def = this.#eventOf(eventType) as EventDef
    return this.#whenClient((client) => client.on(def, (packet) => callback(eventFrom(eventType, packet))))
  }

  /** Listens to an event of a store for one key. Throws `config` without a store or a key. */
  subscribeToKeyedEvent<ES extends EventStruct>(
    storeName: string,
    eventType: EventStructType<ES>,
    key: string,
    callback: (event: ES) => void,
  ): () => void {
    if (storeName === '' || key === '') {
      throw new RivuletError('config', 'a keyed event needs a store and a key', { store: eventType.eventBoundName })
    }
    const def = this.#eventOf(eventType, storeName) as KeyedEventDef
    return this.#whenClient((client) => client.on(def, key, (packet) => callback(eventFrom(eventType, packet))))
  }

  /** Not here: the worker opens data streams itself. Throws `config`. */
  subscribeToDataStream(storeName: string, streamName: string): never {
    throw new RivuletError('config', 'data streams have no endpoints here', {
      store: `${storeName}.${streamName}`,
      hint: 'Use client.stream or useDataStream: the worker opens the stream and hands over its units (docs/data-streams.md).',
    })
  }

  /** Asks for viewer sessions. Throws `config` once the client has been made. */
  enableViewerSessions(): void {
    this.setViewerSessionsEnabled(true)
  }

  /** Says whether to use viewer sessions. Throws `config` once the client has been made with another answer. */
  setViewerSessionsEnabled(enabled: boolean): void {
    if (enabled === this.#sessions) return
    if (this.#client !== undefined || isClient(this.#given)) {
      throw new RivuletError('config', 'viewer sessions are decided before the first connection', {
        hint: 'Call it before markAuthenticated, or pass viewerSessions to the constructor.',
      })
    }
    this.#sessions = enabled
  }

  /** Ends the connection, and the viewer session if there is one, until `markAuthenticated`. Values stay. */
  closeSession(): void {
    this.#authenticated = false
    this.#client?.disconnect()
  }

  /** Ends everything. Stores go to an older socket that serves them, or read as zero. A client that was passed in is the app's, and stays. */
  async dispose(): Promise<void> {
    this.#authenticated = false
    removeConnection(this)
    for (const stop of this.#wanted.values()) stop?.()
    this.#wanted.clear()
    if (!isClient(this.#given)) await this.#client?.dispose()
  }

  #needLogin(name: string): void {
    if (this.#authenticated) return
    throw new RivuletError('disconnected', 'called before markAuthenticated', {
      store: name,
      hint: 'Call markAuthenticated when the app has logged in.',
    })
  }

  /** Does something with the client as soon as there is one; returns the function that undoes it. */
  #whenClient(wanted: Wanted): () => void {
    this.#wanted.set(wanted, this.#client === undefined ? undefined : wanted(this.#client))
    if (isClient(this.#given)) void this.client
    return () => {
      this.#wanted.get(wanted)?.()
      this.#wanted.delete(wanted)
    }
  }

  #eventOf(type: EventStructType<EventStruct>, store?: string): EventDef | KeyedEventDef {
    let byStore = this.#events.get(type)
    if (byStore === undefined) this.#events.set(type, (byStore = new Map()))
    const key = store ?? ''
    let def = byStore.get(key)
    if (def === undefined) {
      def = store === undefined ? eventDefOf(type.eventBoundName, type) : eventDefOf(type.eventBoundName, type, store)
      byStore.set(key, def)
    }
    return def
  }
}

interface CallShape {
  readonly def: RpcDef
  /** The type of the result; `undefined` for a call without one. */
  readonly result: VarInfo | undefined
}

const calls = new WeakMap<object, CallShape>()
const sends = new WeakMap<object, SendDef>()

function callOf(request: RPCStruct<RPCResponseStruct<unknown>, unknown>): CallShape {
  const type = request.constructor
  let call = calls.get(type)
  if (call === undefined) {
    const result = fieldsOf(request.responseType).list.find(({ name }) => name === 'result')
    call = { def: rpcDefOf(request.rpcBoundName, type, request.responseType), result: result?.varInfo }
    calls.set(type, call)
  }
  return call
}

function sendOf(request: FFRPCStruct): SendDef {
  const type = request.constructor
  let def = sends.get(type)
  if (def === undefined) sends.set(type, (def = sendDefOf(request.ffrpcBoundName, type)))
  return def
}

/** An instance of the event's class. */
function eventFrom<ES extends EventStruct>(type: EventStructType<ES>, packet: unknown): ES {
  const made = (type as unknown as { readonly fromValues: (...values: unknown[]) => ES }).fromValues(
    ...fieldsOf(type).list.map(({ name, varInfo }) => present(varInfo, (packet as Record<string, unknown>)[name])),
  )
  return made
}

function connected(client: Client): Promise<void> {
  const promise = new Promise<void>((resolve, reject) => {
    let stop = (): void => undefined
    const check = (): void => {
      const { state } = client.connection.get()
      if (state === 'connected') resolve()
      else if (state === 'disposed') reject(new RivuletError('disposed', 'the client was disposed'))
      else return
      stop()
    }
    stop = client.connection.subscribe(check)
    check()
  })
  // Old code calls this without looking at what it returns; whoever does look still gets the error.
  promise.catch(() => undefined)
  return promise
}
