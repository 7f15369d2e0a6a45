import type { EventEmitter } from 'node:events'
import { createServer, type RequestListener, type Server as HttpServer } from 'node:http'
import type { Server as HttpsServer } from 'node:https'
import type { Duplex } from 'node:stream'
import { RivuletError } from '@rivulet/wire'
import { type Namespace, Server, type ServerOptions } from 'socket.io'

/** Where viewers connect: exactly one of `io`, `server` and `port`. */
export interface TransportOptions {
  /** An existing Socket.IO server (its `namespace` is used) or namespace. Its options stay as they are. */
  readonly io?: Server | Namespace
  /** An existing HTTP(S) server, which keeps serving everything outside `path`. */
  readonly server?: HttpServer | HttpsServer
  /** A port of our own; 0 picks a free one. */
  readonly port?: number
  /** Interface for `port`; all by default. */
  readonly hostname?: string
  /** Path of the Socket.IO endpoint; `/socket` by default. */
  readonly path?: string
  /** Socket.IO namespace; `/` by default. */
  readonly namespace?: string
  /** Which web origins may connect, as in Socket.IO; by default only the page's own. */
  readonly cors?: ServerOptions['cors']
}

/** An open endpoint. */
export interface Transport {
  readonly namespace: Namespace
  /** Resolves with the port once viewers can connect; rejects when the port cannot be had. */
  readonly listening: Promise<number>
  /** Gives back what was opened here, and only that. */
  close(): Promise<void>
}

/** JSON and framing around the largest request. */
const ENVELOPE_BYTES = 64 * 1024

/** Opens the endpoint; a server of our own answers other requests by `answer`. Throws `config` unless exactly one of `io`, `server` and `port` is given. */
export function openTransport(options: TransportOptions, largestRequest: number, answer: RequestListener): Transport {
  const { io, server, port, hostname } = options
  if ([io, server, port].filter((way) => way !== undefined).length !== 1) {
    throw new RivuletError('config', 'a host needs exactly one of `io`, `server` and `port`', {
      hint: 'For a server of its own, pass `port` (0 picks a free one).',
    })
  }
  const name = options.namespace ?? '/'
  if (io !== undefined) {
    const namespace = io instanceof Server ? io.of(name) : io
    return {
      namespace,
      listening: Promise.resolve(portOf(namespace.server.httpServer)),
      close: async () => undefined,
    }
  }
  const http = server ?? createServer(answer)
  const before = listenersOf(http)
  const own = new Server(http, {
    path: options.path ?? '/socket',
    // Compression keeps a window per connection and gains little on packed bytes.
    perMessageDeflate: false,
    serveClient: false,
    // Engine.IO's own limit of 1 MB would cut off requests that the protocol allows (pitfall 85).
    maxHttpBufferSize: largestRequest + ENVELOPE_BYTES,
    ...(options.cors === undefined ? {} : { cors: options.cors }),
  })
  const namespace = own.of(name)
  if (server !== undefined) {
    return { namespace, listening: listening(server), close: () => detach(own, server, before) }
  }
  const sockets = new Set<Duplex>()
  http.on('connection', (socket: Duplex) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  http.listen(port, hostname)
  return { namespace, listening: listening(http), close: () => closeAll(own, sockets) }
}

/** How long peers may take to close their side. */
const GOODBYE_MS = 1000

// A server closes when its last connection does, and a peer whose network is gone never closes it.
async function closeAll(own: Server, sockets: ReadonlySet<Duplex>): Promise<void> {
  const timer = setTimeout(() => {
    for (const socket of sockets) socket.destroy()
  }, GOODBYE_MS)
  await own.close()
  clearTimeout(timer)
}

function portOf(http: unknown): number {
  const address = (http as Partial<HttpServer> | undefined)?.address?.()
  return typeof address === 'object' && address !== null ? address.port : 0
}

function listening(http: HttpServer | HttpsServer): Promise<number> {
  if (http.listening) return Promise.resolve(portOf(http))
  return new Promise((resolve, reject) => {
    http.once('listening', () => resolve(portOf(http)))
    http.once('error', (cause) => {
      reject(new RivuletError('config', 'the host cannot listen', { cause, hint: `${cause.message}.` }))
    })
  })
}

type Listener = (...args: unknown[]) => void

interface Listeners {
  readonly request: readonly Listener[]
  readonly upgrade: readonly Listener[]
}

function listenersOf(http: HttpServer | HttpsServer): Listeners {
  return { request: listed(http, 'request'), upgrade: listed(http, 'upgrade') }
}

function listed(http: HttpServer | HttpsServer, event: 'request' | 'upgrade'): readonly Listener[] {
  return http.listeners(event) as unknown as readonly Listener[]
}

// Server.close() would close the application's HTTP server too, so its listeners are put back by hand.
async function detach(own: Server, http: HttpServer | HttpsServer, before: Listeners): Promise<void> {
  own.disconnectSockets(true)
  own.engine.close()
  const emitter: EventEmitter = http
  for (const event of ['request', 'upgrade'] as const) {
    const now = listed(http, event)
    for (const added of now) if (!before[event].includes(added)) emitter.off(event, added)
    // Engine.IO took the request listeners over and called them for other paths.
    for (const listener of before[event]) if (!now.includes(listener)) emitter.on(event, listener)
  }
}
