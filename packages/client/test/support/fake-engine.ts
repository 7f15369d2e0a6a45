import { encodeValue, type Path, type StoreDef, type StreamDef } from '@rivulet/wire'
import type { EngineLink, EngineMethods, StartEngine, StartRequest } from '../../src/bridge/engine-link.ts'
import {
  createPatchWriter,
  finishPatch,
  type PatchWriter,
  putChanges,
  putMissing,
  putStatus,
  putValue,
} from '../../src/write-patch.ts'
import { FEED_VERSION, type FeedMessage, type FeedRequest } from '../../src/feed-protocol.ts'
import { childNode, childValue, typeAt } from '../../src/page/schema-walk.ts'
import { structNode } from '../../src/page/struct-node.ts'
import type { StreamConfig, StreamPageMessage } from '../../src/stream-protocol.ts'
import type { CallResult, EngineMessage, PageMessage, PathStatus, PlainError, Watch } from '../../src/protocol.ts'

interface FakeCall {
  readonly id: number
  readonly name: string
  readonly args: unknown
  answer(result: CallResult): void
  fail(error: unknown): void
}

interface FakeStream {
  readonly def: StreamDef
  readonly key: string
  readonly config: StreamConfig
  readonly port: MessagePort
  /** What the page said on it. */
  readonly heard: readonly StreamPageMessage[]
}

/** One inspector of the engine. */
interface FakeFeed {
  /** What it asked for. */
  readonly requests: readonly FeedRequest[]
  say(message: FeedMessage): void
}

/**
 * An engine without a network, scripted by a test: it records what the page asks for and sends what the test tells it to. State given with `load` answers watches by
 * itself, in encoded bytes over a real MessagePort, as the real engine would.
 */
export interface FakeEngine {
  readonly start: StartEngine
  readonly control: EngineMethods
  /** Starts afresh on this data port; `start` does it by itself. */
  attach(port: MessagePort): void
  readonly starts: readonly StartRequest[]
  /** Every control call, as `name(arguments)` in order. */
  readonly log: readonly string[]
  readonly watches: ReadonlyMap<number, Watch>
  readonly calls: readonly FakeCall[]
  readonly streams: readonly FakeStream[]
  /** Everybody who ever inspected it; each was greeted. */
  readonly feeds: readonly FakeFeed[]
  readonly listening: ReadonlyMap<number, { readonly name: string; readonly key: string | undefined }>
  readonly sent: readonly { readonly name: string; readonly args: unknown }[]
  readonly stores: ReadonlyMap<number, StoreDef>
  credits: number
  /** What they said. */
  readonly granted: readonly PageMessage[]
  terminated: number
  /** What `send` answers. */
  sendAnswer: PlainError | null
  /** Control calls never answer any more: the worker is dead. */
  dead: boolean
  /** Gives a store a state and tells its watches; the same parts are not sent again. */
  load<S>(def: StoreDef<S>, state: S): void
  /** Sends one patch. */
  patch(fill: (w: PatchWriter) => void): void
  /** Sends a status to every watch. */
  statusAll(status: PathStatus, error?: PlainError): void
  /** The number of the watch at this path. Throws when there is none. */
  watchAt(def: StoreDef, path: Path): number
  post(message: EngineMessage): void
}

const settled = <T>(value: T): Promise<T> => Promise.resolve(value)

export function createFakeEngine(options: { readonly respond?: boolean } = {}): FakeEngine {
  const watches = new Map<number, Watch>()
  const stores = new Map<number, StoreDef>()
  const states = new Map<string, unknown>()
  const sentValues = new Map<number, unknown>()
  const listening = new Map<number, { name: string; key: string | undefined }>()
  const calls: FakeCall[] = []
  const streams: FakeStream[] = []
  const feeds: FakeFeed[] = []
  const sent: { name: string; args: unknown }[] = []
  const log: string[] = []
  const starts: StartRequest[] = []
  let port: MessagePort | undefined

  const answer = <T>(entry: string, value: T): Promise<T> => {
    log.push(entry)
    return fake.dead ? new Promise<T>(() => undefined) : settled(value)
  }

  const tellValue = (w: PatchWriter, watch: Watch): boolean => {
    const def = stores.get(watch.store)
    if (def === undefined || !states.has(def.name)) return false
    const value = walk(def, states.get(def.name), watch.path)
    if (sentValues.has(watch.id) && Object.is(sentValues.get(watch.id), value)) return false
    sentValues.set(watch.id, value)
    putAt(w, def, watch, value)
    return true
  }

  const control: EngineMethods = {
    define(store, def) {
      stores.set(store, def)
      return answer(`define(${store}, ${def.name})`, undefined)
    },
    watch(list) {
      for (const watch of list) watches.set(watch.id, watch)
      if (options.respond !== false) {
        fake.patch((w) => {
          for (const watch of list) if (tellValue(w, watch)) putStatus(w, watch.id, 'live')
        })
      }
      return answer(`watch(${list.map((watch) => `${watch.id}:${watch.path.join('.')}`).join(' ')})`, undefined)
    },
    unwatch(ids) {
      for (const id of ids) {
        watches.delete(id)
        sentValues.delete(id)
      }
      return answer(`unwatch(${ids.join(' ')})`, undefined)
    },
    call(id, rpc, args) {
      log.push(`call(${id}, ${rpc.name})`)
      return new Promise((resolve, reject) => {
        calls.push({ id, name: rpc.name, args, answer: resolve, fail: reject })
      })
    },
    cancel: (id) => answer(`cancel(${id})`, undefined),
    send(def, args) {
      sent.push({ name: def.name, args })
      return answer(`send(${def.name})`, fake.sendAnswer)
    },
    listen(listener, def, key) {
      listening.set(listener, { name: def.name, key })
      return answer(`listen(${listener}, ${def.name}${key === undefined ? '' : `, ${key}`})`, null)
    },
    unlisten(listener) {
      listening.delete(listener)
      return answer(`unlisten(${listener})`, undefined)
    },
    openStream(def, key, streamPort, config) {
      const opened = { def, key, config, port: streamPort, heard: [] as StreamPageMessage[] }
      streams.push(opened)
      streamPort.addEventListener('message', (event: MessageEvent<StreamPageMessage>) => opened.heard.push(event.data))
      streamPort.start()
      return answer(`openStream(${def.name}, ${key})`, undefined)
    },
    inspect(feedPort) {
      const requests: FeedRequest[] = []
      const feed: FakeFeed = { requests, say: (message) => feedPort.postMessage(message) }
      feeds.push(feed)
      feedPort.addEventListener('message', (event: MessageEvent<FeedRequest>) => requests.push(event.data))
      feedPort.start()
      const config = starts.at(-1)?.config
      if (config === undefined) throw new Error('it has not started')
      const status = { state: 'connected', since: 1, attempt: 0, clockOffset: null } as const
      const numbers = { since: 1, you: 1, pages: [1], ringBytes: 0, seq: 1 }
      feed.say({ type: 'hello', version: FEED_VERSION, config, status, ...numbers })
      return answer('inspect()', undefined)
    },
    connect: () => answer('connect()', undefined),
    disconnect: () => answer('disconnect()', undefined),
    saveOffline: () => answer('saveOffline()', undefined),
    dispose: () => answer('dispose()', undefined),
  }

  const granted: PageMessage[] = []
  const fake: FakeEngine = {
    control,
    attach(port2) {
      watches.clear()
      sentValues.clear()
      stores.clear()
      listening.clear()
      port = port2
      port2.addEventListener('message', (event: MessageEvent<PageMessage>) => {
        if (event.data.type !== 'credit') return
        fake.credits++
        granted.push(event.data)
      })
      port2.start()
    },
    start(request) {
      starts.push(request)
      const { port1, port2 } = new MessageChannel()
      fake.attach(port2)
      const link: EngineLink = {
        mode: 'inline',
        control,
        port: port1,
        terminate() {
          fake.terminated++
          port1.close()
          port2.close()
        },
      }
      return settled(link)
    },
    starts,
    log,
    watches,
    calls,
    streams,
    feeds,
    listening,
    sent,
    stores,
    credits: 0,
    granted,
    terminated: 0,
    sendAnswer: null,
    dead: false,
    load(def, state) {
      const first = !states.has(def.name)
      states.set(def.name, state)
      fake.patch((w) => {
        for (const watch of watches.values()) {
          if (stores.get(watch.store)?.name !== def.name) continue
          if (tellValue(w, watch) && first) putStatus(w, watch.id, 'live')
        }
      })
    },
    patch(fill) {
      const w = createPatchWriter()
      fill(w)
      if (w.pos > 0) fake.post({ type: 'patch', buffer: finishPatch(w) })
    },
    statusAll(status, error) {
      fake.patch((w) => {
        for (const id of watches.keys()) putStatus(w, id, status, error)
      })
    },
    watchAt(def, path) {
      for (const watch of watches.values()) {
        if (stores.get(watch.store)?.name === def.name && sameParts(watch.path, path)) return watch.id
      }
      throw new Error(`nobody watches ${path.join('.')}`)
    },
    post(message) {
      port?.postMessage(message, message.type === 'patch' ? [message.buffer] : [])
    },
  }
  return fake
}

/** Puts the value at a watch's path, or "missing". */
function putAt(w: PatchWriter, def: StoreDef, watch: Watch, value: unknown): void {
  const type = typeAt(def, structNode(def.types, def.state), watch.path)
  if (value === undefined) putMissing(w, watch.id)
  else putValue(w, watch.id, encodeValue(def.types, type, value))
}

/** Puts changed parts below a watch; `undefined` = gone. */
export function putParts(
  w: PatchWriter,
  def: StoreDef,
  watch: Watch,
  parts: readonly { readonly path: Path; readonly value: unknown }[],
): void {
  const root = structNode(def.types, def.state)
  putChanges(
    w,
    watch.id,
    parts.map(({ path, value }) => ({
      path,
      bytes: value === undefined ? null : encodeValue(def.types, typeAt(def, root, [...watch.path, ...path]), value),
    })),
  )
}

/** The value at a path of a plain state. */
export function walk(def: StoreDef, state: unknown, path: Path): unknown {
  let node = structNode(def.types, def.state)
  let value = state
  for (const part of path) {
    value = childValue(node, value, part)
    const next = childNode(def.types, node, part)
    if (next === undefined || value === undefined) return undefined
    node = next
  }
  return value
}

function sameParts(a: Path, b: Path): boolean {
  return a.length === b.length && a.every((part, i) => part === b[i])
}
