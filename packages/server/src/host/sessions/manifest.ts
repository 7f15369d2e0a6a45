import { RivuletError } from '@rivulet/wire'
import { type Tuple, tupleFault } from '../event-hub.ts'
import { type HostLimits, utf8Length } from '../limits.ts'
import { readFields } from '../read-fields.ts'
import { requestFault, type StreamRequest } from '../streams/stream-request.ts'

/** Everything that a page wants when it attaches; duplicates are gone. */
export interface Manifest {
  /** Empty for a new session. */
  readonly sessionID: string
  readonly stores: ReadonlyMap<string, ReadonlySet<string>>
  readonly keyedEvents: readonly Tuple[]
  readonly dataStreams: readonly StreamRequest[]
  /** How many messages of the session the viewer has received; null for one that does not count. */
  readonly received: number | null
}

/** Even an empty entry costs something. */
const ENTRY_BYTES = 16

/** Reads `viewersessionattach`. Throws `protocol` for what is not one, `limit` when it is too large. */
export function readManifest(message: unknown, limits: HostLimits): Manifest {
  const fields = readFields(message, {
    sessionID: 'string',
    storeSubscriptions: 'list',
    keyedEventSubscriptions: 'list',
    dataStreamSubscriptions: 'list',
    received: 'int',
  })
  let bytes = 0
  const entry = <T extends Readonly<Record<string, unknown>>>(value: T): T => {
    bytes += ENTRY_BYTES
    for (const part of Object.values(value)) if (typeof part === 'string') bytes += utf8Length(part)
    if (bytes > limits.sessionManifestBytes) {
      throw new RivuletError('limit', `the manifest is larger than ${limits.sessionManifestBytes} bytes`)
    }
    return value
  }
  const stores = new Map<string, Set<string>>()
  for (const value of fields.storeSubscriptions) {
    const { storeName, key } = entry(readFields(value, { storeName: 'string', key: 'string' }))
    const keys = stores.get(storeName)
    if (keys === undefined) stores.set(storeName, new Set([key]))
    else keys.add(key)
  }
  const keyedEvents = fields.keyedEventSubscriptions.map((value) => {
    const { storeName, eventName, key } = entry(
      readFields(value, { storeName: 'string', eventName: 'string', key: 'string' }),
    )
    return { store: storeName, event: eventName, key }
  })
  const dataStreams = fields.dataStreamSubscriptions.map((value) => {
    const { subscriptionID, storeName, streamName, key } = entry(
      readFields(value, { subscriptionID: 'string', storeName: 'string', streamName: 'string', key: 'string' }),
    )
    return { subscriptionID, store: storeName, stream: streamName, key }
  })
  return {
    sessionID: fields.sessionID,
    stores,
    keyedEvents: unique(keyedEvents),
    dataStreams: unique(dataStreams),
    received: Object.hasOwn(Object(message) as object, 'received') ? fields.received : null,
  }
}

function unique<T extends object>(all: readonly T[]): T[] {
  return [...new Map(all.map((one) => [JSON.stringify(Object.values(one)), one])).values()]
}

/** What is wrong with a manifest for a viewer of `level`; null when nothing is. `minimumOf` knows the stores. */
export function manifestFault(
  manifest: Manifest,
  level: number,
  minimumOf: (store: string) => number | undefined,
  limits: HostLimits,
): string | null {
  const { stores, keyedEvents, dataStreams } = manifest
  let count = 0
  for (const [name, keys] of stores) {
    const fault = storeFault(name, level, minimumOf)
    if (fault !== null) return fault
    for (const key of keys) {
      if (utf8Length(key) > limits.keyBytes)
        return `a subscription key of ${name} is longer than ${limits.keyBytes} bytes`
    }
    count += keys.size
  }
  if (count > limits.storeSubscriptions) return `more than ${limits.storeSubscriptions} store subscriptions`
  for (const tuple of keyedEvents) {
    const fault = storeFault(tuple.store, level, minimumOf) ?? tupleFault(tuple, limits)
    if (fault !== null) return fault
  }
  if (keyedEvents.length > limits.keyedEventSubscriptions) {
    return `more than ${limits.keyedEventSubscriptions} keyed-event subscriptions`
  }
  return streamsFault(dataStreams, limits)
}

function storeFault(name: string, level: number, minimumOf: (store: string) => number | undefined): string | null {
  const minimum = minimumOf(name)
  if (minimum === undefined) return `there is no store called "${name.slice(0, 100)}"`
  return level < minimum ? `store ${name} needs level ${minimum}, the viewer has ${level}` : null
}

function streamsFault(requests: readonly StreamRequest[], limits: HostLimits): string | null {
  if (requests.length > limits.dataStreams) return `more than ${limits.dataStreams} data streams`
  const ids = new Set<string>()
  for (const request of requests) {
    const fault = requestFault(request, limits)
    if (fault !== null) return fault
    if (ids.has(request.subscriptionID)) return 'two data streams have the same subscription id'
    ids.add(request.subscriptionID)
  }
  return null
}
