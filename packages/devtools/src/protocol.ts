import type { FeedMessage, FeedRequest, ProbeChange, ProbeOrigin, ProbeSubscriber } from '@rivulet/client/inspect'
import type { EventDef, KeyedEventDef, Path, RpcDef, SendDef, StoreDef } from '@rivulet/wire'

/**
 * What passes between the agent, which is on the page with the clients, and a panel, wherever that is: beside it, in TanStack Devtools, in the browser's own tools. Plain data, buffers, bigints and maps; a transport that
 * knows only JSON wraps them (transport/json-transport.ts).
 */

/** Both ends must agree. */
export const PANEL_VERSION = 1

/** A two-way line. Messages arrive in order, each in a task of its own. */
export interface Transport<Out, In> {
  send(message: Out, transfer?: readonly Transferable[]): void
  /** Hears every message from now on; what came before waits. */
  listen(listener: (message: In) => void): void
  /** Calls `listener` once, when the other end has gone. */
  closed(listener: () => void): void
  close(): void
  /** Messages that the other end has not taken yet; absent where nobody knows. Who sends much waits while there are many. */
  pending?(): number
}

/** The panel's end and the agent's. */
export type PanelTransport = Transport<PanelMessage, AgentMessage>
export type AgentTransport = Transport<AgentMessage, PanelMessage>

/** One client of the page. */
export interface ClientInfo {
  readonly id: string
  readonly url: string
  /** The page's address and title, to tell tabs apart. */
  readonly page: string
  /** Where the client's engine runs (`Client.mode`), as far as that is known. */
  readonly mode?: string
}

/** What happened on the page (probe.ts of the client); times in Unix milliseconds with fractions. */
export type PageEvent =
  | {
      readonly type: 'patch'
      readonly number: number
      readonly at: number
      readonly bytes: number
      /** Milliseconds: reading the patch, telling the listeners, and the microtasks after it, with React's synchronous renders. */
      readonly apply: number
      readonly notify: number
      readonly settle: number
      readonly changes: readonly ProbeChange[]
      readonly more: number
      /** Hooks that ran between this patch and the next, by origin; `told` = because of this patch. */
      readonly runs: readonly { readonly origin: number; readonly told: number; readonly other: number }[]
    }
  /** Hooks that ran without any patch before them. */
  | {
      readonly type: 'runs'
      readonly at: number
      readonly runs: readonly { readonly origin: number; readonly other: number }[]
    }
  /** Each once, as soon as its name has been found out; elsewhere it may be mentioned before, with the name `''`. */
  | { readonly type: 'origins'; readonly origins: readonly ProbeOrigin[] }
  /** An event that the panel listens to; `listener` is the panel's number. */
  | { readonly type: 'heard'; readonly listener: number; readonly at: number; readonly packet: ArrayBuffer }
  /** An event that the panel asked for cannot be listened to. */
  | { readonly type: 'deaf'; readonly listener: number; readonly why: string }
  /** So many were not kept. */
  | { readonly type: 'lost'; readonly lost: number }

/** A value that the panel shows over the host's: wire bytes of the place's type, null = gone. */
export interface PanelWrite {
  readonly path: Path
  readonly bytes: ArrayBuffer | null
}

/** Agent → panel. */
export type AgentMessage =
  | { readonly type: 'hello'; readonly version: number; readonly clients: readonly ClientInfo[] }
  | { readonly type: 'client'; readonly client: ClientInfo; readonly step: 'made' | 'ended' }
  /** The engine of an attached client speaks. `hello` comes again when another engine took its place. */
  | { readonly type: 'feed'; readonly client: string; readonly message: FeedMessage }
  /** There is no engine now, and why. */
  | { readonly type: 'engine-gone'; readonly client: string; readonly why: string }
  /** In batches, at most every 50 ms. */
  | { readonly type: 'page'; readonly client: string; readonly events: readonly PageEvent[] }
  | { readonly type: 'answer'; readonly id: number; readonly answer: AgentAnswer }
  /** Descriptors that the app has registered (`registerSchema`). */
  | {
      readonly type: 'schema'
      readonly requests: readonly (RpcDef | SendDef)[]
      readonly events: readonly (EventDef | KeyedEventDef)[]
      readonly stores?: readonly StoreDef[]
    }
  /** A client of the page is there that cannot be looked into: its package has another version of what tools see (`PROBE_VERSION`). */
  | { readonly type: 'mismatch'; readonly url: string; readonly version: number; readonly expected: number }

export type AgentAnswer =
  | { readonly type: 'subscribers'; readonly subscribers: readonly ProbeSubscriber[] }
  | { readonly type: 'done' }
  /** The response of a call in wire bytes of its response struct. */
  | { readonly type: 'called'; readonly took: number; readonly response: ArrayBuffer }
  | { readonly type: 'error'; readonly code: string; readonly message: string }

/** Panel → agent. Those with an `id` are answered under it. */
export type PanelMessage =
  /** From now on the panel hears of this client: its engine's feed and its page. */
  | { readonly type: 'attach'; readonly client: string }
  | { readonly type: 'detach'; readonly client: string }
  /** Goes to the engine as it is; its answer comes as `feed`. */
  | { readonly type: 'feed'; readonly client: string; readonly request: FeedRequest }
  | { readonly type: 'subscribers'; readonly id: number; readonly client: string; readonly store: string }
  /** These values are shown instead of the host's; an empty list ends it. */
  | {
      readonly type: 'show'
      readonly id: number
      readonly client: string
      readonly store: string
      readonly writes: readonly PanelWrite[]
    }
  /** `args` in wire bytes of the request struct. */
  | {
      readonly type: 'call'
      readonly id: number
      readonly client: string
      readonly def: RpcDef | SendDef
      readonly args: ArrayBuffer
    }
  /** Listens to an event under the panel's number; `unlisten` ends it. */
  | {
      readonly type: 'listen'
      readonly client: string
      readonly listener: number
      readonly def: EventDef | KeyedEventDef
      readonly key?: string
    }
  | { readonly type: 'unlisten'; readonly client: string; readonly listener: number }
