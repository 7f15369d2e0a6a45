import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { createPipe, type Pipe } from './link-pipe.ts'

/** `up` = from the viewer to the host, `down` = from the host to the viewer. */
export type Direction = 'up' | 'down'

/** What a link does to everything that passes through it, open connections and new ones. Rates in bytes per second, times in milliseconds. */
export type LinkMode =
  | { readonly kind: 'pass' }
  /** Every connection ends, by RST or FIN, and new ones end as soon as they are made. */
  | { readonly kind: 'cut'; readonly how: 'reset' | 'end' }
  /** Half-open: bytes are taken and vanish, goodbyes too, and both sockets stay up. */
  | { readonly kind: 'silent'; readonly direction: Direction | 'both' }
  /** Nobody reads: buffers on the way fill up, nothing is lost, and everything goes on where it stopped. */
  | { readonly kind: 'stalled'; readonly direction: Direction | 'both' }
  | { readonly kind: 'slow'; readonly bytesPerSecond: number; readonly latencyMs: number }

/** Bytes of all connections so far, per direction. */
interface LinkBytes {
  /** Read from the sender. */
  readonly taken: Readonly<Record<Direction, number>>
  /** Written to the receiver. */
  readonly passed: Readonly<Record<Direction, number>>
  /** Swallowed while the link was silent. */
  readonly lost: Readonly<Record<Direction, number>>
}

/** A TCP proxy on 127.0.0.1 that can be made to fail the ways networks do. */
export interface FaultyLink {
  /** Where viewers connect. */
  readonly port: number
  /** Where new connections lead; a host that restarts elsewhere keeps its viewers this way. */
  target: number
  readonly mode: LinkMode
  /** Open connections. */
  readonly connections: number
  /** Connections that viewers have made so far. */
  readonly accepted: number
  readonly bytes: LinkBytes
  set(mode: LinkMode): void
  close(): Promise<void>
}

interface Pair {
  readonly viewer: Socket
  /** Null when the connection was made while nothing got through. */
  readonly host: Socket | null
  readonly pipes: readonly Pipe[]
}

/**
 * Opens a link to `target` in mode `pass`. It listens until `close`.
 *
 * A connection that lost bytes is reset as soon as the link stops being silent: a TCP stream with a hole in it does not exist.
 *
 * @example
 * const link = await createFaultyLink(port)
 * link.set({ kind: 'silent', direction: 'down' })
 */
export async function createFaultyLink(target: number): Promise<FaultyLink> {
  const counts = { taken: { up: 0, down: 0 }, passed: { up: 0, down: 0 }, lost: { up: 0, down: 0 } }
  const pairs = new Set<Pair>()
  let mode: LinkMode = { kind: 'pass' }
  let accepted = 0
  let leadsTo = target

  // Half-open connections are the point: a socket that heard a goodbye keeps its own side.
  const server = createServer({ allowHalfOpen: true, noDelay: true }, welcome)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })

  function welcome(viewer: Socket): void {
    accepted++
    viewer.on('error', ignore)
    if (mode.kind === 'cut') {
      hangUp(viewer, mode.how)
      return
    }
    const unheard = mode.kind === 'silent' && mode.direction !== 'down'
    const host = unheard ? null : connect({ port: leadsTo, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
    host?.on('error', ignore)
    const add = (kind: keyof typeof counts, direction: Direction) => (bytes: number) =>
      void (counts[kind][direction] += bytes)
    const pipeOf = (direction: Direction, from: Socket, to: Socket | null): Pipe =>
      createPipe(from, to, direction, mode, {
        taken: add('taken', direction),
        passed: add('passed', direction),
        lost: add('lost', direction),
      })
    const pipes = [pipeOf('up', viewer, host)]
    if (host !== null) pipes.push(pipeOf('down', host, viewer))
    const pair: Pair = { viewer, host, pipes }
    pairs.add(pair)
    viewer.once('close', () => closed(pair, 'up'))
    host?.once('close', () => closed(pair, 'down'))
  }

  /** One side is gone. The other learns of it, unless the link is silent that way. */
  function closed(pair: Pair, tells: Direction): void {
    const { viewer, host } = pair
    if (mode.kind === 'silent' && (mode.direction === 'both' || mode.direction === tells)) {
      if (viewer.destroyed && host?.destroyed !== false) forget(pair)
      return
    }
    forget(pair)
    for (const socket of [viewer, host]) if (socket?.destroyed === false) socket.resetAndDestroy()
  }

  function forget(pair: Pair): void {
    pairs.delete(pair)
    for (const pipe of pair.pipes) pipe.close()
  }

  function set(next: LinkMode): void {
    mode = next
    for (const pair of Array.from(pairs)) {
      const { viewer, host, pipes } = pair
      const broken = host === null || viewer.destroyed || host.destroyed || pipes.some((pipe) => pipe.hasHole)
      if (next.kind === 'cut' || (broken && next.kind !== 'silent')) {
        forget(pair)
        const how = next.kind === 'cut' ? next.how : 'reset'
        hangUp(viewer, how)
        if (host !== null) hangUp(host, how)
      } else for (const pipe of pipes) pipe.set(next)
    }
  }

  return {
    port: (server.address() as AddressInfo).port,
    get target() {
      return leadsTo
    },
    set target(port) {
      leadsTo = port
    },
    get mode() {
      return mode
    },
    get connections() {
      return pairs.size
    },
    get accepted() {
      return accepted
    },
    bytes: counts,
    set,
    async close() {
      set({ kind: 'cut', how: 'reset' })
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function hangUp(socket: Socket, how: 'reset' | 'end'): void {
  if (how === 'reset') socket.resetAndDestroy()
  // The peer gets its FIN, and nothing it still sends is heard.
  else socket.end(() => socket.destroy())
}

/** Broken connections are what a link is for; `close` follows and is dealt with. */
function ignore(): void {}
