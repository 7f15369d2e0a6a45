import type { Channel } from './inline-link.ts'

/**
 * A `MessageChannel` for one thread, for places that have none. Messages arrive in order, each in a later task, as what they are: nothing is copied or transferred, so whoever sends must not
 * touch a message again. It has what both ends of an engine use: `postMessage`, listeners of `message`, `start`, `close`.
 */
export function createLocalChannel(): Channel {
  const one = createEnd()
  const two = createEnd()
  one.other = two
  two.other = one
  return { port1: one.port, port2: two.port }
}

interface End {
  readonly port: MessagePort
  other: End | null
  deliver(data: unknown): void
  close(): void
}

type Listener = (event: { readonly data: unknown }) => void

function createEnd(): End {
  const listeners = new Set<Listener>()
  let waiting: unknown[] = []
  let started = false
  let timer: ReturnType<typeof setTimeout> | undefined

  const flush = (): void => {
    timer = undefined
    const all = waiting
    waiting = []
    for (const data of all) for (const listener of listeners) listener({ data })
  }
  const arm = (): void => {
    if (started && waiting.length > 0) timer ??= setTimeout(flush)
  }

  const end: End = {
    other: null,
    deliver(data) {
      waiting.push(data)
      arm()
    },
    close() {
      end.other = null
      waiting = []
      listeners.clear()
      clearTimeout(timer)
    },
    port: {
      postMessage: (data: unknown) => end.other?.deliver(data),
      addEventListener(type: string, listener: Listener) {
        if (type === 'message') listeners.add(listener)
      },
      removeEventListener: (_type: string, listener: Listener) => void listeners.delete(listener),
      start() {
        started = true
        arm()
      },
      close() {
        // What is under way still arrives at the other end; what that sends goes nowhere.
        if (end.other !== null) end.other.other = null
        end.close()
      },
    } as unknown as MessagePort,
  }
  return end
}
