import { io } from 'socket.io-client'

/** The part of a Socket.IO client that the engine uses; a test can script it. */
export interface EngineSocket {
  on(event: string, listener: (...args: unknown[]) => void): unknown
  /** Without an event: all listeners. */
  off(event?: string, listener?: (...args: unknown[]) => void): unknown
  onAny(listener: (event: string, ...args: unknown[]) => void): unknown
  offAny(listener?: (event: string, ...args: unknown[]) => void): unknown
  emit(event: string, ...args: unknown[]): unknown
  connect(): unknown
  disconnect(): unknown
}

/** What a socket is opened with. */
export interface SocketOptions {
  readonly url: string
  readonly path: string
  readonly transports: readonly ('websocket' | 'polling')[]
  readonly auth: Readonly<Record<string, unknown>>
  /** How long opening the transport may take, milliseconds. */
  readonly timeoutMs: number
}

/** Makes a socket that is not connected yet and never reconnects by itself. */
export type SocketFactory = (options: SocketOptions) => EngineSocket

/**
 * The real Socket.IO client. One socket lives for one connection attempt: nothing buffered for a dead connection can leak into the next, and reconnecting is ours alone,
 * because the client's own gives up after `io server disconnect` (pitfall 53).
 */
export const socketIo: SocketFactory = ({ url, path, transports, auth, timeoutMs }) => {
  const socket = io(url, {
    path,
    transports: [...transports],
    auth: { ...auth },
    timeout: timeoutMs,
    autoConnect: false,
    reconnection: false,
    forceNew: true,
  })
  const disconnect = socket.disconnect.bind(socket)
  // Without Socket.IO's own goodbye: its server ignores messages that arrive together with one, and the last of ours ends the viewer session. What was written before still goes out.
  socket.disconnect = () => {
    socket.io.engine?.close()
    return disconnect()
  }
  return socket
}
