import type { Line } from './turns.ts'

type Listener = (event: MessageEvent) => void

/** The data port between the replayed page and its engine. Messages are handed over as they are: whoever posts a buffer gives it away, as with a real port. */
export function portPair(line: Line): { readonly page: MessagePort; readonly engine: MessagePort } {
  const page = createEnd()
  const engine = createEnd()
  // Credits come whether or not anything happens, so they are no news.
  return { page: page.port(engine, line, true), engine: engine.port(page, line, false) }
}

interface End {
  receive(message: unknown): void
  port(other: End, line: Line, quiet: boolean): MessagePort
}

function createEnd(): End {
  const listeners = new Set<Listener>()
  let held: unknown[] | null = []

  const receive = (message: unknown): void => {
    if (held !== null) held.push(message)
    else for (const listener of listeners) listener({ type: 'message', data: message } as MessageEvent)
  }

  return {
    receive,
    port(other, line, quiet) {
      let closed = false
      return {
        addEventListener(type: string, listener: Listener) {
          if (type === 'message') listeners.add(listener)
        },
        removeEventListener: (_: string, listener: Listener) => void listeners.delete(listener),
        postMessage(message: unknown) {
          if (!closed) line.post(() => other.receive(message), quiet)
        },
        start() {
          const waiting = held ?? []
          held = null
          for (const message of waiting) receive(message)
        },
        close() {
          closed = true
          listeners.clear()
        },
      } as unknown as MessagePort
    },
  }
}
