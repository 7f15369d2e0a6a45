import type { Socket } from 'socket.io'
import { messageSize } from './message-size.ts'
import type { Message } from './outbox.ts'

/** By store, the updates that a peer may not have received, oldest first; null where a whole state or more than is kept went out. */
export type Unconfirmed = ReadonlyMap<string, readonly Message[] | null>

/** Knows which stores' updates a peer may not have received: the wire has no acknowledgements, but what was sent before a ping has arrived when its pong is back. */
export interface Heartbeats {
  /** A message was handed to the transport just now. */
  sent(message: Message): void
  unconfirmed(): Unconfirmed
  /** Asks for a heartbeat now. Resolves with what is still unconfirmed when it is back, when the connection ends, or after `ms`. */
  probe(ms: number): Promise<Unconfirmed>
  /** Calls `confirmed` with what `mark` said when a ping went out, as soon as its pong is back. One at a time; null ends it. */
  follow(marks: Marks | null): void
  stop(): void
}

/** Somebody who counts what is sent, and wants to know how much of it has arrived. */
interface Marks {
  mark(): number
  confirmed(mark: number): void
}

/** More than this of one store is not kept: its viewer gets a new baseline instead. Half of it asks for a heartbeat, so that a lively store does not wait for the regular one. */
const MOST_MESSAGES = 128
const MOST_BYTES = 64 * 1024

/** A peer is asked at once what it got, so that a connection that breaks a moment later is not in doubt; but when a lot is sent for long, only so often. */
const ASKS_AT_ONCE = 32
const ASK_EVERY_MS = 50

/** What went out of one store. */
interface Trail {
  /** When the last update went, in pings. */
  last: number
  /** When a whole state or more than is kept went; -1 = never. */
  over: number
  messages: { readonly at: number; readonly size: number; readonly message: Message }[]
  bytes: number
}

/** Watches the Engine.IO heartbeats of a connection. */
export function createHeartbeats(conn: Socket['conn']): Heartbeats {
  const trails = new Map<string, Trail>()
  /** One entry per ping that is out: what was sent up to it. */
  const pings: { readonly at: number; readonly marks: Marks | null; readonly mark: number }[] = []
  let marks: Marks | null = null
  let clock = 0
  let asks = ASKS_AT_ONCE
  let askedAt = performance.now()
  let willAsk = false
  let timer: NodeJS.Timeout | undefined
  const waiting = new Set<() => void>()

  function sent(message: Message): void {
    const { update } = message
    if (update === undefined) return
    const store = update.def.name
    let trail = trails.get(store)
    if (trail === undefined) trails.set(store, (trail = { last: clock, over: -1, messages: [], bytes: 0 }))
    trail.last = clock
    if (trail.over === clock) return
    const size = messageSize(message)
    trail.messages.push({ at: clock, size, message })
    trail.bytes += size
    // A whole state is what a new baseline would be, so there is no use in keeping it.
    if (update.whole || trail.messages.length > MOST_MESSAGES || trail.bytes > MOST_BYTES) {
      trail.over = clock
      trail.messages = []
      trail.bytes = 0
    } else if (trail.messages.length > MOST_MESSAGES / 2 || trail.bytes > MOST_BYTES / 2) hurry()
    ask()
  }

  /** Once for all that is sent in one turn, and not while an answer is on its way. */
  function ask(): void {
    if (willAsk || pings.length > 0) return
    willAsk = true
    const now = performance.now()
    asks = Math.min(ASKS_AT_ONCE, asks + (now - askedAt) / ASK_EVERY_MS)
    askedAt = now
    if (asks >= 1) queueMicrotask(asked)
    else timer = setTimeout(asked, ASK_EVERY_MS).unref()
  }

  function asked(): void {
    willAsk = false
    if (trails.size === 0) return
    asks--
    hurry()
  }

  /** One ping at a time: a peer that does not answer is not asked again. */
  function hurry(): void {
    if (pings.length === 0 && conn.readyState === 'open') sendPing()
  }

  function sendPing(): void {
    // Engine.IO has no public way to ping early; the peer answers whenever it is asked.
    ;(conn as unknown as { sendPacket(type: string): void }).sendPacket('ping')
  }

  function created({ type }: { readonly type: string }): void {
    if (type === 'ping') pings.push({ at: clock++, marks, mark: marks?.mark() ?? 0 })
  }

  function confirmed(): void {
    const answered = pings.shift()
    if (answered === undefined) return
    for (const [store, trail] of trails) {
      if (trail.last <= answered.at) trails.delete(store)
      else forget(trail, answered.at)
    }
    // A ping from before somebody began to count proves nothing about what was counted.
    if (answered.marks !== null && answered.marks === marks) marks.confirmed(answered.mark)
    for (const check of Array.from(waiting)) check()
    if (trails.size > 0) ask()
  }

  function forget(trail: Trail, upTo: number): void {
    if (trail.over <= upTo) trail.over = -1
    trail.messages = trail.messages.filter(({ at }) => at > upTo)
    trail.bytes = trail.messages.reduce((sum, { size }) => sum + size, 0)
  }

  function stop(): void {
    clearTimeout(timer)
    conn.off('packetCreate', created)
    conn.off('heartbeat', confirmed)
    for (const check of Array.from(waiting)) check()
  }

  function unconfirmed(): Unconfirmed {
    const all = new Map<string, readonly Message[] | null>()
    for (const [store, { over, messages }] of trails) {
      all.set(store, over === -1 ? messages.map(({ message }) => message) : null)
    }
    return all
  }

  conn.on('packetCreate', created)
  conn.on('heartbeat', confirmed)

  return {
    sent,
    unconfirmed,
    stop,
    follow: (next) => void (marks = next),
    probe(ms) {
      if (trails.size === 0 || conn.readyState !== 'open') return Promise.resolve(unconfirmed())
      const since = clock
      sendPing()
      return new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(limit)
          waiting.delete(check)
          resolve(unconfirmed())
        }
        const check = (): void => {
          if (conn.readyState !== 'open' || pings.every(({ at }) => at > since)) done()
        }
        const limit = setTimeout(done, ms)
        limit.unref()
        waiting.add(check)
      })
    },
  }
}
