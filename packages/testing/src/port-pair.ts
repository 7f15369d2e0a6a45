import type { Traffic } from './traffic.ts'

type Listener = (event: MessageEvent) => void

/** The part of a MessagePort that a client and its engine use. */
interface Port {
  addEventListener(type: string, listener: Listener): void
  removeEventListener(type: string, listener: Listener): void
  postMessage(message: unknown): void
  start(): void
  close(): void
}

/** What passes from one side to the other. */
type Carry = (deliver: () => void) => void

/**
 * The data port between a page and its engine, without the browser's: theirs are not there in every test environment, and a test that holds the clock still wants its patches. Messages are handed over as
 * they are; whoever posts a buffer gives it away, as with a real port.
 *
 * What the page posts are credits, which the page grants whether or not anything happens; so they do not count as traffic.
 */
export function portPair(traffic: Traffic): { readonly page: MessagePort; readonly engine: MessagePort } {
  const page = createEnd()
  const engine = createEnd()
  return { page: page.to(engine, traffic.quietly), engine: engine.to(page, traffic.later) }
}

interface End {
  receive(message: unknown): void
  to(other: End, carry: Carry): MessagePort
}

function createEnd(): End {
  const listeners = new Set<Listener>()
  const held: unknown[] = []
  let state: 'new' | 'started' | 'closed' = 'new'

  const receive = (message: unknown): void => {
    if (state === 'new') held.push(message)
    if (state !== 'started') return
    for (const listener of listeners) listener({ type: 'message', data: message } as MessageEvent)
  }

  return {
    receive,
    to(other, carry) {
      const port: Port = {
        addEventListener(type, listener) {
          if (type === 'message') listeners.add(listener)
        },
        removeEventListener: (_type, listener) => void listeners.delete(listener),
        postMessage: (message) => {
          if (state !== 'closed') carry(() => other.receive(message))
        },
        start() {
          if (state !== 'new') return
          state = 'started'
          for (const message of held.splice(0)) receive(message)
        },
        close() {
          state = 'closed'
          listeners.clear()
          held.length = 0
        },
      }
      return port as unknown as MessagePort
    },
  }
}
