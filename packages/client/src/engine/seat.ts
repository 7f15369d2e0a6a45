import type { CallResult, EngineControl, PageHooks } from '../protocol.ts'
import type { Events } from './events.ts'
import type { Feeds } from './feeds.ts'
import { createOutbox, type Outbox } from './outbox.ts'
import { buildPatch, type PatchSource } from './patch-builder.ts'
import type { Calls } from './rpc.ts'
import { pageId, seatedId } from './seats.ts'
import type { StoreFeed } from './store-feed.ts'

/** The control plane without promises. */
type SyncControl = {
  readonly [K in keyof EngineControl]: (...args: Parameters<EngineControl[K]>) => Awaited<ReturnType<EngineControl[K]>>
}

/** What an engine does for one of its pages. Ids are the page's own. */
export interface Seat extends Pick<
  SyncControl,
  'define' | 'watch' | 'unwatch' | 'send' | 'listen' | 'unlisten' | 'openStream' | 'connect' | 'disconnect'
> {
  call(...args: Parameters<EngineControl['call']>): Promise<CallResult>
  cancel(id: number): void
  /** The page is gone or wants no more: everything it asked for is given up. The engine ends with its last page. */
  leave(): void
}

/** One page at an engine: its own patches and credits, and a note of everything that it asked for. */
export interface Place {
  readonly number: number
  readonly hooks: PageHooks
  readonly outbox: Outbox
  /** Stores that may have news for the page. */
  readonly news: Set<StoreFeed>
  readonly calls: Set<number>
  readonly listeners: Set<number>
  /** Settles what waits for the page, and can wait no longer. */
  readonly whenGone: Set<() => void>
}

/** Puts a page at an engine's table. `port` leads to it. */
export function createPlace(number: number, port: MessagePort, hooks: PageHooks): Place {
  const news = new Set<StoreFeed>()
  const outbox = createOutbox(port, () => {
    const sources: PatchSource[] = []
    for (const { sources: bySeat } of news) {
      const source = bySeat.get(number)
      if (source !== undefined) sources.push(source)
    }
    news.clear()
    return sources.length === 0 ? null : buildPatch(sources)
  })
  return { number, hooks, outbox, news, calls: new Set(), listeners: new Set(), whenGone: new Set() }
}

/** Gives a page's watches their place in the engine, and takes them away again. */
export function seatFeeds({ number, outbox }: Place, feeds: Feeds): Pick<Seat, 'define' | 'watch' | 'unwatch'> {
  return {
    define(store, def) {
      if (feeds.define(seatedId(number, store), def)) return
      outbox.refuse({
        code: 'config',
        what: 'another tab uses another definition of this store',
        store: def.name,
        hint: 'Two builds of the app are open. This tab gets an engine and a connection of its own.',
      })
    },
    watch: (watches) =>
      feeds.watch(
        number === 0
          ? watches
          : watches.map((watch) => ({
              ...watch,
              id: seatedId(number, watch.id),
              store: seatedId(number, watch.store),
            })),
      ),
    unwatch: (ids) => feeds.unwatch(number === 0 ? ids : ids.map((id) => seatedId(number, id))),
  }
}

/** The same for a page's events. */
export function seatEvents({ number, listeners }: Place, events: Events): Pick<Seat, 'listen' | 'unlisten'> {
  return {
    listen(listener, def, key) {
      const id = seatedId(number, listener)
      const problem = events.listen(id, def, key)
      if (problem === null) listeners.add(id)
      return problem
    },
    unlisten(listener) {
      const id = seatedId(number, listener)
      listeners.delete(id)
      events.unlisten(id)
    },
  }
}

/** The same for a page's calls. */
export function seatCalls({ number, calls: own }: Place, calls: Calls): Pick<Seat, 'call' | 'cancel'> {
  return {
    call(id, rpc, args, timeoutMs) {
      const seated = seatedId(number, id)
      own.add(seated)
      const answer = calls.call(seated, rpc, args, timeoutMs)
      return answer.finally(() => own.delete(seated))
    },
    cancel: (id) => calls.cancel(seatedId(number, id)),
  }
}

/** Hands an event to the page that listens. */
export function deliverTo(place: Place | undefined, listener: number, time: number, bytes: ArrayBuffer): void {
  place?.outbox.event(pageId(listener), time, bytes)
}
