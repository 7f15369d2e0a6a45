import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, Server as HttpServer } from 'node:http'
import type { Server as HttpsServer } from 'node:https'
import type { Duplex } from 'node:stream'
import { RivuletError } from '@rivulet/wire'
import { type WebSocket, WebSocketServer } from 'ws'
import type { StreamBroker, StreamLease, StreamOpening } from '../host/streams/stream-broker.ts'
import { createStreamPipe, type StreamSink } from './stream-pipe.ts'
import type { SchedulerOptions } from './stream-scheduler.ts'

/** Produces a stream for one reader. Called when the reader connects; what it returns is called when the reader is gone. Throwing (or rejecting) closes the reader's connection. */
export type StreamSource = (
  opening: Omit<StreamOpening, 'signal'>,
  sink: StreamSink,
) => void | (() => void) | Promise<void | (() => void)>

/** Options of {@link createDataPlane}. */
export interface DataPlaneOptions {
  /** The HTTP(S) server to listen on; it may be the one that the host uses. */
  readonly server: HttpServer | HttpsServer
  /** Where readers reach `path` from outside, such as `wss://example.com/streams`. */
  readonly url: string
  /** Path on `server`; `/streams` by default. */
  readonly path?: string
  readonly source: StreamSource
  /** How long an endpoint is good for, in milliseconds; as long as it is wanted by default. */
  readonly leaseMs?: number
  /** What waits for one reader that does not keep up. */
  readonly scheduler?: SchedulerOptions
  /** Hears of sources that fail; `console.error` by default. */
  readonly onError?: (error: unknown, what: string) => void
}

/** A WebSocket endpoint for high-bandwidth streams. */
export interface DataPlane {
  /** For `createHost({ streams })`. */
  readonly broker: StreamBroker
  /** Endpoints that are given out. */
  readonly leases: number
  /** Readers that are connected. */
  readonly readers: number
  /** Ends all leases and stops listening. The HTTP server lives on. */
  readonly close: () => void
}

/** The subprotocol that readers offer, followed by their token. */
const PROTOCOL = 'rsd1'
/** Readers have nothing to say. */
const MAX_INCOMING = 1024
const REFUSED = { 401: 'Unauthorized', 404: 'Not Found', 410: 'Gone' } as const

interface Lease {
  readonly opening: StreamOpening
  readonly token: Buffer
  readonly expires: number
  reader: WebSocket | null
  timer: NodeJS.Timeout | null
}

/**
 * Serves RSD1 units over WebSocket (session.md §8): the ready data plane of a host. Each endpoint is one stream for one reader and one connection at a time, a newer one
 * replaces the older. A reader opens `new WebSocket(endpoint.url, ['rsd1', endpoint.token])` (or sends the token as a bearer), and gets one binary message per unit.
 *
 * Throws `RivuletError` `config` for options that cannot work.
 *
 * @example
 * const plane = createDataPlane({ server, url: 'wss://example.com/streams', source: ({ key }, sink) => camera(key).pipe(sink) })
 * const host = createHost({ server, streams: plane.broker })
 */
export function createDataPlane(options: DataPlaneOptions): DataPlane {
  const { server, url, source, leaseMs = 0 } = options
  const path = options.path ?? '/streams'
  const failed = options.onError ?? ((error, what) => console.error(what, error))
  if (!/^wss?:\/\//.test(url) || !(leaseMs >= 0 && leaseMs < 2 ** 31)) {
    throw new RivuletError('config', `a data plane cannot have the url ${url} and the lease time ${leaseMs}`, {
      hint: 'The url starts with ws:// or wss://, the time is 0 or more, and less than 25 days.',
    })
  }
  const leases = new Map<string, Lease>()
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_INCOMING,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(PROTOCOL) ? PROTOCOL : false),
  })
  let closed = false

  function open(opening: StreamOpening): StreamLease {
    if (closed) throw new RivuletError('disposed', 'the data plane is closed')
    const leaseID = randomUUID()
    const token = randomBytes(32).toString('base64url')
    const expires = leaseMs === 0 ? 0 : Date.now() + leaseMs
    const lease: Lease = { opening, token: digest(token), expires, reader: null, timer: null }
    leases.set(leaseID, lease)
    if (leaseMs > 0) lease.timer = setTimeout(() => end(leaseID, 'the lease has expired'), leaseMs).unref()
    return {
      leaseID,
      url: `${url.replace(/\/$/, '')}/${leaseID}`,
      token,
      expiresAtUnixMilli: expires,
      close: () => end(leaseID, 'the stream is not wanted any more'),
    }
  }

  function end(leaseID: string, why: string): void {
    const lease = leases.get(leaseID)
    if (lease === undefined) return
    leases.delete(leaseID)
    if (lease.timer !== null) clearTimeout(lease.timer)
    if (lease.reader !== null) hangUp(lease.reader, 1000, why)
  }

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { pathname } = new URL(request.url ?? '/', 'ws://reader')
    if (!pathname.startsWith(`${path}/`)) return
    const lease = leases.get(pathname.slice(path.length + 1))
    if (lease === undefined) refuse(socket, 404)
    else if (!timingSafeEqual(digest(tokenOf(request)), lease.token)) refuse(socket, 401)
    else if (lease.expires !== 0 && lease.expires <= Date.now()) refuse(socket, 410)
    else sockets.handleUpgrade(request, socket, head, (reader) => void read(lease, reader))
  }

  async function read(lease: Lease, reader: WebSocket): Promise<void> {
    if (lease.reader !== null) hangUp(lease.reader, 1000, 'a newer connection has taken over')
    lease.reader = reader
    const { store, stream, key, viewer, level } = lease.opening
    const pipe = createStreamPipe(reader, { store, stream, key }, options.scheduler)
    reader.once('close', () => {
      if (lease.reader === reader) lease.reader = null
    })
    // A reader that speaks breaks the protocol; one that breaks the framing is closed by the library.
    reader.on('message', () => hangUp(reader, 1008, 'a reader only reads'))
    reader.on('error', () => reader.terminate())
    try {
      const stop = await source({ store, stream, key, viewer, level }, pipe.sink)
      if (typeof stop === 'function') pipe.ended(stop)
    } catch (e) {
      failed(e, `the source of ${stream} failed`)
      hangUp(reader, 1011, 'the source failed')
    }
  }

  server.on('upgrade', upgrade)

  return {
    broker: { open },
    get leases() {
      return leases.size
    },
    get readers() {
      return [...leases.values()].filter(({ reader }) => reader !== null).length
    },
    close() {
      closed = true
      server.off('upgrade', upgrade)
      for (const leaseID of Array.from(leases.keys())) end(leaseID, 'the data plane is closed')
    },
  }
}

/** Closes politely; a peer that does not answer is cut off. */
function hangUp(reader: WebSocket, code: number, why: string): void {
  reader.close(code, why)
  const timer = setTimeout(() => reader.terminate(), 2000).unref()
  reader.once('close', () => clearTimeout(timer))
}

// A browser cannot set headers, but it can offer subprotocols, which unlike addresses are not written to logs.
function tokenOf(request: IncomingMessage): string {
  const bearer = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((part) => part.trim())
  return bearer ?? (offered[0] === PROTOCOL ? (offered[1] ?? '') : '')
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

function refuse(socket: Duplex, status: keyof typeof REFUSED): void {
  socket.once('error', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status} ${REFUSED[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
