import { RivuletError } from '@rivulet/wire'
import type { LoginLink, PlainError } from '../protocol.ts'
import type { EngineSocket } from './socket.ts'

/** Messages that a login may leave unread; the oldest go first. */
const MAX_UNREAD = 256

/** What the app's login talks to, until it is over. */
export interface Login {
  readonly link: LoginLink
  /** Ends it: who still waits gets the error. */
  close(error: PlainError): void
}

/**
 * Gives the app's login a fresh connection to talk on.
 *
 * Messages are kept from the start, because an answer may overtake the app's `once`, which has a thread to cross.
 */
export function createLogin(socket: EngineSocket): Login {
  const unread: { event: string; args: readonly unknown[] }[] = []
  const waiting: { event: string; resolve: (args: readonly unknown[]) => void; reject: (e: Error) => void }[] = []
  let ended: RivuletError | null = null

  const receive = (event: string, ...args: unknown[]): void => {
    const at = waiting.findIndex((w) => w.event === event)
    if (at >= 0) {
      waiting.splice(at, 1)[0]?.resolve(args)
      return
    }
    unread.push({ event, args })
    if (unread.length > MAX_UNREAD) unread.shift()
  }
  socket.onAny(receive)

  return {
    link: {
      async emit(event, ...args) {
        if (ended !== null) throw ended
        socket.emit(event, ...args)
      },
      async once(event) {
        if (ended !== null) throw ended
        const at = unread.findIndex((m) => m.event === event)
        if (at >= 0) return unread.splice(at, 1)[0]?.args ?? []
        if (waiting.length >= MAX_UNREAD)
          throw new RivuletError('limit', `more than ${MAX_UNREAD} pending once() calls in a login`)
        return new Promise((resolve, reject) => waiting.push({ event, resolve, reject }))
      },
    },
    close(error) {
      if (ended !== null) return
      ended = new RivuletError(error.code, error.what, error.hint === undefined ? {} : { hint: error.hint })
      socket.offAny(receive)
      unread.length = 0
      for (const { reject } of waiting.splice(0)) reject(ended)
    },
  }
}
