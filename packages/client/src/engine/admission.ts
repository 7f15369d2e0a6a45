import type { Clock } from './clock.ts'

/** A subscription that the host did not like shows within this time, by a closed connection. */
export const REACTION_MS = 5_000

/** How long a suspect has the connection to itself when the host says nothing about it. */
export const PROBE_MS = 3_000

/** This many connections lost to one store and it is left alone. */
export const MAX_STRIKES = 3

/** A store that was given up is tried again after this long, then after twice as long each time: what looked like a refusal may have been a host in trouble. */
export const RETRY_MIN_MS = 60_000
const RETRY_MAX_MS = 3_600_000

export interface AdmissionOptions {
  readonly clock: Clock
  /** Send all subscriptions of this store. */
  readonly admit: (store: string) => void
  /** The host closes the connection whenever this store is subscribed. */
  readonly block: (store: string) => void
  /** The block has ended by itself. */
  readonly release: (store: string) => void
}

/**
 * Finds out which store makes the host close the connection.
 *
 * A host answers a subscription that it refuses (no such store, access denied) by closing the connection without a word, so one wrong name would make the whole client reconnect for ever.
 * Stores whose subscriptions were fresh when the connection closed are suspects: next time they go out one at a time, after all others, and one that the connection dies with again and again is
 * blocked while the rest carries on.
 */
export interface Admission {
  /** The connection is open; `stores` want in. */
  opened(stores: Iterable<string>): void
  /** Whether subscriptions of this store may go out now; if not, they will be asked for through `admit`. */
  ask(store: string): boolean
  /** Whether nothing is held against this store. */
  trusts(store: string): boolean
  /** One of these may be the reason why the host turned us away: they go out one at a time from now on. */
  doubt(stores: Iterable<string>): void
  /** A subscription of this store went out. */
  sent(store: string): void
  /** The host sent something about this store: it knows it. */
  proved(store: string): void
  closed(byServer: boolean): void
  /** Given up: {@link Admission.ask} says no. */
  isBlocked(store: string): boolean
  /** Ends the block, but one more connection lost to it brings it back. */
  retry(store: string): void
  /** Forgets everything that was held against any store. */
  forgiveAll(): void
}

export function createAdmission({ clock, admit, block, release }: AdmissionOptions): Admission {
  const strikes = new Map<string, number>()
  const blocked = new Map<string, () => void>()
  const blocks = new Map<string, number>()
  const fresh = new Map<string, number>()
  const admitted = new Set<string>()
  const proven = new Set<string>()
  let queue: string[] = []
  let probing: string | null = null
  let cancelProbe: (() => void) | null = null
  let open = false

  function endProbe(): void {
    cancelProbe?.()
    cancelProbe = null
    probing = null
    const store = queue.shift()
    if (store === undefined) return
    probing = store
    cancelProbe = clock.after(PROBE_MS, () => {
      // Nothing is known about it, but the connection lives.
      strikes.delete(store)
      endProbe()
    })
    admitted.add(store)
    admit(store)
  }

  function giveUp(store: string): void {
    const times = blocks.get(store) ?? 0
    blocks.set(store, times + 1)
    const wait = Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** Math.min(times, 20))
    const stop = clock.after(wait, () => {
      retry(store)
      release(store)
    })
    blocked.set(store, stop)
    block(store)
  }

  function retry(store: string): void {
    blocked.get(store)?.()
    if (blocked.delete(store)) strikes.set(store, MAX_STRIKES - 1)
  }

  function ask(store: string): boolean {
    if (!open || blocked.has(store)) return false
    if (admitted.has(store)) return true
    if (!strikes.has(store)) {
      admitted.add(store)
      return true
    }
    if (!queue.includes(store)) queue.push(store)
    if (probing === null) endProbe()
    return false
  }

  return {
    opened(stores) {
      open = true
      const suspects: string[] = []
      for (const store of stores) {
        if (blocked.has(store)) continue
        if (strikes.has(store)) suspects.push(store)
        else {
          admitted.add(store)
          admit(store)
        }
      }
      queue = suspects
      endProbe()
    },
    ask,
    trusts: (store) => !blocked.has(store) && !strikes.has(store),
    doubt(stores) {
      for (const store of stores) if (!strikes.has(store)) strikes.set(store, 0)
    },
    sent(store) {
      if (!proven.has(store)) fresh.set(store, clock.now())
    },
    proved(store) {
      strikes.delete(store)
      blocks.delete(store)
      fresh.delete(store)
      proven.add(store)
      if (probing === store) endProbe()
    },
    closed(byServer) {
      open = false
      cancelProbe?.()
      cancelProbe = null
      const suspects = [...fresh].filter(([, at]) => clock.now() - at < REACTION_MS).map(([store]) => store)
      const guilty = probing !== null && suspects.includes(probing) ? [probing] : suspects
      probing = null
      queue = []
      fresh.clear()
      admitted.clear()
      proven.clear()
      if (!byServer) return
      for (const store of guilty) {
        // Among several nobody can be told apart, so it is no strike yet, only a reason to look closer.
        const count = (strikes.get(store) ?? 0) + (guilty.length === 1 ? 1 : 0)
        strikes.set(store, count)
        if (count < MAX_STRIKES) continue
        giveUp(store)
      }
    },
    isBlocked: (store) => blocked.has(store),
    retry,
    forgiveAll() {
      for (const stop of blocked.values()) stop()
      blocked.clear()
      blocks.clear()
      strikes.clear()
    },
  }
}
