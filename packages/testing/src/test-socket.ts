import type { EngineSocket } from '@rivulet/client/parts'
import type { Traffic } from './traffic.ts'

type Listener = (...args: unknown[]) => void
type AnyListener = (event: string, ...args: unknown[]) => void

/** What a server does with a socket. */
export interface SocketHandlers {
  /** The page wants to connect; returns whether it may. */
  open(socket: TestSocket): boolean
  message(socket: TestSocket, event: string, body: unknown): void
  /** The page hung up. */
  close(socket: TestSocket): void
}

/** A Socket.IO client whose server is in the same process. */
export interface TestSocket extends EngineSocket {
  /** Sends to the page; what is sent to a page that has hung up meanwhile is lost, as on a network. */
  send(event: string, body: unknown): void
  /** The connection ends, for `reason`. */
  drop(reason: string): void
}

/** Makes a socket that is not connected yet. */
export function createTestSocket(traffic: Traffic, handlers: SocketHandlers): TestSocket {
  const listeners = new Map<string, Set<Listener>>()
  const any = new Set<AnyListener>()
  let state: 'new' | 'open' | 'closed' = 'new'

  const tell = (event: string, ...args: unknown[]): void => {
    for (const listener of listeners.get(event) ?? []) listener(...args)
  }

  const socket: TestSocket = {
    on(event, listener) {
      const known = listeners.get(event) ?? new Set()
      listeners.set(event, known.add(listener))
    },
    off(event, listener) {
      if (event === undefined) listeners.clear()
      else if (listener === undefined) listeners.delete(event)
      else listeners.get(event)?.delete(listener)
    },
    onAny: (listener) => void any.add(listener),
    offAny(listener) {
      if (listener === undefined) any.clear()
      else any.delete(listener)
    },
    emit(event, body) {
      traffic.later(() => {
        if (state === 'open') handlers.message(socket, event, body)
      })
    },
    connect() {
      traffic.later(() => {
        if (state !== 'new') return
        if (handlers.open(socket)) {
          state = 'open'
          tell('connect')
        } else {
          state = 'closed'
          tell('connect_error', new Error('the test server is disconnected'))
        }
      })
    },
    disconnect() {
      const wasOpen = state === 'open'
      state = 'closed'
      if (wasOpen) handlers.close(socket)
    },
    send(event, body) {
      traffic.later(() => {
        if (state !== 'open') return
        for (const listener of any) listener(event, body)
        tell(event, body)
      })
    },
    drop(reason) {
      // What was sent before still arrives.
      traffic.later(() => {
        if (state !== 'open') return
        state = 'closed'
        tell('disconnect', reason)
      })
    },
  }
  return socket
}
