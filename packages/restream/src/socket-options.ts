import { type Client, type ClientOptions, createClient } from '@rivulet/client'
import { RivuletError, type StoreDef } from '@rivulet/wire'

/** A socket of socket.io-client, as far as it says where it goes. */
export interface SocketIoSocket {
  readonly io: { readonly opts: object }
  readonly auth?: unknown
}

/** The same, with what its types keep private. */
interface Innards {
  readonly io: { readonly uri?: string; readonly opts: { readonly path?: string; readonly transports?: unknown } }
  readonly nsp?: string
}

/** Options of `ReStreamSocket`. */
export interface ReStreamSocketOptions {
  /** Viewer sessions, which the host needs too (docs/sessions.md). */
  readonly viewerSessions?: boolean
  /** How long the host may take to answer an attach, milliseconds; 10 000 when absent. */
  readonly sessionAttachTimeoutMs?: number
  /** Only stores of these names are this socket's. */
  readonly storeNames?: readonly string[]
  /** Stores of these names are not. */
  readonly excludedStoreNames?: readonly string[]
  /** The app's login, run by the worker's own socket on every connect, before anything is subscribed. Needed where the app logs in with messages on its socket: that is another connection. */
  readonly authenticate?: ClientOptions['authenticate']
  /** Definitions to use instead of those that are derived from generated classes, for stores with fields that those cannot say (`as: 'bigint'`). */
  readonly stores?: readonly StoreDef[]
  /** Hears every problem that no promise carries; the console when absent. */
  readonly onError?: NonNullable<ClientOptions['onError']>
}

/** Whether this is a Rivulet client already. */
export function isClient(given: Client | SocketIoSocket): given is Client {
  return typeof (given as Partial<Client>).store === 'function' && typeof (given as Partial<Client>).call === 'function'
}

/**
 * A client that goes where this Socket.IO socket goes: same address, path, transports and `auth` payload. The socket itself is left alone.
 *
 * Throws `config` for a socket without an address, or in another namespace than `/`.
 */
export function clientFor(socket: SocketIoSocket, options: ReStreamSocketOptions, sessions: boolean): Client {
  const { io, nsp } = socket as unknown as Innards
  const { uri, opts } = io
  if (uri === undefined) {
    throw new RivuletError('config', 'the socket has no address', {
      hint: 'Pass a socket of socket.io-client, or a client made by createClient.',
    })
  }
  if (nsp !== undefined && nsp !== '/') {
    throw new RivuletError('config', `the socket is in the namespace ${nsp}`, {
      hint: 'Only the default namespace is followed.',
    })
  }
  const transports = Array.isArray(opts.transports)
    ? opts.transports.filter((t): t is 'websocket' | 'polling' => t === 'websocket' || t === 'polling')
    : []
  return createClient({
    url: new URL(uri, globalThis.location?.href).origin,
    path: (opts.path ?? '/socket.io').replace(/\/$/, ''),
    autoConnect: false,
    ...(transports.length > 0 ? { transports } : {}),
    ...(socket.auth === undefined ? {} : { auth: () => payloadOf(socket.auth) }),
    ...(options.authenticate === undefined ? {} : { authenticate: options.authenticate }),
    ...(options.onError === undefined ? {} : { onError: options.onError }),
    ...(sessions ? { sessions: attachTimeout(options.sessionAttachTimeoutMs) } : {}),
  })
}

function attachTimeout(attachTimeoutMs: number | undefined): true | { readonly attachTimeoutMs: number } {
  return attachTimeoutMs === undefined ? true : { attachTimeoutMs }
}

type Payload = Record<string, unknown>

/** Socket.IO takes the payload itself, or a function that passes it to a callback. */
function payloadOf(auth: unknown): Payload | Promise<Payload> {
  if (typeof auth !== 'function') return auth as Payload
  return new Promise((resolve) => (auth as (done: (payload: Payload) => void) => void)(resolve))
}
