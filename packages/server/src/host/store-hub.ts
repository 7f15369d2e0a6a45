import { encodeDelta, type Path, parseKey, RivuletError } from '@rivulet/wire'
import type { HostedStore, StoreChange } from '../store.ts'
import { createEdges, type Edges } from './edges.ts'
import { createKeyGroups, type Group } from './key-groups.ts'
import { type HostLimits, utf8Length } from './limits.ts'
import type { HeldPlace, Message } from './outbox.ts'
import type { Peer } from './peer.ts'
import { baselineMessage, catchUp, fullMessage, fullOnce, partialMessage, replacements } from './store-messages.ts'

/** How a viewer that asked for keys is served: only what lies under them, or the whole store. */
export type Delivery = 'keyed' | 'full'

interface Subscription {
  readonly path: Path | null
  count: number
}

/** What one viewer wants of the store. */
interface Following {
  readonly peer: Peer
  readonly keys: Map<string, Subscription>
  /** Live updates that wait until the catch-up is queued; null outside a catch-up. */
  held: Message[] | null
  group: Group<Following> | null
}

/** One store with everybody who follows it. */
export interface StoreHub {
  readonly name: string
  /** Keys that somebody follows. */
  readonly edges: Edges
  subscribe(peer: Peer, key: string): void | Promise<void>
  unsubscribe(peer: Peer, key: string): void
  /** Makes `keys` all that the peer follows, without sending anything. Returns whether that was news. */
  sync(peer: Peer, keys: ReadonlySet<string>): boolean
  /** What brings the peer up to date in one message; null when it follows nothing here. */
  baseline(peer: Peer): Message | null
  /** Lowest level that may follow the store. */
  readonly minimum: number
  /** Ends everything that the peer followed. */
  leave(peer: Peer): void
  close(): void
}

/** Follows `store` and passes on what its viewers may see (session.md §4). */
export function createStoreHub(
  store: HostedStore,
  options: {
    readonly limits: HostLimits
    readonly delivery: Delivery
    readonly failed: (what: string, error: unknown) => void
  },
): StoreHub {
  const { def } = store
  const { limits, delivery, failed } = options
  const minimum = def.access ?? 0
  const followers = new Map<Peer, Following>()
  const groups = createKeyGroups<Following>(def, delivery === 'full')
  const edges = createEdges((error) => failed(`a subscription listener of ${def.name} failed`, error))
  let full: (() => Uint8Array) | null = null
  const stop = store.follow(prepare)

  // Kept until the next change: a thousand viewers that reconnect together cost one encoding.
  function fullState(): Uint8Array {
    full ??= fullOnce(def, store.live)
    return full()
  }

  function subscribe(peer: Peer, key: string): void | Promise<void> {
    if (utf8Length(key) > limits.keyBytes) {
      throw new RivuletError('limit', `a subscription key is longer than ${limits.keyBytes} bytes`, { store: def.name })
    }
    return peer.withLevel((level) => {
      if (level < minimum) {
        peer.drop('denied', `store ${def.name} needs level ${minimum}, the viewer has ${level}`)
        return
      }
      if (peer.storeSubscriptions >= limits.storeSubscriptions) {
        peer.drop('limit', `more than ${limits.storeSubscriptions} store subscriptions`)
        return
      }
      add(peer, key)
    })
  }

  function add(peer: Peer, key: string): void {
    let following = followers.get(peer)
    if (following === undefined) {
      followers.set(peer, (following = newFollowing(peer)))
    }
    peer.storeSubscriptions++
    const known = following.keys.get(key)
    if (known !== undefined) {
      known.count++
      return
    }
    const first = following.keys.size === 0
    const path = enter(following, key)
    // Listeners may change the store because of the subscription; those updates belong behind the catch-up.
    following.held = []
    edges.add(key)
    if (!peer.open) return
    const held = following.held
    following.held = null
    if (delivery === 'keyed' || first) {
      peer.outbox.put(catchUp(def, store.live, delivery === 'full' ? null : path, fullState))
    }
    if (held.length > 0) push(peer, held)
  }

  function enter(following: Following, key: string): Path | null {
    const path = key === '' ? [] : parseKey(def, key)
    following.keys.set(key, { path, count: 1 })
    groups.changed(following)
    return path
  }

  function sync(peer: Peer, keys: ReadonlySet<string>): boolean {
    const following = followers.get(peer) ?? newFollowing(peer)
    const gone: string[] = []
    for (const [key, subscription] of following.keys) {
      peer.storeSubscriptions -= subscription.count
      subscription.count = 1
      if (!keys.has(key)) gone.push(key)
    }
    const come = [...keys].filter((key) => !following.keys.has(key))
    for (const key of gone) following.keys.delete(key)
    for (const key of come) enter(following, key)
    if (gone.length > 0) groups.changed(following)
    peer.storeSubscriptions += keys.size
    if (keys.size > 0) followers.set(peer, following)
    else followers.delete(peer)
    // Listeners hear of it when it is complete: they may change the store.
    for (const key of gone) edges.remove(key)
    for (const key of come) edges.add(key)
    return gone.length + come.length > 0
  }

  function baseline(peer: Peer): Message | null {
    const following = followers.get(peer)
    if (following === undefined) return null
    if (delivery === 'full') return wholeState()
    const paths = [...following.keys.values()].map((subscription) => subscription.path)
    return baselineMessage(def, store.live, paths, fullState)
  }

  function unsubscribe(peer: Peer, key: string): void {
    const following = followers.get(peer)
    const known = following?.keys.get(key)
    if (following === undefined || known === undefined) return
    peer.storeSubscriptions--
    known.count--
    if (known.count > 0) return
    following.keys.delete(key)
    groups.changed(following)
    if (following.keys.size === 0) followers.delete(peer)
    edges.remove(key)
  }

  function leave(peer: Peer): void {
    const following = followers.get(peer)
    if (following === undefined) return
    followers.delete(peer)
    const keys = [...following.keys.keys()]
    following.keys.clear()
    groups.changed(following)
    for (const key of keys) edges.remove(key)
  }

  // Filtering needs the state before the change, and nobody may be told before the change is complete.
  function prepare(change: StoreChange): () => void {
    full = change.kind === 'full' ? () => change.bytes : null
    const parts: (readonly [members: readonly Following[], messages: readonly Message[] | null])[] = []
    for (const group of groups.settled()) {
      const messages = messagesFor(group, change)
      if (messages === null || messages.length > 0) parts.push([[...group.members], messages])
    }
    return () => {
      for (const [members, messages] of parts) {
        const all = messages ?? [wholeState()]
        for (const following of members) {
          if (followers.get(following.peer) === following) deliver(following, all)
        }
      }
    }
  }

  // In doubt, a new baseline: never leave a viewer behind in silence.
  function wholeState(): Message {
    return fullMessage(def, fullState)
  }

  function deliver(following: Following, messages: readonly Message[]): void {
    const { peer } = following
    if (following.held === null) {
      push(peer, messages)
      return
    }
    following.held.push(...messages)
    if (following.held.length > limits.heldUpdates) {
      peer.drop('limit', `more than ${limits.heldUpdates} updates of ${def.name} during one catch-up`)
    }
  }

  /** Queues live messages; the level may have changed since the subscription, so it is looked up again. */
  function push(peer: Peer, messages: readonly Message[]): void {
    let place: HeldPlace | undefined
    let known = false
    const pending = peer.withLevel(
      (level) => {
        known = true
        if (level < minimum) {
          peer.drop('denied', `store ${def.name} needs level ${minimum}, the viewer now has ${level}`)
          // Whatever follows must not settle on a base that lacks this.
          peer.missed(def.name)
        } else if (place !== undefined) place.settle(messages)
        else for (const message of messages) peer.outbox.put(message)
      },
      () => {
        place?.settle([])
        peer.missed(def.name)
      },
    )
    // Still to be looked up: keep the place, so that nothing overtakes this update.
    if (pending !== undefined && !known) place = peer.outbox.hold()
  }

  /** What the members of a group get; null when only a full state helps them. */
  function messagesFor(group: Group<Following>, change: StoreChange): readonly Message[] | null {
    const { paths, filter } = group
    if (paths === null) {
      return [
        change.kind === 'full'
          ? fullMessage(def, fullState, change.bytes)
          : partialMessage(def, change.bytes, fullState, ++group.turns),
      ]
    }
    try {
      if (change.kind === 'full') return replacements(def, store.live, paths, fullState)
      const part = filter(store.live, change.delta)
      return part === null ? [] : [partialMessage(def, encodeDelta(def, part), fullState, ++group.turns)]
    } catch (e) {
      failed(`an update of ${def.name} could not be filtered; its followers get the full state`, e)
      return null
    }
  }

  return {
    name: def.name,
    edges,
    minimum,
    subscribe,
    unsubscribe,
    sync,
    baseline,
    leave,
    close() {
      stop()
      followers.clear()
      groups.clear()
    },
  }
}

function newFollowing(peer: Peer): Following {
  return { peer, keys: new Map(), held: null, group: null }
}
