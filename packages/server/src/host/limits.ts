import { RivuletError } from '@rivulet/wire'

/** What one viewer may use (session.md §9). Exceeding one closes that viewer's connection and is logged. */
export interface HostLimits {
  /** Store subscriptions, duplicates counted. Default 4096. */
  readonly storeSubscriptions: number
  /** Keyed-event subscriptions, duplicates counted. Default 4096. */
  readonly keyedEventSubscriptions: number
  /** Messages waiting for a slow viewer; updates of one store count once. Eight times as many may wait for a second, because nobody reads while one turn of the event loop makes them. Default 1024. */
  readonly queuedMessages: number
  /** Bytes of those. Default 64 MiB. */
  readonly queuedBytes: number
  /** Live updates held back while a catch-up is made. Default 1024. */
  readonly heldUpdates: number
  /** Messages from one viewer waiting for an asynchronous access lookup. Default 1024. */
  readonly waitingRequests: number
  /** Calls of one viewer that have not been answered. Default 128. */
  readonly rpcsInFlight: number
  /** Calls without response of one viewer that have not ended. Default 128. */
  readonly sendsInFlight: number
  /** Request bytes of a call. Default 16 MiB. */
  readonly rpcRequestBytes: number
  /** Request bytes of a call without response. Default 4 MiB. */
  readonly sendRequestBytes: number
  /** UTF-8 bytes of a method name. Default 512. */
  readonly methodNameBytes: number
  /** UTF-8 bytes of a subscription key or keyed-event key. Default 4096. */
  readonly keyBytes: number
  /** UTF-8 bytes of a keyed event's name. Default 256. */
  readonly eventNameBytes: number
  /** Data streams of one viewer. Default 64. */
  readonly dataStreams: number
  /** Events and answers kept for a viewer that is away. Default 1024. */
  readonly sessionEvents: number
  /** Bytes of those. Default 8 MiB. */
  readonly sessionEventBytes: number
  /** Stores with changes kept for a viewer that is away. Default 1024. */
  readonly sessionStores: number
  /** Bytes of those changes. Default 32 MiB. */
  readonly sessionStoreBytes: number
  /** Bytes of everything that a page lists when it attaches. Default 4 MiB. */
  readonly sessionManifestBytes: number
}

const DEFAULTS: HostLimits = {
  storeSubscriptions: 4096,
  keyedEventSubscriptions: 4096,
  queuedMessages: 1024,
  queuedBytes: 64 * 1024 * 1024,
  heldUpdates: 1024,
  waitingRequests: 1024,
  rpcsInFlight: 128,
  sendsInFlight: 128,
  rpcRequestBytes: 16 * 1024 * 1024,
  sendRequestBytes: 4 * 1024 * 1024,
  methodNameBytes: 512,
  keyBytes: 4096,
  eventNameBytes: 256,
  dataStreams: 64,
  sessionEvents: 1024,
  sessionEventBytes: 8 * 1024 * 1024,
  sessionStores: 1024,
  sessionStoreBytes: 32 * 1024 * 1024,
  sessionManifestBytes: 4 * 1024 * 1024,
}

/** The limits with defaults filled in; 0 and less mean the default. Throws `config` for what is not a number. */
export function limitsOf(given: Partial<HostLimits> = {}): HostLimits {
  const out: Record<string, number> = { ...DEFAULTS }
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(DEFAULTS, name) || typeof value !== 'number' || Number.isNaN(value)) {
      throw new RivuletError('config', `limits.${name} is not a limit that can be set to ${String(value)}`, {
        hint: `Known limits: ${Object.keys(DEFAULTS).join(', ')}.`,
      })
    }
    if (value > 0) out[name] = value
  }
  return out as unknown as HostLimits
}

/** Length of `text` in UTF-8. */
export function utf8Length(text: string): number {
  return Buffer.byteLength(text, 'utf8')
}
