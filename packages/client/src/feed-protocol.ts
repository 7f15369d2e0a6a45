import type { EventDef, KeyedEventDef, Path, RpcDef, SendDef, StoreDef } from '@rivulet/wire'
import type { ConnectionStatus, EngineConfig, PlainError } from './protocol.ts'

/**
 * What an engine tells whoever inspects it, over a port of its own (`EngineControl.inspect`). Plain data and bytes, so that it crosses threads, tabs and extensions.
 *
 * The engine speaks first (`hello`), then only when asked: entries come in batches, one for each `more`, so an inspector that is slow, hidden or gone costs nothing that grows. Values stay out: an entry says
 * what kind of message passed and how large it was; its bytes are asked for by number.
 */

/**
 * Both ends must agree.
 *
 * @example
 * port.onmessage = ({ data }) => data.type === 'hello' && data.version !== FEED_VERSION && port.postMessage({ type: 'bye' })
 */
export const FEED_VERSION = 1

/** How a message of the host or to it is called: the Socket.IO event. */
export type FrameKind =
  | 'storeupdate'
  | 'storesub'
  | 'event'
  | 'keyedevent'
  | 'keyedeventsub'
  | 'rpccall'
  | 'rpccallresp'
  | 'viewernotice'
  | 'datastreamendpoint'
  | 'other'

interface Entry {
  /** Its number in this engine, from 1, without gaps. */
  readonly seq: number
  /** Unix milliseconds, with fractions. */
  readonly at: number
}

/** One message between engine and host. */
export interface FrameEntry extends Entry {
  readonly type: 'frame'
  readonly dir: 'in' | 'out'
  readonly kind: FrameKind
  /** The Socket.IO event, where `kind` is `other`. */
  readonly event?: string
  /** Of its binary part; 0 without. The envelope is not counted. */
  readonly bytes: number
  /** The store that it is about. */
  readonly store?: string
  /** Method or event. */
  readonly name?: string
  /** Subscription key or event key. */
  readonly key?: string
  /** Of a `storeupdate`. */
  readonly update?: 'full' | 'partial'
  /** Of a `storesub` or `keyedeventsub`. */
  readonly action?: 'subscribe' | 'unsubscribe'
  /** Of an `rpccall` and its response; absent for calls without response. */
  readonly call?: number
  /** What the engine spent on it, milliseconds; of messages that came in. */
  readonly took?: number
  /** Why it could not be used. */
  readonly error?: PlainError
  /** Of a `storeupdate`: the engine did not apply its bytes (nobody wants it any more, there was no baseline yet, it could not be read), so a replay leaves it out too. */
  readonly unapplied?: true
}

/** One patch from the engine to a page. */
export interface PatchEntry extends Entry {
  readonly type: 'patch'
  /** The page's seat at the engine. */
  readonly page: number
  /** Counted per page, from 1; the page counts too. */
  readonly number: number
  readonly bytes: number
  /** The frames since this page's patch before, first and last: what the patch may be made of. Absent when there were none. */
  readonly from?: number
  readonly to?: number
}

/** A call as its caller sees it: from asking to its answer, also when nothing was ever sent. */
export interface CallEntry extends Entry {
  readonly type: 'call'
  readonly page: number
  /** The page's number for it. */
  readonly id: number
  readonly name: string
  readonly step: 'asked' | 'answered' | 'failed' | 'cancelled'
  readonly error?: PlainError
  /** From asking to the end, milliseconds. */
  readonly took?: number
}

/** The connection changed. */
export interface ConnectionEntry extends Entry {
  readonly type: 'connection'
  readonly status: ConnectionStatus
}

/** A store's state was given up and is asked for again. */
export interface ResyncEntry extends Entry {
  readonly type: 'resync'
  readonly store: string
  readonly error: PlainError
}

/** Something else that the app's `onError` hears. */
export interface ErrorEntry extends Entry {
  readonly type: 'error'
  readonly error: PlainError
}

/** A page came or went. */
export interface PageEntry extends Entry {
  readonly type: 'page'
  readonly page: number
  readonly step: 'joined' | 'left'
}

/** One thing that happened in the engine. */
export type FeedEntry = FrameEntry | PatchEntry | CallEntry | ConnectionEntry | ResyncEntry | ErrorEntry | PageEntry

/** One key that is subscribed at the host. */
export interface FeedKey {
  /** As on the wire; `''` = the whole store. */
  readonly wire: string
  readonly path: Path
  readonly sent: boolean
  readonly live: boolean
}

/** One path that a page follows. */
export interface FeedWatch {
  readonly page: number
  readonly path: Path
  /** A list view rather than the value. */
  readonly list: boolean
}

/** One store at the engine. */
export interface FeedStore {
  readonly name: string
  readonly keys: readonly FeedKey[]
  readonly watches: readonly FeedWatch[]
  /** The host sends whole states whatever the keys say. */
  readonly fullStore: boolean
  /** Why nothing is asked of the host. */
  readonly held?: 'blocked' | 'resync'
  readonly error?: PlainError
  /** Number of the last update that changed the state; 0 before the first. */
  readonly seq: number
}

/** A state of one store, at one moment. */
export interface Checkpoint {
  readonly store: string
  /** It holds right after this entry. */
  readonly seq: number
  readonly at: number
  /** The state in wire bytes (wire.md §6). Zero where nothing is subscribed. */
  readonly state: ArrayBuffer
}

/** A stretch in which the state of a store is not known: it changed otherwise than by messages, and encoding it would have taken too much time or room. */
export interface Gap {
  readonly store: string
  /** It begins right after this entry, and ends with the store's next checkpoint. */
  readonly seq: number
}

/**
 * What the ring has: enough to build the state of every store at its moments.
 *
 * The state right after entry `n` is that of the store's last checkpoint up to `n`, with all its `storeupdate` frames applied that come after the checkpoint, up to `n`, and are not `unapplied`. It is not known where
 * there is no such checkpoint, a gap of the store lies between the checkpoint and `n`, or one of these frames is not among the payloads. What one message of the host led to is one moment with it: its frame, and
 * the entries that it caused.
 */
export interface RingCopy {
  /** The oldest and the newest number of `entries`; 0 and 0 when it is empty. */
  readonly first: number
  readonly last: number
  readonly entries: readonly FeedEntry[]
  /** The binary parts of those frames that have one, by number; without those that are larger than half of the ring. */
  readonly payloads: readonly (readonly [seq: number, bytes: ArrayBuffer])[]
  /** Per store in order; the first of a store is what its first update in the ring applies to. */
  readonly checkpoints: readonly Checkpoint[]
  /** Absent: none. */
  readonly gaps?: readonly Gap[]
}

/** Engine → inspector. */
export type FeedMessage =
  | {
      readonly type: 'hello'
      readonly version: number
      /** When the engine began, Unix milliseconds. */
      readonly since: number
      readonly config: EngineConfig
      readonly status: ConnectionStatus
      /** Seats of the pages; `you` is the one that asked. */
      readonly pages: readonly number[]
      readonly you: number
      /** Bytes that the ring may hold; 0 = it is off. */
      readonly ringBytes: number
      /** The next entry's number. What the ring holds is older. */
      readonly seq: number
    }
  /** In answer to `more`. `lost` = entries that nobody asked for in time, since the last batch. */
  | { readonly type: 'entries'; readonly entries: readonly FeedEntry[]; readonly lost: number }
  /** Descriptors that the engine has learned since the last time; comes before the first entry that needs one. */
  | {
      readonly type: 'defs'
      readonly stores: readonly StoreDef[]
      readonly requests: readonly (RpcDef | SendDef)[]
      readonly events: readonly (EventDef | KeyedEventDef)[]
    }
  | { readonly type: 'answer'; readonly id: number; readonly answer: FeedAnswer }

/** Answers to requests, by `type` of the request. */
export type FeedAnswer =
  | { readonly type: 'stores'; readonly stores: readonly FeedStore[] }
  /** Null where the ring does not have it any more. */
  | { readonly type: 'bytes'; readonly bytes: readonly (ArrayBuffer | null)[] }
  /** Null while nothing of the store is known. */
  | { readonly type: 'state'; readonly checkpoint: Checkpoint | null }
  | { readonly type: 'ring'; readonly ring: RingCopy }
  | { readonly type: 'error'; readonly error: PlainError }

/** Inspector → engine. Those with an `id` are answered under it. */
export type FeedRequest =
  /** The inspector can take another batch; the engine sends it as soon as there is something, at most every 50 ms, and at most 2,000 entries of it. */
  | {
      readonly type: 'more'
      /** With the first: what the ring holds of the time before comes ahead of the rest, the newest 20,000 entries of it. */
      readonly past?: boolean
    }
  | { readonly type: 'stores'; readonly id: number }
  | { readonly type: 'bytes'; readonly id: number; readonly seqs: readonly number[] }
  | { readonly type: 'state'; readonly id: number; readonly store: string }
  | { readonly type: 'ring'; readonly id: number }
  /** How much is kept from now on; 0 turns the ring off and forgets it. */
  | { readonly type: 'keep'; readonly ringBytes: number }
  | { readonly type: 'bye' }
