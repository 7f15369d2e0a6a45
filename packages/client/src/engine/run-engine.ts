import { toBytes } from '@rivulet/wire'
import type { EngineConfig, EngineControl, PageHooks, PlainError } from '../protocol.ts'
import { createAdmission } from './admission.ts'
import { type Clock, systemClock } from './clock.ts'
import { createRequestEncoder } from './codecs.ts'
import { type Connection, createConnection } from './connection.ts'
import { createEvents } from './events.ts'
import { createFeeds } from './feeds.ts'
import { number, takeStoreUpdate, text } from './incoming.ts'
import { noticeError } from './notice.ts'
import { startOffline } from './offline/create-offline.ts'
import { createOutbox } from './outbox.ts'
import { copyBuffer } from './own-buffer.ts'
import { buildPatch } from './patch-builder.ts'
import { failure, plainError } from './plain-error.ts'
import { createResumption, type Resumption } from './resumption.ts'
import { type Calls, createCalls } from './rpc.ts'
import { sendOnce } from './send.ts'
import { type SocketFactory, socketIo } from './socket.ts'
import type { FeedHost, StoreFeed } from './store-feed.ts'
import { expectCatchUp } from './store-resync.ts'
import type { StreamHandlers } from './streams/handlers.ts'
import type { OpenDataSocket } from './streams/reader.ts'
import { createStreams } from './streams/streams.ts'
import { createTrackedClock } from './tracked-clock.ts'

/** What an engine finds where it runs; and what a test puts in the place of the outside world. */
export interface EngineDeps {
  readonly io?: SocketFactory
  readonly clock?: Clock
  /** What takes the units of data streams off the page. */
  readonly streamHandlers?: StreamHandlers
  readonly dataSocket?: OpenDataSocket
  /** Where states are kept for offline use; the browser's own when absent, nowhere when null. */
  readonly indexedDB?: IDBFactory | null
}

/** Why what is asked of an engine that was disposed fails. */
export const DISPOSED: PlainError = failure('disposed', 'the client was disposed')

/** A started engine. */
export interface RunningEngine extends Pick<
  SyncControl,
  'define' | 'watch' | 'unwatch' | 'send' | 'listen' | 'unlisten' | 'openStream' | 'connect' | 'disconnect' | 'dispose'
> {
  readonly calls: Calls
  /** Resolves when what is kept for offline use is saved. */
  saveOffline(): Promise<void>
}

/** The control plane without promises. */
type SyncControl = {
  readonly [K in keyof EngineControl]: (...args: Parameters<EngineControl[K]>) => Awaited<ReturnType<EngineControl[K]>>
}

/** Puts the parts of an engine together. `port` leads to the page. */
export function runEngine(config: EngineConfig, port: MessagePort, hooks: PageHooks, deps: EngineDeps): RunningEngine {
  // Whatever a timer did is flushed.
  const clock = createTrackedClock(deps.clock ?? systemClock, () => outbox.flush())
  const news = new Set<StoreFeed>()
  const encode = createRequestEncoder()

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
    keyLimit: () => feeds.keyLimit(),
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
      feeds.sendKeys(store)
      events.sendKeys(store)
    },
    block(store) {
      feeds.refuse(
        store,
        failure('unknown-store', 'the host closes the connection whenever this store is subscribed', {
          store,
          hint: 'Either it has no store of this name, or your access level is too low. It is tried again after a while, when its watches change, or when connect() is called.',
        }),
      )
    },
    release,
  })

  /** A block has ended: what waits for the store goes out. */
  function release(store: string): void {
    feeds.unblock(store)
    events.sendKeys(store)
  }

  /** Something new is wanted of a store: if it was given up, it is tried again. */
  function giveAnotherChance(store: string): void {
    if (!admission.isBlocked(store)) return
    admission.retry(store)
    release(store)
  }

  const feeds = createFeeds({ host, graceMs: config.graceMs, giveAnotherChance })

  const offline = startOffline(config, deps, {
    clock,
    feed: (store) => feeds.named.get(store),
    error: (error) => outbox.error(error),
    flush: () => outbox.flush(),
  })

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
    feeds: () => feeds.named.values(),
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
      storeupdate: guarded('storeupdate', (message) => {
        takeStoreUpdate(
          feeds.named,
          (store) => admission.proved(store),
          (error) => outbox.error(error),
          message,
        )
        offline?.updated(message['storeName'])
      }),
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
      const stores = feeds.subscribed()
      for (const store of events.stores()) stores.add(store)
      admission.opened(stores)
      streams.opened(entry !== undefined)
      calls.opened()
      outbox.flush()
    },
    closed(byServer) {
      const kept = resumption.closed()
      feeds.closed()
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

  return {
    calls,
    define: (store, def) => feeds.define(store, def),
    watch(watches) {
      feeds.watch(watches)
      offline?.watched()
      outbox.flush()
    },
    unwatch(ids) {
      feeds.unwatch(ids)
      offline?.unwatched()
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
      for (const store of feeds.named.keys()) feeds.unblock(store)
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
    saveOffline: async () => offline?.save(),
    dispose() {
      offline?.end()
      streams.dispose()
      resumption.close(connection)
      connection.dispose()
      calls.rejectAll(DISPOSED)
      clock.stop()
      outbox.close()
      feeds.clear()
      news.clear()
    },
  }
}
