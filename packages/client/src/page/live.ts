import type { EventDef, KeyedEventDef, RivuletError } from '@rivulet/wire'
import type { ConnectionStatus } from '../protocol.ts'
import type { ClientConfig } from './client-config.ts'
import type { Observation } from './observation.ts'
import type { StoreCore } from './page-store.ts'
import type { PathNode } from './path-node.ts'
import type { readSlot } from './read-slot.ts'
import type { Cell } from './readable.ts'
import type { StreamEntry } from './stream-entry.ts'
import type { Client, ClientMode, ClientOptions, EventInfo } from './types.ts'

/**
 * The part of a client that deals with an engine: session, followed paths, events, calls, decoding. The rest of the page renders without it, so it is loaded apart (bridge/load-live.ts).
 */
export interface Live extends Pick<Client, 'call' | 'send'> {
  readonly mode: Promise<ClientMode>
  readonly readSlot: typeof readSlot
  hold(store: StoreCore, node: PathNode): void
  release(store: StoreCore, node: PathNode): void
  on(
    event: EventDef | KeyedEventDef,
    key: string | undefined,
    listener: (packet: unknown, info: EventInfo) => void,
  ): () => void
  openStream(entry: StreamEntry): void
  closeStream(entry: StreamEntry): void
  connect(): void
  disconnect(): void
  /** The engine's feed goes to `port`. Waits for an engine that is not there yet; rejects when it ends, or none can come. */
  inspect(port: MessagePort): Promise<never>
  end(error: RivuletError): Promise<void>
}

/** What a {@link Live} needs of its client. */
export interface LiveSetup {
  readonly options: ClientOptions
  readonly config: ClientConfig
  readonly connection: Cell<ConnectionStatus>
  /** What is noted for tools, if anything. */
  readonly observation?: Observation | undefined
  readonly report: (error: RivuletError) => void
}

/** Makes the live part of a client. */
export type CreateLive = (setup: LiveSetup) => Live

/** Finds {@link CreateLive}; the page's tests bring their own, at once. */
export type LoadLive = (request: LoadRequest) => CreateLive | Promise<CreateLive>

/** What a load needs to know. */
export interface LoadRequest {
  readonly worker: ClientConfig['worker']
  /** Aborted when the client ends. */
  readonly signal: AbortSignal
  /** The engine is wanted too, and nobody else's, so its worker can start meanwhile. */
  readonly begin: boolean
}
