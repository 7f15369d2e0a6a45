import type { EngineSocket } from '@rivulet/client/parts'
import type { Line } from './turns.ts'

type Listener = (...args: unknown[]) => void

/** A message of the host: the Socket.IO event and its body. */
export interface HostMessage {
  readonly event: string
  readonly body: Readonly<Record<string, unknown>>
}

/** A socket whose host is a recording. It connects whenever it is asked to. */
export interface ReplaySocket extends EngineSocket {
  receive(message: HostMessage): void
}

/** Makes one. `said` hears what the client says, `left` when it hangs up. */
export function createReplaySocket(
  line: Line,
  said: (event: string, body: Readonly<Record<string, unknown>>) => void,
  left: () => void,
): ReplaySocket {
  const listeners = new Map<string, Set<Listener>>()
  const any = new Set<Listener>()
  let state: 'new' | 'open' | 'closed' = 'new'
  const tell = (event: string, ...args: unknown[]): void => {
    for (const listener of listeners.get(event) ?? []) listener(...args)
  }
  return {
    on(event, listener) {
      const known = listeners.get(event) ?? new Set()
      listeners.set(event, known.add(listener))
    },
    off(event, listener) {
      if (event === undefined) listeners.clear()
      else if (listener === undefined) listeners.delete(event)
      else listeners.get(event)?.delete(listener)
    },
    onAny: (listener) => void any.add(listener as Listener),
    offAny(listener) {
      if (listener === undefined) any.clear()
      else any.delete(listener as Listener)
    },
    emit(event, body) {
      line.post(() => {
        if (state === 'open') said(event, (body ?? {}) as Readonly<Record<string, unknown>>)
      })
    },
    connect() {
      line.post(() => {
        if (state !== 'new') return
        state = 'open'
        tell('connect')
      })
    },
    disconnect() {
      if (state === 'open') left()
      state = 'closed'
    },
    receive({ event, body }) {
      line.post(() => {
        if (state !== 'open') return
        for (const listener of any) listener(event, body)
        tell(event, body)
      })
    },
  }
}
