import type { EngineSocket, SocketFactory, SocketOptions } from '../../src/engine/socket.ts'

type Listener = (...args: unknown[]) => void

/** A scripted Socket.IO client: the test plays the host, call by call. */
export class FakeSocket implements EngineSocket {
  readonly options: SocketOptions
  readonly listeners = new Map<string, Set<Listener>>()
  readonly any = new Set<(event: string, ...args: unknown[]) => void>()
  readonly emitted: [string, ...unknown[]][] = []
  connects = 0
  closed = false
  /** Runs on every emit: an automatic host. */
  react: ((event: string, message: Record<string, unknown>) => void) | null = null

  constructor(options: SocketOptions) {
    this.options = options
  }

  on(event: string, listener: Listener): void {
    let set = this.listeners.get(event)
    if (set === undefined) this.listeners.set(event, (set = new Set()))
    set.add(listener)
  }

  off(event?: string, listener?: Listener): void {
    if (event === undefined) this.listeners.clear()
    else if (listener === undefined) this.listeners.delete(event)
    else this.listeners.get(event)?.delete(listener)
  }

  onAny(listener: (event: string, ...args: unknown[]) => void): void {
    this.any.add(listener)
  }

  offAny(listener?: (event: string, ...args: unknown[]) => void): void {
    if (listener === undefined) this.any.clear()
    else this.any.delete(listener)
  }

  emit(event: string, ...args: unknown[]): void {
    if (this.closed) throw new Error(`emit ${event} on a closed socket`)
    this.emitted.push([event, ...args])
    this.react?.(event, args[0] as Record<string, unknown>)
  }

  connect(): void {
    this.connects++
  }

  disconnect(): void {
    this.closed = true
  }

  /** The host's side: something arrives. */
  receive(event: string, ...args: unknown[]): void {
    if (!RESERVED.has(event)) for (const listener of this.any) listener(event, ...args)
    for (const listener of this.listeners.get(event) ?? []) listener(...args)
  }

  listenerCount(): number {
    let n = this.any.size
    for (const set of this.listeners.values()) n += set.size
    return n
  }

  /** What was sent under this event name. */
  sent(event: string): Record<string, unknown>[] {
    return this.emitted.filter(([name]) => name === event).map(([, message]) => message as Record<string, unknown>)
  }
}

const RESERVED = new Set(['connect', 'connect_error', 'disconnect'])

export interface FakeNet {
  readonly factory: SocketFactory
  readonly sockets: FakeSocket[]
  readonly last: FakeSocket
}

export function fakeNet(prepare: (socket: FakeSocket) => void = () => undefined): FakeNet {
  const sockets: FakeSocket[] = []
  return {
    sockets,
    factory(options) {
      const socket = new FakeSocket(options)
      sockets.push(socket)
      prepare(socket)
      return socket
    },
    get last() {
      const socket = sockets.at(-1)
      if (socket === undefined) throw new Error('no socket was opened')
      return socket
    },
  }
}
