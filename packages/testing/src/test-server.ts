import type { Client } from '@rivulet/client'
import type { EventDef, KeyedEventDef, Path, RpcDef, SendDef, StoreDef } from '@rivulet/wire'
import type { Draft } from './draft.ts'
import type { TestClientOptions } from './test-client.ts'

/** Something that a page is subscribed to. */
export interface TestSubscription {
  /** The store's name. */
  readonly store: string
  /** The key as it travels; `''` is the whole store. */
  readonly key: string
  /** What the key means; `[]` is the whole store, null when it leads nowhere or the store has no state yet. */
  readonly path: Path | null
}

/**
 * A host for tests. Made by `createTestServer`. What it sends is on its way when a method returns and arrives a moment later, as from a real host; `settled()` waits for it.
 */
export interface TestServer {
  /**
   * Makes a client that is connected to this server. It is a real one; in Node it connects with its first subscription or call, as always.
   *
   * @example
   * const client = server.client()
   */
  client(options?: TestClientOptions): Client
  /**
   * Gives a store its state, or puts fields over the state that it has; what is not named keeps its value, at first its zero value. Before the first `set`, a page that subscribes sees `loading`.
   *
   * Throws `invalid-value` or `out-of-range`, naming the field.
   *
   * @example
   * server.set(BoardStore, { xTurn: true })
   */
  set<S>(def: StoreDef<S>, fields: Partial<S>): void
  /**
   * Changes a store by plain assignment on a copy; pages get the least delta. When the recipe throws, nothing has happened.
   *
   * Throws `unknown-store` before the first `set`, `config` when the recipe is asynchronous, `invalid-value` or `out-of-range` naming the field.
   *
   * @example
   * server.update(BoardStore, (draft) => { draft.xTurn = !draft.xTurn })
   */
  update<S>(def: StoreDef<S>, recipe: (draft: Draft<S>) => void): void
  /**
   * The state of a store. Throws `unknown-store` before the first `set`.
   *
   * @example
   * expect(server.state(BoardStore).xTurn).toBe(false)
   */
  state<S>(def: StoreDef<S>): S
  /**
   * Answers a call. What the handler throws reaches the caller as an `rpc` error with its text. A call that nobody answers fails with a text that says so. The handler that came last counts; the returned
   * function takes it back. Throws `schema` for a descriptor without its structs.
   *
   * @example
   * server.on(PlaceToken, ({ x, y }) => server.update(BoardStore, (draft) => { draft.cells[y][x] = 'X' }))
   */
  on<Args, Result>(rpc: RpcDef<Args, Result>, handler: (args: Args) => Result | Promise<Result>): () => void
  /** Takes a call without an answer. */
  on<Args>(send: SendDef<Args>, handler: (args: Args) => void | Promise<void>): () => void
  /**
   * Sends an event to every connected page. Throws `invalid-value` or `out-of-range`, naming the field.
   *
   * @example
   * server.emit(ServerTime, { currentTime: 5 })
   */
  emit<Packet>(event: EventDef<Packet>, packet: Packet): void
  /** Sends an event of a store to the pages that listen to `key`. Throws `config` for an empty key. */
  emit<Packet>(event: KeyedEventDef<Packet>, key: string, packet: Packet): void
  /**
   * Ends all connections and refuses new ones. Pages keep what they show, and try again with growing pauses.
   *
   * @example
   * server.disconnect()
   * await server.settled()
   * expect(client.connection.get().state).toBe('disconnected')
   */
  disconnect(): void
  /** Takes connections again. Pages that want one come back at once, without waiting for their next attempt. */
  reconnect(): void
  /**
   * What all pages together are subscribed to, in the order in which they asked.
   *
   * @example
   * expect(server.subscriptions().map(({ path }) => path)).toEqual([['xTurn']])
   */
  subscriptions(): readonly TestSubscription[]
  /**
   * Resolves when nothing is on its way any more: calls have been answered, patches and events have arrived, listeners have run. It sleeps for nothing and waits for no clock, so it works with fake timers.
   * A handler that waits for something else than promises that are settled already is not waited for.
   *
   * Rejects with `limit` when pages and server never stop.
   */
  settled(): Promise<void>
  /** Disposes of every client. Nothing is left behind. */
  dispose(): Promise<void>
}
