import type { StreamUnit } from '@rivulet/wire'
import type { EngineConfig, PlainError } from '../../protocol.ts'
import type { StreamLease, StreamState, StreamStatus } from '../../stream-protocol.ts'
import { backoff } from '../backoff.ts'
import type { Clock } from '../clock.ts'
import { failure, plainError } from '../plain-error.ts'
import { createDataLine } from './data-line.ts'
import { checkAddress, type Endpoint } from './endpoint.ts'
import type { OpenDataSocket, ReaderEnd } from './reader.ts'
import { MAX_STREAMS, placeOf, type StreamIdentity, type Subscription, type Subscriptions } from './subscriptions.ts'

/** A data connection that lasted this long was a good one. */
const STABLE_MS = 10_000

/** Bounds of the wait after the host refused a stream, and between renewals that fail. */
const REFUSED_MIN_MS = 5_000
const REFUSED_MAX_MS = 60_000

/** What a feed shares with the others of its engine. */
export interface StreamFeedHost {
  readonly config: EngineConfig
  readonly clock: Clock
  readonly subscriptions: Subscriptions
  readonly openSocket: OpenDataSocket
  /** Where the page comes from; undefined outside browsers. */
  readonly pageOrigin: string | undefined
  readonly isOpen: () => boolean
  /** The host's clock, Unix milliseconds. */
  readonly hostNow: () => number
  readonly report: (error: PlainError) => void
}

export interface StreamFeedOptions {
  readonly identity: StreamIdentity
  readonly maxSilenceMs: number
  /** Whoever takes the stream has had units of it already: until there are new ones, it reconnects. */
  readonly wasLive?: boolean
  readonly unit: (unit: StreamUnit, lost: number) => void
  readonly status: (status: StreamStatus) => void
}

/** One stream, from its subscription to its units. */
export interface StreamFeed {
  /** Something was lost that only a new data connection brings back. It is made when `resume` is called. */
  halt(why: string): void
  resume(): void
  /** A place for another subscription has become free. */
  placeFree(): void
  /** The host's socket is open, and all subscriptions have been sent. */
  opened(): void
  closed(): void
  /** The app wants the connection closed, so the data stops too. */
  hangUp(): void
  end(): void
}

/** A subscription and what came of it. */
interface Hold {
  subscription: Subscription
  endpoint: Endpoint | null
}

/**
 * Keeps one stream going: subscribes, opens the data connection and opens it again while the lease is good, asks for a new lease when it is not, and renews it in time. A renewal makes the new
 * connection before it breaks the old one.
 */
export function createStreamFeed(host: StreamFeedHost, options: StreamFeedOptions): StreamFeed {
  const { config, clock, subscriptions, report } = host
  const { identity } = options
  const place = { store: identity.store, path: placeOf(identity) }
  const line = createDataLine({ ...host, ...options, tookOver, ended: lineEnded })
  /** What the data comes from, or is to come from. */
  let main: Hold | null = null
  /** What it is to come from next. */
  let renewal: Hold | null = null
  let liveSince = 0
  let failures = 0
  let refusals = 0
  let renewals = 0
  let wasLive = options.wasLive ?? false
  let halted = false
  let ended = false
  let trouble: PlainError | undefined
  let refused: PlainError | undefined
  let stopRetry: (() => void) | null = null
  let stopRenewal: (() => void) | null = null
  let shown = ''
  let state: StreamState | undefined
  let since = 0

  function stateNow(): StreamState {
    if (ended) return 'closed'
    if (line.live() !== null) return 'live'
    if (refused !== undefined) return 'error'
    return wasLive ? 'reconnecting' : 'opening'
  }

  function show(): void {
    const next = stateNow()
    if (next !== state) since = clock.now()
    state = next
    const error = state === 'live' || state === 'closed' ? undefined : (refused ?? trouble)
    const endpoint = line.live() ?? main?.endpoint ?? null
    const lease = endpoint === null ? {} : { lease: leaseOf(endpoint) }
    const status = { state, ...lease, ...(error === undefined ? {} : { error }) }
    const text = JSON.stringify(status)
    if (text === shown) return
    shown = text
    options.status({ ...status, since })
  }

  // — the subscription —

  function subscribe(): void {
    clearRetry()
    main = hold()
    if (main === null) {
      refused = failure('limit', `more than ${MAX_STREAMS} data streams at once`, {
        ...place,
        hint: 'Close others; this one opens as soon as there is room. A host would close the connection.',
      })
    }
    show()
  }

  function hold(): Hold | null {
    const made: Partial<Hold> = { endpoint: null }
    const subscription = subscriptions.add(identity, {
      endpoint: (endpoint) => gotEndpoint(made as Hold, endpoint),
      refused: (error) => gotRefusal(made as Hold, error),
    })
    return subscription === null ? null : (Object.assign(made, { subscription }) as Hold)
  }

  function gotEndpoint(to: Hold, endpoint: Endpoint): void {
    if (to !== main && to !== renewal) return
    try {
      checkAddress(endpoint.url, host.pageOrigin)
    } catch (e) {
      to.subscription.release()
      const error = plainError(e, 'protocol', place)
      report(error)
      gotRefusal(to, error)
      return
    }
    const known = to.endpoint?.leaseID === endpoint.leaseID
    refused = undefined
    refusals = 0
    // After the resumption of a session the same lease may be announced twice (session.md §12.4).
    if (known && (line.live() !== null || line.opening() !== null || stopRetry !== null)) return
    if (to === main) dropRenewal()
    to.endpoint = endpoint
    planRenewal(endpoint)
    if (!halted) read(endpoint)
    show()
  }

  function gotRefusal(to: Hold, error: PlainError): void {
    if (to === renewal) {
      renewal = null
      planRenewal(main?.endpoint ?? null)
    } else if (to === main) {
      main = null
      refused = error
      clearRetry()
      stopRetry = clock.after(backoff(refusals++, REFUSED_MIN_MS, REFUSED_MAX_MS, clock.random()), subscribe)
      show()
    }
  }

  function resubscribe(): void {
    line.abandon()
    main?.subscription.release()
    subscribe()
  }

  // — its renewal —

  function planRenewal(endpoint: Endpoint | null): void {
    stopRenewal?.()
    stopRenewal = null
    const left = lifeOf(endpoint)
    if (left === Infinity) return
    const inTime = left * (0.65 + 0.2 * clock.random())
    // A lease that is over when it comes, or a renewal that failed, must not become a storm.
    const pause =
      left > 0 && renewals === 0 ? 0 : backoff(renewals, config.reconnectMinMs, REFUSED_MAX_MS, clock.random())
    stopRenewal = clock.after(Math.max(inTime, pause), renew)
  }

  function renew(): void {
    stopRenewal = null
    // When the connection comes back, everything is planned anew.
    if (!host.isOpen() || main === null || halted) return
    renewals++
    dropRenewal()
    renewal = hold()
    // Without room for both, the old one has to go first.
    if (renewal === null) resubscribe()
  }

  function dropRenewal(): void {
    if (renewal === null) return
    if (line.opening() === renewal.endpoint) line.abandon()
    renewal.subscription.release()
    renewal = null
  }

  /** How long a lease is good for yet, by the host's clock. */
  function lifeOf(endpoint: Endpoint | null): number {
    const { expiresAtUnixMilli = 0 } = endpoint ?? {}
    return expiresAtUnixMilli === 0 ? Infinity : expiresAtUnixMilli - host.hostNow()
  }

  // — the data —

  function read(endpoint: Endpoint): void {
    clearRetry()
    line.read(endpoint)
  }

  function tookOver(endpoint: Endpoint): void {
    liveSince = clock.now()
    wasLive = true
    trouble = undefined
    if (lifeOf(endpoint) > 0) renewals = 0
    if (renewal !== null && endpoint === renewal.endpoint) {
      const before = main
      main = renewal
      renewal = null
      before?.subscription.release()
    }
    show()
  }

  function lineEnded(end: ReaderEnd, endpoint: Endpoint, delivered: boolean): void {
    trouble = { ...end.error, ...place }
    // That a connection ends is no news; what made us end it is.
    if (trouble.code !== 'disconnected') report(trouble)
    failures = delivered && clock.now() - liveSince >= STABLE_MS ? 0 : failures + 1
    if (endpoint === renewal?.endpoint) {
      dropRenewal()
      planRenewal(main?.endpoint ?? null)
      if (line.live() === null) retry(false)
    } else if (line.live() === null ? line.opening() === null : !delivered) retry(end.final || !end.opened)
    show()
  }

  /** Opens a data connection again after a pause: with the lease there is, or with another where that one may be refused. */
  function retry(needsLease: boolean): void {
    if (halted || main === null || stopRetry !== null) return
    const pause = backoff(failures - 1, config.reconnectMinMs, config.reconnectMaxMs, clock.random())
    stopRetry = clock.after(pause, () => {
      stopRetry = null
      const endpoint = main?.endpoint ?? null
      // Without one the answer is on its way, or will be when the connection is back.
      if (endpoint === null) return
      if (host.isOpen() && (needsLease || lifeOf(endpoint) <= 0)) {
        dropRenewal()
        resubscribe()
      } else read(endpoint)
    })
  }

  function clearRetry(): void {
    stopRetry?.()
    stopRetry = null
  }

  function stop(): void {
    line.stop()
    clearRetry()
    stopRenewal?.()
    stopRenewal = null
  }

  subscribe()
  return {
    halt(why) {
      if (halted || ended) return
      halted = true
      trouble = failure('limit', why, {
        ...place,
        hint: 'Units come faster than they are taken; the stream starts anew when that has caught up.',
      })
      report(trouble)
      stop()
      dropRenewal()
      show()
    },
    resume() {
      if (!halted || ended) return
      halted = false
      failures++
      if (main === null) subscribe()
      else {
        planRenewal(main.endpoint)
        retry(false)
      }
    },
    placeFree() {
      if (main !== null || stopRetry !== null || ended || halted) return
      refused = undefined
      subscribe()
    },
    opened() {
      if (ended) return
      if (main !== null) planRenewal(main.endpoint)
      // Another connection may be another viewer.
      else if (!halted) subscribe()
    },
    // What is on its way is asked for again, if at all: by the manifest of a session, or one by one.
    closed: dropRenewal,
    hangUp() {
      if (ended) return
      stop()
      trouble = failure('disconnected', 'the client disconnected', place)
      if (main !== null) main.endpoint = null
      show()
    },
    end() {
      if (ended) return
      ended = true
      stop()
      dropRenewal()
      main?.subscription.release()
      main = null
      show()
    },
  }
}

function leaseOf({ leaseID, expiresAtUnixMilli, metadata }: Endpoint): StreamLease {
  return { leaseID, expiresAtUnixMilli, metadata }
}
