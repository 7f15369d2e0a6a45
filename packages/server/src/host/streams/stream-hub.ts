import { RivuletError } from '@rivulet/wire'
import type { HostLimits } from '../limits.ts'
import type { Message } from '../outbox.ts'
import type { Peer } from '../peer.ts'
import type { Viewer } from '../viewer.ts'
import type { StreamBroker, StreamLease } from './stream-broker.ts'
import { requestFault, type StreamRequest } from './stream-request.ts'

/** Data streams of all peers: subscriptions here, payload elsewhere (session.md §8). */
export interface StreamHub {
  /** Whether there is a broker. */
  readonly available: boolean
  open(peer: Peer, request: StreamRequest): void | Promise<void>
  release(peer: Peer, subscriptionID: string): void
  /** Makes `requests` all that the peer has open. */
  sync(peer: Peer, requests: readonly StreamRequest[], level: number): void
  /** The endpoints that the peer has, by subscription id. */
  endpoints(peer: Peer): Message[]
  leave(peer: Peer): void
  /** Resolves when every lease is closed, or given up. */
  idle(): Promise<void>
}

interface Entry {
  readonly request: StreamRequest
  readonly abort: AbortController
  lease: StreamLease | null
}

const CLOSE_MS = 30_000

/** Makes the hub; without a broker every request is answered with an error. */
export function createStreamHub(options: {
  readonly limits: HostLimits
  readonly broker: StreamBroker | undefined
  /** Level that a store's streams need; undefined for an unknown store. */
  readonly minimumOf: (store: string) => number | undefined
  readonly failed: (what: string, error: unknown) => void
}): StreamHub {
  const { limits, broker, minimumOf, failed } = options
  const peers = new Map<Peer, Map<string, Entry>>()
  const closing = new Set<Promise<void>>()

  function open(peer: Peer, request: StreamRequest): void | Promise<void> {
    const { subscriptionID } = request
    const fault = broker === undefined ? UNAVAILABLE : requestFault(request, limits)
    const mine = peers.get(peer)
    if (fault !== null) return refuse(peer, subscriptionID, fault)
    if (mine?.has(subscriptionID) === true) {
      return refuse(peer, subscriptionID, 'the data stream subscription id is in use')
    }
    if (mine !== undefined && mine.size >= limits.dataStreams) {
      throw new RivuletError('limit', `more than ${limits.dataStreams} data streams`)
    }
    // Who asked, even if it is away when its level is known.
    const { viewer } = peer
    return peer.withLevel((level) => start(peer, viewer, request, level))
  }

  function start(peer: Peer, viewer: Viewer, request: StreamRequest, level: number): void {
    const { subscriptionID, store, stream, key } = request
    const minimum = minimumOf(store)
    // A page cannot find out which stores exist.
    if (broker === undefined) refuse(peer, subscriptionID, UNAVAILABLE)
    else if (minimum === undefined || level < minimum) refuse(peer, subscriptionID, 'data stream access denied')
    else {
      const entry: Entry = { request, abort: new AbortController(), lease: null }
      const mine = peers.get(peer) ?? new Map<string, Entry>()
      peers.set(peer, mine.set(subscriptionID, entry))
      const { signal } = entry.abort
      attempt(() => broker.open({ store, stream, key, viewer, level, signal }))
        .then(
          (got) => opened(peer, entry, got),
          (error: unknown) => refused(peer, entry, error),
        )
        .catch((error: unknown) => failed(`the data stream ${subscriptionID} could not be announced`, error))
    }
  }

  function opened(peer: Peer, entry: Entry, lease: StreamLease): void {
    if (entry.abort.signal.aborted) {
      closeLease(lease)
      return
    }
    if (!isLease(lease)) {
      failed(`the broker returned something that is no lease for ${entry.request.stream}`, lease)
      refused(peer, entry, null)
      return
    }
    entry.lease = lease
    peer.outbox.put(endpointMessage(entry.request.subscriptionID, lease))
  }

  function refused(peer: Peer, entry: Entry, error: unknown): void {
    if (entry.abort.signal.aborted) return
    const { subscriptionID } = entry.request
    forget(peer, subscriptionID)
    refuse(peer, subscriptionID, error instanceof Error && error.message !== '' ? error.message : 'no data stream')
  }

  function refuse(peer: Peer, subscriptionID: string, error: string): void {
    peer.outbox.put({ event: 'datastreamendpoint', body: { subscriptionID, error } })
  }

  function forget(peer: Peer, subscriptionID: string): void {
    const mine = peers.get(peer)
    mine?.delete(subscriptionID)
    if (mine?.size === 0) peers.delete(peer)
  }

  function release(peer: Peer, subscriptionID: string): void {
    const entry = peers.get(peer)?.get(subscriptionID)
    if (entry === undefined) return
    forget(peer, subscriptionID)
    end(entry)
  }

  function end({ abort, lease: held }: Entry): void {
    abort.abort()
    if (held !== null) closeLease(held)
  }

  function closeLease(held: StreamLease): void {
    const closed = withTimeout(
      attempt(() => held.close()),
      CLOSE_MS,
    ).catch((error: unknown) => failed(`the lease ${held.leaseID} of a data stream could not be closed`, error))
    closing.add(closed)
    void closed.finally(() => closing.delete(closed))
  }

  return {
    available: broker !== undefined,
    open,
    release,
    sync(peer, requests, level) {
      const wanted = new Map(requests.map((request) => [request.subscriptionID, request]))
      const mine = new Map(peers.get(peer))
      for (const [id, { request }] of mine) {
        if (!isSame(request, wanted.get(id))) release(peer, id)
        else wanted.delete(id)
      }
      for (const request of wanted.values()) start(peer, peer.viewer, request, level)
    },
    endpoints(peer) {
      const entries = [...(peers.get(peer)?.values() ?? [])].flatMap(({ request, lease: held }) =>
        held === null ? [] : [{ id: request.subscriptionID, held }],
      )
      return entries
        .toSorted((a, b) => Buffer.compare(Buffer.from(a.id), Buffer.from(b.id)))
        .map(({ id, held }) => endpointMessage(id, held))
    },
    leave(peer) {
      const mine = peers.get(peer)
      peers.delete(peer)
      for (const entry of mine?.values() ?? []) end(entry)
    },
    async idle() {
      await Promise.all(closing)
    },
  }
}

const UNAVAILABLE = 'this host has no data streams'

/** Runs application code that may throw, return or promise. */
async function attempt<T>(work: () => T | Promise<T>): Promise<T> {
  return work()
}

function isLease(lease: StreamLease | null | undefined): boolean {
  if (lease === null || lease === undefined) return false
  const { leaseID, url, token, expiresAtUnixMilli } = lease
  return [leaseID, url, token].every((text) => typeof text === 'string') && Number.isSafeInteger(expiresAtUnixMilli)
}

function isSame(a: StreamRequest, b: StreamRequest | undefined): boolean {
  return b !== undefined && a.store === b.store && a.stream === b.stream && a.key === b.key
}

function endpointMessage(subscriptionID: string, held: StreamLease): Message {
  const { leaseID, url, token, expiresAtUnixMilli, metadata } = held
  const endpoint = { leaseID, url, token, expiresAtUnixMilli, ...(metadata === undefined ? {} : { metadata }) }
  return { event: 'datastreamendpoint', body: { subscriptionID, endpoint } }
}

async function withTimeout(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new RivuletError('timeout', `it took longer than ${ms} ms`)), ms)
    timer.unref()
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
