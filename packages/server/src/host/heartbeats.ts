import type { Socket } from 'socket.io'

/** Knows which stores' updates a peer may not have received: the wire has no acknowledgements, but what was sent before a ping has arrived when its pong is back. */
export interface Heartbeats {
  /** An update of this store was handed to the transport. */
  sent(store: string): void
  /** Stores whose last update no heartbeat has confirmed yet. */
  unconfirmed(): Set<string>
  /** Asks for a heartbeat now. Resolves with the stores that are still unconfirmed when it is back, when the connection ends, or after `ms`. */
  probe(ms: number): Promise<Set<string>>
  /** Calls `confirmed` with what `mark` said when a ping went out, as soon as its pong is back. One at a time; null ends it. */
  follow(marks: Marks | null): void
  stop(): void
}

/** Somebody who counts what is sent, and wants to know how much of it has arrived. */
interface Marks {
  mark(): number
  confirmed(mark: number): void
}

/** Watches the Engine.IO heartbeats of a connection. */
export function createHeartbeats(conn: Socket['conn']): Heartbeats {
  const sentAt = new Map<string, number>()
  /** One entry per ping that is out: what was sent up to it. */
  const pings: { readonly at: number; readonly marks: Marks | null; readonly mark: number }[] = []
  let marks: Marks | null = null
  let clock = 0
  const waiting = new Set<() => void>()

  function created({ type }: { readonly type: string }): void {
    if (type === 'ping') pings.push({ at: clock++, marks, mark: marks?.mark() ?? 0 })
  }

  function confirmed(): void {
    const ping = pings.shift()
    if (ping === undefined) return
    for (const [store, at] of sentAt) if (at <= ping.at) sentAt.delete(store)
    // A ping from before somebody began to count proves nothing about what was counted.
    if (ping.marks !== null && ping.marks === marks) marks.confirmed(ping.mark)
    for (const check of Array.from(waiting)) check()
  }

  function stop(): void {
    conn.off('packetCreate', created)
    conn.off('heartbeat', confirmed)
    for (const check of Array.from(waiting)) check()
  }

  conn.on('packetCreate', created)
  conn.on('heartbeat', confirmed)
  const unconfirmed = (): Set<string> => new Set(sentAt.keys())

  return {
    sent: (store) => void sentAt.set(store, clock),
    unconfirmed,
    stop,
    follow: (next) => void (marks = next),
    probe(ms) {
      if (sentAt.size === 0 || conn.readyState !== 'open') return Promise.resolve(unconfirmed())
      const sent = clock
      // Engine.IO has no public way to ping early; the peer answers whenever it is asked.
      ;(conn as unknown as { sendPacket(type: string): void }).sendPacket('ping')
      return new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer)
          waiting.delete(check)
          resolve(unconfirmed())
        }
        const check = (): void => {
          if (conn.readyState !== 'open' || pings.every(({ at }) => at > sent)) done()
        }
        const timer = setTimeout(done, ms)
        timer.unref()
        waiting.add(check)
      })
    },
  }
}
