import { toBytes } from '@rivulet/wire'
import type { ConnectionStatus, EngineConfig, PageHooks, PlainError } from '../protocol.ts'
import { createAdmission } from './admission.ts'
import { type Clock, systemClock } from './clock.ts'
import { createRequestEncoder } from './codecs.ts'
import { type Connection, createConnection } from './connection.ts'
import { createEvents } from './events.ts'
import { createFeeds } from './feeds.ts'
import { number, takeStoreUpdate, text } from './incoming.ts'
import type { CreateResumption, CreateTap, Extras, StartOffline } from './extras.ts'
import { createLateStreams } from './late-streams.ts'
import { createInspection } from './inspect/inspection.ts'
import type { Tap } from './inspect/tap.ts'
import { noticeError } from './notice.ts'
import { copyBuffer } from './own-buffer.ts'
import { failure, plainError } from './plain-error.ts'
import type { Resumption } from './resumption.ts'
import { createCalls } from './rpc.ts'
import { createPlace, deliverTo, type Place, type Seat, seatCalls, seatEvents, seatFeeds } from './seat.ts'
import { seatHooks } from './seat-hooks.ts'
import { seatOf } from './seats.ts'
import { sendOnce } from './send.ts'
import { type SocketFactory, socketIo } from './socket.ts'
import type { FeedHost, StoreFeed } from './store-feed.ts'
import { expectCatchUp } from './store-resync.ts'
import type { StreamHandlers } from './streams/handlers.ts'
import type { OpenDataSocket } from './streams/reader.ts'
import { createTrackedClock } from './tracked-clock.ts'
import { withoutSessions } from './without-sessions.ts'

/** What an engine finds where it runs; and what a test puts in the place of the outside world. */
export interface EngineDeps {
  readonly io?: SocketFactory
  readonly clock?: Clock
  /** What takes the units of data streams off the page. */
  readonly streamHandlers?: StreamHandlers
  readonly dataSocket?: OpenDataSocket
  /** Where states are kept for offline use; the browser's own when absent, nowhere when null. */
  readonly indexedDB?: IDBFactory | null
  /** Milliseconds from anywhere, with fractions; what devtools show of times, and how much of it they may take, is measured with it. */
  readonly stopwatch?: () => number
}

/** What the options of an engine ask for, loaded. */
export interface Optional {
  readonly startOffline: StartOffline | undefined
  readonly createResumption: CreateResumption | undefined
  readonly createTap: CreateTap | undefined
}

/** Why what is asked of an engine that was disposed fails. */
export const DISPOSED: PlainError = failure('disposed', 'the client was disposed')

/** A started engine: one connection, one state of every store, for one page or for several. */
export interface RunningEngine {
  /** One more page, at the other end of `port`. */
  join(port: MessagePort, hooks: PageHooks): Seat
  /** How many pages there are. */
  pages(): number
  /** Resolves when what is kept for offline use is saved. */
  saveOffline(): Promise<void>
}

/** Puts the parts of an engine together. It ends when its last page leaves. */
export function runEngine(
  config: EngineConfig,
  deps: EngineDeps & { readonly extras: Extras },
  { startOffline, createResumption, createTap }: Optional,
): RunningEngine {
  const places = new Map<number, Place>()
  let status: ConnectionStatus | undefined
  let tap: Tap | null = null

  const flush = (): void => {
    for (const { outbox } of places.values()) outbox.flush()
  }
  /** What there was to tell before the first page had joined. */
  const early: PlainError[] = []
  const tellAll = (error: PlainError, resynced?: StoreFeed): void => {
    tap?.error(error, resynced)
    if (places.size === 0) early.push(error)
    for (const { outbox } of places.values()) outbox.error(error)
  }

  // Whatever a timer did is flushed.
  const clock = createTrackedClock(deps.clock ?? systemClock, flush)
  const encode = createRequestEncoder()

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
    news(feed) {
      for (const { news } of places.values()) news.add(feed)
    },
    error: tellAll,
    lists: deps.extras.lists,
    flush,
    odd: (feed) => tap?.odd(feed),
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

  const inspection = createInspection({
    config,
    clock,
    stopwatch: deps.stopwatch ?? (() => performance.now()),
    feeds: feeds.named,
    status: () => status ?? { state: 'disconnected', since: clock.now(), attempt: 0, clockOffset: null },
    pages: () => [...places.keys()],
    createTap,
    extra: deps.extras.tap,
    failed: tellAll,
    tapped(now) {
      tap = now
    },
  })

  const offline = startOffline?.(config, deps, {
    clock,
    feed: (store) => feeds.named.get(store),
    error: tellAll,
    flush,
  })

  const events = createEvents({
    ask: (store) => connection.isOpen() && admission.ask(store),
    emitSub(storeName, eventName, key, action) {
      if (emit('keyedeventsub', { storeName, eventName, action, key }) && action === 0) admission.sent(storeName)
    },
    deliver: (listener, time, bytes) => deliverTo(places.get(seatOf(listener)), listener, time, copyBuffer(bytes)),
  })

  const streams = createLateStreams(deps.extras.streams, {
    config,
    clock,
    emit,
    isOpen: () => connection.isOpen(),
    report: tellAll,
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

  const allFeeds = (): Iterable<StoreFeed> => feeds.named.values()
  const resumption: Resumption =
    config.sessions === undefined || createResumption === undefined
      ? withoutSessions(allFeeds)
      : createResumption({ config: config.sessions, clock, feeds: allFeeds, events, calls, admission, streams })

  /** Hands a message to `take` if it is one; garbage is reported and costs nothing else (pitfalls 21, 23). */
  const guarded =
    (event: string, take: (message: Readonly<Record<string, unknown>>) => void) =>
    (message: unknown): void => {
      // Garbage counts too: the host has sent it.
      resumption.received()
      tap?.received(event, message)
      try {
        if (typeof message !== 'object' || message === null) throw new TypeError('not an object')
        const fields = message as Readonly<Record<string, unknown>>
        connection.sawTime(fields['time'])
        take(fields)
      } catch (e) {
        tellAll(plainError(e, 'protocol', { hint: `It came in a ${event} message of the host.` }))
      }
      tap?.took()
      flush()
    }

  const handlers = {
    storeupdate: guarded('storeupdate', (message) => {
      takeStoreUpdate(feeds.named, (store) => admission.proved(store), tellAll, message)
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
    viewernotice: guarded('viewernotice', (message) => tellAll(noticeError(message))),
    datastreamendpoint: guarded('datastreamendpoint', (message) => streams.answer(message)),
  }

  const connection: Connection = createConnection({
    config,
    hooks: seatHooks(places),
    clock,
    factory: inspection.overhear(deps.io ?? socketIo, new Set(Object.keys(handlers))),
    session: resumption.session,
    handlers,
    opened(entry) {
      if (entry !== undefined) resumption.entered(entry)
      const stores = feeds.subscribed()
      for (const store of events.stores()) stores.add(store)
      admission.opened(stores)
      streams.opened(entry !== undefined)
      calls.opened()
      flush()
    },
    closed(byServer) {
      const kept = resumption.closed()
      feeds.closed()
      events.closed()
      admission.closed(byServer)
      streams.closed()
      if (!kept) calls.closed(byServer ? null : undefined)
      flush()
    },
    status(now) {
      status = now
      tap?.connection(now)
      streams.clockOffset(now.clockOffset)
      for (const { outbox } of places.values()) outbox.status(now)
    },
  })

  const connect = (): void => {
    admission.forgiveAll()
    for (const store of feeds.named.keys()) feeds.unblock(store)
    for (const store of events.stores()) events.sendKeys(store)
    connection.connect()
    flush()
  }

  const disconnect = (): void => {
    resumption.close(connection)
    connection.disconnect()
    streams.hangUp()
    calls.rejectAll(failure('disconnected', 'the client disconnected'))
    flush()
  }

  /** Everything that a page asked for is given up; the others notice nothing. */
  const vacate = (place: Place): void => {
    places.delete(place.number)
    tap?.page(place.number, 'left')
    for (const done of place.whenGone) done()
    for (const id of place.calls) calls.cancel(id)
    for (const id of place.listeners) events.unlisten(id)
    feeds.leave(place.number)
    offline?.unwatched()
    streams.leave(place.number)
    flush()
  }

  const end = (): void => {
    offline?.end()
    streams.dispose()
    resumption.close(connection)
    connection.dispose()
    calls.rejectAll(DISPOSED)
    clock.stop()
    tap?.close()
    for (const { outbox } of places.values()) outbox.close()
    feeds.clear()
    places.clear()
  }

  return {
    pages: () => places.size,
    saveOffline: async () => offline?.save(),
    join(port, hooks) {
      // The first that is free: with a new one for everybody who ever came, ids would become too large in a worker that lives for months.
      let seat = 0
      while (places.has(seat)) seat++
      const place = createPlace(seat, port, hooks, (patch, bytes) => tap?.patched(seat, patch, bytes))
      const { outbox } = place
      places.set(seat, place)
      tap?.page(seat, 'joined')
      if (status !== undefined) outbox.status(status)
      for (const error of early.splice(0)) outbox.error(error)
      const stores = seatFeeds(place, feeds)
      const requests = seatCalls(place, calls)
      return {
        ...seatEvents(place, events),
        ...requests,
        call(id, rpc, args, timeoutMs) {
          const ended = tap?.asked(seat, id, rpc)
          const answer = requests.call(id, rpc, args, timeoutMs)
          if (ended !== undefined) void answer.then(ended)
          return answer
        },
        define(store, def) {
          stores.define(store, def)
          const known = feeds.named.get(def.name)
          if (known !== undefined) inspection.learn(known.def)
        },
        watch(watches) {
          stores.watch(watches)
          offline?.watched()
          flush()
        },
        unwatch(ids) {
          stores.unwatch(ids)
          offline?.unwatched()
          flush()
        },
        send(def, args) {
          tap?.requested(def)
          return sendOnce(encode, emit, def, args)
        },
        listen(listener, def, key) {
          inspection.learn(def)
          if (def.kind === 'keyedEvent') giveAnotherChance(def.store)
          return seatEvents(place, events).listen(listener, def, key)
        },
        openStream: (def, key, streamPort, stream) => streams.open(def, key, streamPort, stream, seat),
        connect,
        disconnect() {
          // The others still want it; a page that shares leaves instead.
          if (places.size === 1) disconnect()
        },
        inspect: (inspector) => inspection.inspect(inspector, seat),
        leave() {
          if (!places.has(seat)) return
          if (places.size === 1) {
            end()
            return
          }
          vacate(place)
          outbox.close()
        },
      }
    },
  }
}
