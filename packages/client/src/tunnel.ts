import { RivuletError } from '@rivulet/wire'
import type { Endpoint } from 'comlink'

/**
 * A line between two tabs through which MessagePorts can be transferred. A BroadcastChannel, the only thing that reaches from tab to tab without a SharedWorker, cannot take them: so each transferred port
 * stays where it is, and what it would carry goes through the channel under a number.
 *
 * A frame is `{ to, data, ports }`: `to` = 0 the line itself, otherwise the number of a port; `ports` = numbers of the ports that `data` holds, each in its place as `{ [PORT]: index }`. A frame with
 * `closed` says that the port has been closed at the other end, where the browser tells (the `close` event of MessagePort).
 *
 * Buffers are copied, because a channel transfers nothing. Other things that can only be transferred make `postMessage` throw a `DataCloneError`.
 */
export interface Tunnel extends Endpoint {
  /** Closes the line and every port in it. */
  close(): void
}

/** What a tunnel goes through: a BroadcastChannel that only two sides use. */
export interface Channel {
  postMessage(message: unknown): void
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void
  close(): void
}

interface Frame {
  readonly to: number
  readonly data?: unknown
  readonly ports?: readonly number[]
  readonly closed?: true
}

const PORT = 'rivulet-port'

/** Ports at a time. A page has one for data, one for hooks, one per login and one per data stream. */
const MAX_PORTS = 4096

/** Deeper than any message with ports in it. */
const MAX_DEPTH = 16

/**
 * Makes one end of a tunnel. The two ends have different `side`s, so that both can number ports without asking each other.
 *
 * Sending throws `limit` when more than 4096 ports are in the tunnel.
 *
 * @example
 * const page = createTunnel(new BroadcastChannel('line'), 0) // elsewhere: createTunnel(new BroadcastChannel('line'), 1)
 */
export function createTunnel(channel: Channel, side: 0 | 1): Tunnel {
  const ports = new Map<number, MessagePort>()
  const target = new EventTarget()
  let lastNumber = side
  let closed = false

  const drop = (number: number): void => {
    const port = ports.get(number)
    if (port === undefined) return
    ports.delete(number)
    port.close()
  }

  /** From now on `port` speaks through the tunnel. */
  const carry = (number: number, port: MessagePort): void => {
    ports.set(number, port)
    port.addEventListener('message', ({ data, ports: inner }: MessageEvent) => send(number, data, inner))
    port.addEventListener('close', () => {
      if (!ports.has(number)) return
      drop(number)
      channel.postMessage({ to: number, closed: true } satisfies Frame)
    })
    port.start()
  }

  function send(to: number, data: unknown, transfer: readonly Transferable[]): void {
    if (closed) return
    const inside = transfer.filter((one) => one instanceof MessagePort)
    if (inside.length === 0) {
      channel.postMessage({ to, data } satisfies Frame)
      return
    }
    if (ports.size + inside.length > MAX_PORTS) {
      throw new RivuletError('limit', `more than ${MAX_PORTS} ports between two tabs`)
    }
    const numbers = inside.map(() => (lastNumber += 2))
    channel.postMessage({ to, data: takeOut(data, inside, 0), ports: numbers } satisfies Frame)
    // After the frame, so that the other end knows the number before anything comes under it.
    for (const [i, port] of inside.entries()) carry(numbers[i] as number, port)
  }

  channel.addEventListener('message', ({ data: frame }: MessageEvent<Frame>) => {
    if (closed) return
    if (frame.closed === true) {
      drop(frame.to)
      return
    }
    const arrived = (frame.ports ?? []).map((number) => {
      const { port1, port2 } = new MessageChannel()
      carry(number, port1)
      return port2
    })
    const data = arrived.length === 0 ? frame.data : putIn(frame.data, arrived, 0)
    if (frame.to !== 0) {
      ports.get(frame.to)?.postMessage(data, arrived)
      return
    }
    target.dispatchEvent(new MessageEvent('message', { data }))
  })

  return {
    postMessage: (message, transfer = []) => send(0, message, transfer),
    addEventListener: (type, listener) => target.addEventListener(type, listener),
    removeEventListener: (type, listener) => target.removeEventListener(type, listener),
    close() {
      if (closed) return
      closed = true
      const all = [...ports.keys()]
      for (const number of all) drop(number)
      channel.close()
    },
  }
}

/** A copy of `data` with a note in the place of each port. Ports lie in plain objects and arrays. */
function takeOut(data: unknown, inside: readonly MessagePort[], depth: number): unknown {
  if (data instanceof MessagePort) return { [PORT]: inside.indexOf(data) }
  return copyWith(data, depth, (part) => takeOut(part, inside, depth + 1))
}

function putIn(data: unknown, arrived: readonly MessagePort[], depth: number): unknown {
  if (isPlain(data) && typeof data[PORT] === 'number') return arrived[data[PORT]]
  return copyWith(data, depth, (part) => putIn(part, arrived, depth + 1))
}

function copyWith(data: unknown, depth: number, change: (part: unknown) => unknown): unknown {
  if (depth > MAX_DEPTH) return data
  if (Array.isArray(data)) return data.map(change)
  if (!isPlain(data)) return data
  return Object.fromEntries(Object.entries(data).map(([name, part]) => [name, change(part)]))
}

function isPlain(data: unknown): data is Readonly<Record<string, unknown>> {
  if (typeof data !== 'object' || data === null) return false
  const proto: unknown = Object.getPrototypeOf(data)
  return proto === Object.prototype || proto === null
}
