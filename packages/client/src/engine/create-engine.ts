import { toBytes } from '@rivulet/wire'
import { transfer } from 'comlink'
import type { CallResult, EngineConfig, EngineControl, PageHooks, Watch } from '../protocol.ts'
import { createAdmission } from './admission.ts'
import { type Clock, systemClock } from './clock.ts'
import { createRequestEncoder } from './codecs.ts'
import { type Connection, createConnection } from './connection.ts'
import { createEvents } from './events.ts'
import { createGrace } from './grace.ts'
import { number, takeStoreUpdate, text } from './incoming.ts'
import { noticeError } from './notice.ts'
import { createOutbox } from './outbox.ts'
import { copyBuffer } from './own-buffer.ts'
import { buildPatch } from './patch-builder.ts'
import { failure, plainError } from './plain-error.ts'
import { createResumption, type Resumption } from './resumption.ts'
import { type Calls, createCalls } from './rpc.ts'
import { sendOnce } from './send.ts'
import { type SocketFactory, socketIo } from './socket.ts'
import {
  closeFeed,
  createStoreFeed,
  expirePaths,
  type FeedHost,
  plan,
  refuse,
  sendKeys,
  type StoreFeed,
  unblock,
  unwatchPath,
  watchPaths,
} from './store-feed.ts'
import { expectCatchUp } from './store-resync.ts'
import type { StreamHandlers } from './streams/handlers.ts'
import type { OpenDataSocket } from './streams/reader.ts'
import { createStreams } from './streams/streams.ts'

/** What an engine finds where it runs; and what a test puts in the place of the outside world. */
export interface EngineDeps {
  readonly io?: SocketFactory
  readonly clock?: Clock
  /** What takes the units of data streams off the page. */
  readonly streamHandlers?: StreamHandlers
  readonly dataSocket?: OpenDataSocket
}

/** Subscriptions that a host lets one viewer have (session.md §9). */
const MAX_SUBSCRIPTIONS = 4096

/** Most keys of one store; more collapse to their common parents. */
const MAX_KEYS_PER_STORE = 256

const DISPOSED = failure('disposed', 'the client was disposed')

/**
 * Makes an engine: the part of the client that holds the connection and the state of every watched store. It runs wherever it is put (dedicated worker, shared worker, page, Node) and
 * talks to one page through {@link EngineControl} and the port that `start` gets.
 *
 * `start` does not connect; `connect` does. Until then, and while the connection is down, watches wait as `loading` or `stale`, and calls wait for their timeout.
 *
 * @example
 * const engine = createEngine()
 * await engine.start(config, port, hooks)
 * await engine.connect()
 */
export function createEngine(deps: EngineDeps = {}): EngineControl {
  let running: Running | null = null
  let disposed = false

  return {
    async start(config, port, hooks) {
      if (running !== null || disposed) {
        port.close()
        return
      }
      running = run(config, port, hooks, deps)
    },
    define: async (store, def) => running?.define(store, def),
    watch: async (watches) => running?.watch(watches),
    unwatch: async (ids) => running?.unwatch(ids),
    async call(id, rpc, args, timeoutMs): Promise<CallResult> {
      if (running === null) return { ok: false, error: { ...(disposed ? DISPOSED : NOT_STARTED), store: rpc.name } }
      const result = await running.calls.call(id, rpc, args, timeoutMs)
      return result.ok ? transfer(result, [result.bytes]) : result
    },
    cancel: async (id) => running?.calls.cancel(id),
    send: async (def, args) => (running === null ? NOT_STARTED : running.send(def, args)),
    listen: async (listener, def, key) => (running === null ? NOT_STARTED : running.listen(listener, def, key)),
    unlisten: async (listener) => running?.unlisten(listener),
    async openStream(def, key, streamPort, stream) {
      if (running === null) streamPort.close()
      else running.openStream(def, key, streamPort, stream)
    },
    connect: async () => running?.connect(),
    disconnect: async () => running?.disconnect(),
    async dispose() {
      disposed = true
      running?.dispose()
      running = null
    },
  }
}

const NOT_STARTED = failure('disposed', 'the engine is not running', {
  hint: 'Call start() first; after dispose() make a new client.',
})

/** A started engine. */
interface Running extends Pick<
  SyncControl,
  'define' | 'watch' | 'unwatch' | 'send' | 'listen' | 'unlisten' | 'openStream' | 'connect' | 'disconnect' | 'dispose'
> {
  readonly calls: Calls
}

/** The control plane without promises. */
type SyncControl = {
  readonly [K in keyof EngineControl]: (...args: Parameters<EngineControl[K]>) => Awaited<ReturnType<EngineControl[K]>>
}

function run(config: EngineConfig, port: MessagePort, hooks: PageHooks, deps: EngineDeps): Running {
  const system = deps.clock ?? systemClock
  const timers = new Set<() => void>()
  // Every timer of the engine is known here, so that dispose leaves none; and whatever it did is flushed.
  const clock: Clock = {
    now: () => system.now(),
    random: () => system.random(),
    after(ms, action) {
      const stop = system.after(ms, () => {
        timers.delete(cancel)
        action()
        outbox.flush()
      })
      const cancel = (): void => {
        timers.delete(cancel)
        stop()
      }
      timers.add(cancel)
      return cancel
    },
  }
  const feeds = new Map<number, StoreFeed>()
  const byName = new Map<string, StoreFeed>()
  const watchFeed = new Map<number, StoreFeed>()
  const news = new Set<StoreFeed>()
  const encode = createRequestEncoder()
  let keyLimit = MAX_KEYS_PER_STORE

  const outbox = createOutbox(port, () => {
    const buffer = buildPatch(news)
    news.clear()
    return buffer
  })

  const emit = (event: string, message: unknown): boolean => {
    if (!connection.emit(event, message)) return false
    resumption.sent()
    return true
  }

  const host: FeedHost = {
    clock,
    delivery: config.delivery,
    silenceHint:
      config.sessions === undefined
        ? 'The store is subscribed again. A host with viewer sessions hears nothing before an attach: if it has them, set the option `sessions`.'
        : 'The store is subscribed again.',
    keyLimit: () => keyLimit,
    ask: (store) => connection.isOpen() && admission.ask(store),
    emitSub(feed, wire, action) {
      const storeName = feed.def.name
      if (!emit('storesub', wire === '' ? { storeName, action } : { storeName, action, key: wire })) return
      if (action === 1) {
        resumption.unsubscribed(feed)
        return
      }
      admission.sent(storeName)
      expectCatchUp(feed)
    },
    news: (feed) => void news.add(feed),
    error: (error) => outbox.error(error),
  }

  const admission = createAdmission({
    clock,
    admit(store) {
      const feed = byName.get(store)
      if (feed !== undefined) sendKeys(feed)
      events.sendKeys(store)
    },
    block(store) {
      const feed = byName.get(store)
      const error = failure('unknown-store', 'the host closes the connection whenever this store is subscribed', {
        store,
        hint: 'Either it has no store of this name, or your access level is too low. It is tried again after a while, when its watches change, or when connect() is called.',
      })
      if (feed === undefined) outbox.error(error)
      else refuse(feed, error)
    },
    release: (store) => release(store),
  })

  /** A block has ended: what waits for the store goes out. */
  function release(store: string): void {
    const feed = byName.get(store)
    if (feed !== undefined) unblock(feed)
    events.sendKeys(store)
  }

  const events = createEvents({
    ask: (store) => connection.isOpen() && admission.ask(store),
    emitSub(storeName, eventName, key, action) {
      if (emit('keyedeventsub', { storeName, eventName, action, key }) && action === 0) admission.sent(storeName)
    },
    deliver: (listener, time, bytes) => outbox.event(listener, time, copyBuffer(bytes)),
  })

  const streams = createStreams({
    config,
    clock,
    emit,
    isOpen: () => connection.isOpen(),
    report: (error) => outbox.error(error),
    handlers: deps.streamHandlers,
    openSocket: deps.dataSocket,
  })

  const calls = createCalls({
    config,
    clock,
    encode,
    emit,
    mayOpen: () => connection.isWanted(),
    ordinal: () => resumption.ordinal(),
    confirmed: (ordinal) => resumption.confirmed(ordinal),
  })

  const resumption: Resumption = createResumption({
    config: config.sessions,
    clock,
    feeds: () => byName.values(),
    events,
    calls,
    admission,
    streams,
  })

  /** Hands a message to `take` if it is one; garbage is reported and costs nothing else (pitfalls 21, 23). */
  const guarded =
    (event: string, take: (message: Readonly<Record<string, unknown>>) => void) =>
    (message: unknown): void => {
      // Garbage counts too: the host has sent it.
      resumption.received()
      try {
        if (typeof message !== 'object' || message === null) throw new TypeError('not an object')
        const fields = message as Readonly<Record<string, unknown>>
        connection.sawTime(fields['time'])
        take(fields)
      } catch (e) {
        outbox.error(plainError(e, 'protocol', { hint: `It came in a ${event} message of the host.` }))
      }
      outbox.flush()
    }

  const connection: Connection = createConnection({
    config,
    hooks,
    clock,
    factory: deps.io ?? socketIo,
    session: resumption.session,
    handlers: {
      storeupdate: guarded('storeupdate', (message) =>
        takeStoreUpdate(
          byName,
          (store) => admission.proved(store),
          (error) => outbox.error(error),
          message,
        ),
      ),
      event: guarded('event', ({ eventName, time, event }) =>
        events.plain(text(eventName), number(time), toBytes(event)),
      ),
      keyedevent: guarded('keyedevent', ({ storeName, eventName, key, time, event }) => {
        admission.proved(text(storeName))
        events.keyed(text(storeName), text(eventName), text(key), number(time), toBytes(event))
      }),
      rpccallresp: guarded('rpccallresp', (message) => calls.response(message)),
      viewernotice: guarded('viewernotice', (message) => outbox.error(noticeError(message))),
      datastreamendpoint: guarded('datastreamendpoint', (message) => streams.answer(message)),
    },
    opened(entry) {
      if (entry !== undefined) resumption.entered(entry)
      const stores = new Set<string>()
      for (const feed of feeds.values()) if (feed.keys.size > 0) stores.add(feed.def.name)
      for (const store of events.stores()) stores.add(store)
      admission.opened(stores)
      streams.opened(entry !== undefined)
      calls.opened()
      outbox.flush()
    },
    closed(byServer) {
      const kept = resumption.closed()
      for (const feed of feeds.values()) closeFeed(feed)
      events.closed()
      admission.closed(byServer)
      streams.closed()
      if (!kept) calls.closed(byServer ? null : undefined)
      outbox.flush()
    },
    status(status) {
      streams.clockOffset(status.clockOffset)
      outbox.status(status)
    },
  })

  const grace = createGrace<StoreFeed>(clock, config.graceMs, (feed, keys) => expirePaths(feed, keys, clock.now()))

  /** Spreads the subscriptions that one viewer may have over the stores in use; half of them, because a change of keys holds both sets for a moment. */
  function spreadKeys(): void {
    let used = 0
    for (const feed of feeds.values()) if (feed.paths.size > 0) used++
    const limit = Math.max(1, Math.min(MAX_KEYS_PER_STORE, Math.floor(MAX_SUBSCRIPTIONS / 2 / Math.max(1, used))))
    const fewer = limit < keyLimit
    keyLimit = limit
    if (fewer) for (const feed of feeds.values()) if (feed.planned.size > limit) plan(feed)
  }

  /** Something new is wanted of a store: if it was given up, it is tried again. */
  function giveAnotherChance(store: string): void {
    if (!admission.isBlocked(store)) return
    admission.retry(store)
    release(store)
  }

  function watch(watches: readonly Watch[]): void {
    const perFeed = new Map<StoreFeed, Watch[]>()
    for (const w of watches) {
      const feed = feeds.get(w.store)
      if (feed === undefined) {
        outbox.error(failure('unknown-store', `watch ${w.id} is on store number ${w.store}, which was not defined`))
        continue
      }
      if (watchFeed.has(w.id)) continue
      watchFeed.set(w.id, feed)
      const list = perFeed.get(feed)
      if (list === undefined) perFeed.set(feed, [w])
      else list.push(w)
    }
    for (const [feed, list] of perFeed) {
      giveAnotherChance(feed.def.name)
      watchPaths(feed, list)
    }
    spreadKeys()
    outbox.flush()
  }

  return {
    calls,
    define(store, def) {
      if (feeds.has(store)) return
      const known = byName.get(def.name)
      // A module that was loaded twice, or again, defines the same store under another number.
      const feed =
        known !== undefined && JSON.stringify(known.def) === JSON.stringify(def) ? known : createStoreFeed(def, host)
      feeds.set(store, feed)
      if (known === undefined) byName.set(def.name, feed)
      if (known === undefined || known === feed) return
      feed.conflict = true
      refuse(feed, failure('config', 'two different definitions of one store are in use', { store: def.name }))
    },
    watch,
    unwatch(ids) {
      for (const id of ids) {
        const feed = watchFeed.get(id)
        if (feed === undefined) continue
        watchFeed.delete(id)
        const key = unwatchPath(feed, id, clock.now() + config.graceMs)
        if (key !== null) grace.add(feed, key)
      }
      outbox.flush()
    },
    send: (def, args) => sendOnce(encode, emit, def, args),
    listen(listener, def, key) {
      if (def.kind === 'keyedEvent') giveAnotherChance(def.store)
      return events.listen(listener, def, key)
    },
    unlisten: (listener) => events.unlisten(listener),
    openStream: (def, key, streamPort, stream) => streams.open(def, key, streamPort, stream),
    connect() {
      admission.forgiveAll()
      for (const feed of byName.values()) unblock(feed)
      for (const store of events.stores()) events.sendKeys(store)
      connection.connect()
      outbox.flush()
    },
    disconnect() {
      resumption.close(connection)
      connection.disconnect()
      streams.hangUp()
      calls.rejectAll(failure('disconnected', 'the client disconnected'))
      outbox.flush()
    },
    dispose() {
      streams.dispose()
      resumption.close(connection)
      connection.dispose()
      calls.rejectAll(DISPOSED)
      for (const cancel of timers) cancel()
      outbox.close()
      feeds.clear()
      byName.clear()
      watchFeed.clear()
      news.clear()
    },
  }
}
