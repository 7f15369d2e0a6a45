import type { Socket } from 'socket.io'

/** A connected page, as the application sees it. */
export interface Viewer {
  /** Unique among the connections of this host. */
  readonly id: string
  /** What the page sent when it connected (`auth` of the Socket.IO handshake). Not verified by anybody. */
  readonly auth: Readonly<Record<string, unknown>>
  /** The Socket.IO socket, for the application's own events and the HTTP handshake. */
  readonly socket: Socket
  /** Room for the application's own notes. */
  readonly data: Record<string, unknown>
  /** Closes the connection. */
  disconnect(): void
}

/** Level of a viewer: a whole number, 0 = public. Called for every operation; throwing (or rejecting) closes the connection. */
export type AccessLookup = (viewer: Viewer) => number | Promise<number>
