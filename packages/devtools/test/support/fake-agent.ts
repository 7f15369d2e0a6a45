import type {
  Checkpoint,
  FeedAnswer,
  FeedEntry,
  FeedMessage,
  FeedRequest,
  FeedStore,
  ProbeSubscriber,
} from '@rivulet/client/inspect'
import type { EventDef, KeyedEventDef, RpcDef, SendDef, StoreDef } from '@rivulet/wire'
import {
  type AgentAnswer,
  type AgentMessage,
  type ClientInfo,
  PANEL_VERSION,
  type PageEvent,
  type PanelMessage,
  type PanelTransport,
  type PanelWrite,
} from '../../src/protocol.ts'
import { transportPair } from './transport-pair.ts'

type Hello = Extract<FeedMessage, { type: 'hello' }>
type PartialEntry<E = FeedEntry> = E extends FeedEntry ? Omit<E, 'seq' | 'at'> & { readonly at?: number } : never

/** One client of the fake page, with its engine. A script moves it; what it keeps is there to be looked at. */
export interface FakeClient {
  readonly info: ClientInfo
  readonly attached: boolean
  /** Requests to the engine, in order. */
  readonly requests: readonly FeedRequest[]
  readonly shown: ReadonlyMap<string, readonly PanelWrite[]>
  readonly listeners: ReadonlyMap<number, Extract<PanelMessage, { type: 'listen' }>>
  /** What the engine answers. */
  stores: readonly FeedStore[]
  readonly states: Map<string, ArrayBuffer>
  /** Of every store, or of the one that is named. */
  subscribers: readonly ProbeSubscriber[]
  subscribed: string | undefined
  /** The next questions are answered with this error, until it is taken away. */
  failing: { readonly code: 'unknown-store'; readonly what: string } | undefined
  /** Answers wait while this is true. */
  slow: boolean
  /** Something passes; bytes are kept for `bytes`. Returns its number. */
  pass(entry: PartialEntry, bytes?: Uint8Array): number
  happen(...events: readonly PageEvent[]): void
  define(stores: readonly StoreDef[], requests?: readonly (RpcDef | SendDef)[], events?: readonly EventDef[]): void
  /** Another engine takes its place, and begins to count anew. */
  replaceEngine(): void
  loseEngine(why: string): void
  /** The same engine is there again. */
  returnEngine(): void
}

/** A page with clients that speaks the protocol to one panel. */
export interface FakeAgent {
  readonly transport: PanelTransport
  /** What the panel has said. */
  readonly heard: readonly PanelMessage[]
  readonly clients: ReadonlyMap<string, FakeClient>
  add(info: Partial<ClientInfo> & { readonly id: string }): FakeClient
  remove(id: string): void
  /** Says hello; `version` to be of another one. */
  greet(version?: number): void
  schema(requests: readonly (RpcDef | SendDef)[], events: readonly (EventDef | KeyedEventDef)[]): void
  /** Says anything, as an agent of another version might. */
  say(message: object): void
  /** The page goes. */
  close(): void
}

const fakeConfig: Hello['config'] = {
  url: 'http://localhost:4000',
  path: '/socket.io/',
  transports: ['websocket'],
  hasAuth: false,
  hasAuthenticate: true,
  authenticateTimeoutMs: 10_000,
  delivery: 'safe',
  reconnectMinMs: 1000,
  reconnectMaxMs: 5000,
  callTimeoutMs: 10_000,
  graceMs: 2000,
  maxCallsInFlight: 64,
  maxCallsQueued: 1024,
  sessions: { attachTimeoutMs: 3000, trustResume: false },
}

/** Makes a page without clients, which has not said hello yet. */
export function createFakeAgent(): FakeAgent {
  const { panel, agent } = transportPair()
  const clients = new Map<string, FakeClient & { hear(message: PanelMessage): void }>()
  const heard: PanelMessage[] = []
  agent.listen((message) => {
    heard.push(message)
    if ('client' in message) clients.get(message.client)?.hear(message)
  })
  return {
    transport: panel,
    heard,
    clients,
    add(info) {
      const full = { url: 'http://localhost:4000', page: 'Harbour', ...info }
      const client = createFakeClient(full, (message) => agent.send(message))
      clients.set(info.id, client)
      agent.send({ type: 'client', client: full, step: 'made' })
      return client
    },
    remove(id) {
      const client = clients.get(id)
      clients.delete(id)
      if (client !== undefined) agent.send({ type: 'client', client: client.info, step: 'ended' })
    },
    greet: (version = PANEL_VERSION) =>
      agent.send({ type: 'hello', version, clients: [...clients.values()].map(({ info }) => info) }),
    schema: (requests, events) => agent.send({ type: 'schema', requests, events }),
    say: (message) => agent.send(message as AgentMessage),
    close: () => agent.close(),
  }
}

function createFakeClient(
  info: ClientInfo,
  send: Parameters<ReturnType<typeof transportPair>['agent']['send']>[0] extends infer M ? (message: M) => void : never,
): FakeClient & { hear(message: PanelMessage): void } {
  const requests: FeedRequest[] = []
  const shown = new Map<string, readonly PanelWrite[]>()
  const listeners = new Map<number, Extract<PanelMessage, { type: 'listen' }>>()
  const waiting: (() => void)[] = []
  let payloads = new Map<number, Uint8Array>()
  let backlog: FeedEntry[] = []
  let kept: FeedEntry[] = []
  let attached = false
  let credit = false
  let seq = 1
  let since = Date.now()
  let ringBytes = 4 << 20
  let slow = false
  const feed = (message: FeedMessage): void => send({ type: 'feed', client: info.id, message })
  const flush = (): void => {
    if (!attached || !credit || backlog.length === 0) return
    credit = false
    feed({ type: 'entries', entries: backlog, lost: 0 })
    backlog = []
  }
  const hello = (): void =>
    feed({
      type: 'hello',
      version: 1,
      since,
      config: fakeConfig,
      status: { state: 'connected', since, attempt: 0, clockOffset: 12, session: 'fresh' },
      pages: [1, 2],
      you: 1,
      ringBytes,
      seq,
    })
  const when = (run: () => void): void => {
    if (slow) waiting.push(run)
    else run()
  }
  const answer = (id: number, of: () => FeedAnswer): void =>
    when(() => feed({ type: 'answer', id, answer: client.failing ? { type: 'error', error: client.failing } : of() }))
  const answerPanel = (id: number, of: () => AgentAnswer): void =>
    when(() => {
      const { failing } = client
      send({
        type: 'answer',
        id,
        answer: failing ? { type: 'error', code: failing.code, message: failing.what } : of(),
      })
    })
  const checkpoint = (store: string): Checkpoint | null => {
    const state = client.states.get(store)
    return state === undefined ? null : { store, seq: seq - 1, at: Date.now(), state: state.slice() }
  }
  const buffer = (bytes: Uint8Array | undefined): ArrayBuffer | null =>
    bytes === undefined ? null : bytes.slice().buffer
  const ask = (request: FeedRequest): void => {
    requests.push(request)
    switch (request.type) {
      case 'more':
        credit = true
        return flush()
      case 'stores':
        return answer(request.id, () => ({ type: 'stores', stores: client.stores }))
      case 'bytes':
        return answer(request.id, () => ({ type: 'bytes', bytes: request.seqs.map((s) => buffer(payloads.get(s))) }))
      case 'state':
        return answer(request.id, () => ({ type: 'state', checkpoint: checkpoint(request.store) }))
      case 'ring':
        return answer(request.id, () => ({
          type: 'ring',
          ring: {
            first: 1,
            last: seq - 1,
            entries: [...kept],
            payloads: [...payloads].map(([s, bytes]) => [s, bytes.slice().buffer]),
            checkpoints: [...client.states.keys()].flatMap((store) => checkpoint(store) ?? []),
          },
        }))
      case 'keep':
        ringBytes = request.ringBytes
        return
      default:
    }
  }
  const client: FakeClient & { hear(message: PanelMessage): void } = {
    info,
    requests,
    shown,
    listeners,
    stores: [],
    states: new Map(),
    subscribers: [],
    subscribed: undefined,
    failing: undefined,
    get attached() {
      return attached
    },
    get slow() {
      return slow
    },
    set slow(next) {
      slow = next
      if (!slow) for (const run of waiting.splice(0)) run()
    },
    pass(entry, bytes) {
      const number = seq++
      if (bytes !== undefined) payloads.set(number, bytes)
      const made = { at: Date.now(), ...entry, seq: number }
      backlog.push(made)
      kept.push(made)
      flush()
      return number
    },
    happen: (...events) => {
      if (attached) send({ type: 'page', client: info.id, events })
    },
    define: (stores, requestDefs = [], events = []) => feed({ type: 'defs', stores, requests: requestDefs, events }),
    replaceEngine() {
      seq = 1
      since++
      backlog = []
      kept = []
      payloads = new Map()
      credit = false
      hello()
    },
    returnEngine: hello,
    loseEngine: (why) => send({ type: 'engine-gone', client: info.id, why }),
    hear(message) {
      switch (message.type) {
        case 'attach':
          attached = true
          return hello()
        case 'detach':
          attached = false
          return
        case 'feed':
          return ask(message.request)
        case 'subscribers':
          return answerPanel(message.id, () => ({
            type: 'subscribers',
            subscribers: [message.store, undefined].includes(client.subscribed) ? client.subscribers : [],
          }))
        case 'show':
          return answerPanel(message.id, () => {
            if (message.writes.length > 0) shown.set(message.store, message.writes)
            else shown.delete(message.store)
            return { type: 'done' }
          })
        case 'call':
          return answerPanel(message.id, () => ({ type: 'called', took: 3, response: message.args }))
        case 'listen':
          listeners.set(message.listener, message)
          return
        case 'unlisten':
          listeners.delete(message.listener)
      }
    },
  }
  return client
}
