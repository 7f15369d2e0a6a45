import type { StreamUnit } from '@rivulet/wire'
import type { PlainError } from './protocol.ts'

/**
 * What passes between the page and the engine for one data stream, on a MessagePort of its own: its units cannot delay patches, and its backpressure is nobody else's.
 */

/** `opening` no data yet · `live` · `reconnecting` it was live and will be again · `error` refused, and asked for again after a while · `closed`. */
export type StreamState = 'opening' | 'live' | 'reconnecting' | 'error' | 'closed'

/** What the host said about the endpoint. Its address and token stay in the engine. */
export interface StreamLease {
  readonly leaseID: string
  /** Unix milliseconds of the host's clock; 0 = as long as the stream is wanted. It is renewed before that. */
  readonly expiresAtUnixMilli: number
  readonly metadata: Readonly<Record<string, string>>
}

/** A data stream as the page sees it. */
export interface StreamStatus {
  readonly state: StreamState
  /** When the state changed, Unix milliseconds. */
  readonly since: number
  /** Where the data comes from, since there was an endpoint. */
  readonly lease?: StreamLease
  /** Why it is not live, when it is not. */
  readonly error?: PlainError
}

/** What comes along with a unit. */
export interface UnitInfo {
  /** Units that are missing before this one: lost on the way, or dropped because nobody took them in time. */
  readonly lost: number
}

/** How the engine treats one stream. */
export interface StreamConfig {
  /** Units that may wait for the page. */
  readonly maxUnits: number
  /** Bytes of payload that may wait for the page. */
  readonly maxBytes: number
  /** Silence after which the data connection counts as dead, milliseconds; 0 = never. */
  readonly maxSilenceMs: number
}

/** Page → engine. */
export type StreamPageMessage =
  /** The page is done with so much. */
  | { readonly type: 'taken'; readonly units: number; readonly bytes: number }
  /** For the worker's own handler. */
  | { readonly type: 'post'; readonly message: unknown }
  | { readonly type: 'close' }

/** Engine → page. The buffer under `unit.payload` is transferred. */
export type StreamEngineMessage =
  | { readonly type: 'unit'; readonly unit: StreamUnit; readonly lost: number }
  | { readonly type: 'status'; readonly status: StreamStatus }
  | { readonly type: 'post'; readonly message: unknown }
