import type {
  Checkpoint,
  FeedEntry,
  FeedMessage,
  FeedStore,
  ProbeOrigin,
  ProbeSubscriber,
  RingCopy,
} from '@rivulet/client/inspect'
import type { EventDef, KeyedEventDef, RpcDef, SendDef, StoreDef } from '@rivulet/wire'
import type { ClientInfo, PageEvent, PanelWrite } from '../protocol.ts'
import type { Log } from './log.ts'

/** The time of one engine in the logs of a client. */
export interface Era {
  /** Entries from this number on are of this engine, those below of one before it. */
  readonly seq: number
  /** When the panel first heard of it, Unix milliseconds. */
  readonly at: number
}

/** What the panel knows of one client, and what it can ask. Bounded; plain reads, no subscriptions: the panel calls the visible view after changes. */
export interface ClientModel {
  readonly info: ClientInfo
  /** The engine's last greeting; undefined while there is no engine. */
  readonly hello: Extract<FeedMessage, { type: 'hello' }> | undefined
  /** Why there is no engine. */
  readonly gone: string | undefined
  /** Grows with every change of anything here. */
  readonly version: number
  /**
   * What passed, oldest first. Numbers only grow: those of an engine that took another's place go on behind the other's (`eras` says where), here and in everything else that has numbers of entries or patches.
   * Where one is missing, something passed that the panel did not hear of. Bytes of an engine before are gone.
   */
  readonly entries: Log<FeedEntry>
  /** The engines that there were, oldest first, at most the last 100; the last is the one that speaks. */
  readonly eras?: readonly Era[]
  /** How many entries passed that are not in `entries` because nobody took them, or because of `paused`. */
  readonly lost?: number
  /** The newest 1,000 entries about the connection, resyncs, errors and pages: they are there also when `entries` has no room for them any more, and while paused. */
  readonly session?: Log<FeedEntry>
  /** What happened on the page, oldest first; without `origins` and `heard`. */
  readonly page: Log<PageEvent>
  /** Those that hooks have named, by id. */
  readonly origins: ReadonlyMap<number, ProbeOrigin>
  readonly stores: ReadonlyMap<string, StoreDef>
  /** Calls, by method name: what the engine has seen, and what the app registered. */
  readonly requests: ReadonlyMap<string, RpcDef | SendDef>
  /** Events, by `name` or `store.name`. */
  readonly events: ReadonlyMap<string, EventDef | KeyedEventDef>
  /** While paused nothing is added to `entries` and `page`; what passes meanwhile counts as lost. */
  paused: boolean
  /** Forgets `entries` and `page`. */
  clear(): void

  /** Each rejects with an error that can be shown when the engine or the page is gone. */
  feedStores(): Promise<readonly FeedStore[]>
  /** Binary parts of frames, null where they are no longer kept. Those asked for before come from memory. */
  bytes(seqs: readonly number[]): Promise<readonly (Uint8Array | null)[]>
  state(store: string): Promise<Checkpoint | null>
  ring(): Promise<RingCopy>
  /** How much the engine keeps from now on, bytes. */
  keep(ringBytes: number): void
  subscribers(store: string): Promise<readonly ProbeSubscriber[]>
  /** What is shown over the host's values, per store; kept here so that every view sees it. */
  readonly shown: ReadonlyMap<string, readonly PanelWrite[]>
  show(store: string, writes: readonly PanelWrite[]): Promise<void>
  call(def: RpcDef | SendDef, args: Uint8Array): Promise<{ readonly took: number; readonly response: Uint8Array }>
  /** Hears an event until the returned function is called; also adds nothing to the logs by itself. */
  listen(
    def: EventDef | KeyedEventDef,
    key: string | undefined,
    heard: (at: number, packet: Uint8Array) => void,
  ): () => void
}
