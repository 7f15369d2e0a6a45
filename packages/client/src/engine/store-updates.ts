import {
  applyMessage,
  decodeDelta,
  decodeState,
  type Delta,
  nodeAt,
  OWNS_ALL,
  type PathPart,
  reconcile,
  RivuletError,
  type StoreDef,
  stateNode,
  structOf,
  type TypeNode,
  zeroOf,
} from '@rivulet/wire'
import { settle } from './feed-keys.ts'
import { setLive } from './feed-status.ts'
import { zeroState } from './forget.ts'
import { locate, putAt } from './locate.ts'
import { isPrefix } from './path-key.ts'
import { plainError } from './plain-error.ts'
import type { KeySub, StoreFeed } from './store-feed.ts'
import { CATCH_UP_MS, catchUpArrived, resync } from './store-resync.ts'
import { touchedDepth } from './touches.ts'

/**
 * Takes one `storeupdate`. Never throws: bytes that cannot be decoded or applied cost the store its state, and it is subscribed again, because the wire has no sequence numbers and doubt can only be
 * settled by a new baseline (pitfalls 21, 22, 57).
 */
export function takeUpdate(feed: StoreFeed, kind: 0 | 2, bytes: Uint8Array): void {
  const { baseline } = feed
  feed.baseline = null
  if (feed.keys.size === 0 || feed.held !== null) {
    if (baseline === null) passBy(feed, kind, bytes)
    return
  }
  try {
    if (baseline !== null) takeBaseline(feed, kind, bytes, baseline)
    else if (kind === 0) takeFull(feed, bytes)
    else takePartial(feed, bytes)
    settle(feed)
    catchUpArrived(feed)
  } catch (e) {
    // Most likely it was the oldest catch-up that could not be read; left in the queue, it would be mistaken for the next.
    if (baseline === null) feed.awaiting.shift()
    resync(feed, e)
  }
  feed.host.news(feed)
}

/** What a session starts a store with: everything under its keys in one update (session.md §7). */
function takeBaseline(feed: StoreFeed, kind: 0 | 2, bytes: Uint8Array, keys: ReadonlySet<string>): void {
  const subs = [...feed.keys.values()].filter((sub) => keys.has(sub.id))
  if (kind === 0) {
    replaceAll(feed, bytes)
    // As in takeFull: a host that answers precise keys with everything does so always.
    if (!subs.some((sub) => mayNeedFull(feed, sub))) {
      feed.fullStore = true
      feed.awaiting = []
    }
    for (const sub of feed.keys.values()) setLive(feed, sub)
    return
  }
  const delta = decodeDelta(feed.def, bytes)
  const answers = subs.map((sub) => ({ sub, depth: touchedDepth(delta, sub.path) }))
  if (subs.some((sub) => sub.path.length === 0)) {
    throw new RivuletError('protocol', 'a session began with a part of a store that is followed as a whole', {
      store: feed.def.name,
    })
  }
  takeSnapshots(
    feed,
    answers.filter(({ depth }) => depth >= 0),
    bytes,
  )
  // Nil lists and maps leave no trace in a baseline (pitfall 44).
  for (const { sub, depth } of answers) if (depth < 0) takeNil(feed, sub)
}

function replaceAll(feed: StoreFeed, bytes: Uint8Array): void {
  const after = decodeState(feed.def, bytes)
  feed.state = feed.state === undefined ? after : reconcile(feed.def, feed.state, after, feed.report)
  feed.applied++
}

function takeFull(feed: StoreFeed, bytes: Uint8Array): void {
  replaceAll(feed, bytes)
  const expected = feed.awaiting.findIndex(({ sub }) => mayNeedFull(feed, sub))
  if (expected >= 0) feed.awaiting.splice(0, expected + 1)
  else if (
    feed.awaiting.length > 0 &&
    !anyLive(feed) &&
    ![...feed.keys.values()].some((sub) => mayNeedFull(feed, sub))
  ) {
    // Nobody asked for all of it, so this host has only one answer to the first key; it sends nothing for further ones. With a key that is live already it may as well be a host that says in full what no delta can say.
    feed.fullStore = true
    feed.awaiting = []
  }
  for (const sub of feed.keys.values()) setLive(feed, sub)
}

/** Whether the catch-up of this key can be a full state: the whole store, or a path that a host may fail to resolve. */
function mayNeedFull(feed: StoreFeed, { path }: KeySub): boolean {
  if (path.length !== 2) return path.length !== 1
  return structOf(feed.def.types, feed.def.state).fields.find((f) => f.name === path[0])?.type.kind !== 'map'
}

function takePartial(feed: StoreFeed, bytes: Uint8Array): void {
  const live = anyLive(feed)
  const tooOld = feed.host.clock.now() - CATCH_UP_MS
  while (feed.awaiting[0] !== undefined && feed.awaiting[0].at < tooOld) feed.awaiting.shift()
  if (feed.awaiting.length === 0) {
    // Before any baseline there is nothing that it could change (pitfall 43).
    if (live) apply(feed, bytes)
    return
  }
  const delta = decodeDelta(feed.def, bytes)
  if (isEmpty(delta)) {
    const head = feed.awaiting.shift()
    if (head !== undefined) takeNil(feed, head.sub)
    return
  }
  const match = answered(feed, delta)
  if (match !== null) takeSnapshot(feed, match.sub, match.depth, bytes)
  else if (live) apply(feed, bytes)
}

/** The catch-up that `delta` is, which is awaited no longer then. */
function answered(feed: StoreFeed, delta: Delta): { readonly sub: KeySub; readonly depth: number } | null {
  for (const [i, { sub }] of feed.awaiting.entries()) {
    const depth = sub.path.length === 0 ? -1 : touchedDepth(delta, sub.path)
    if (depth < 0) continue
    feed.awaiting.splice(i, 1)
    return { sub, depth }
  }
  return null
}

function isEmpty(delta: Delta): boolean {
  for (const _ in delta) return false
  return true
}

/** An update that nobody wants any more; but it may be a catch-up that is still awaited, and must not be mistaken for the answer to the next subscription. */
function passBy(feed: StoreFeed, kind: 0 | 2, bytes: Uint8Array): void {
  if (feed.awaiting.length === 0) return
  if (kind === 0) {
    const expected = feed.awaiting.findIndex(({ sub }) => mayNeedFull(feed, sub))
    feed.awaiting.splice(0, Math.max(0, expected) + 1)
    return
  }
  try {
    const delta = decodeDelta(feed.def, bytes)
    if (isEmpty(delta)) feed.awaiting.shift()
    else answered(feed, delta)
  } catch (e) {
    feed.awaiting.shift()
    feed.host.error(plainError(e, 'malformed', { store: feed.def.name }))
  }
}

function anyLive(feed: StoreFeed): boolean {
  for (const sub of feed.keys.values()) if (sub.live) return true
  return false
}

function apply(feed: StoreFeed, bytes: Uint8Array): void {
  feed.state = applyMessage(feed.def, feed.state, bytes, { owned: OWNS_ALL, report: feed.report })
  feed.applied++
}

/** The catch-up of a nil list or map is a delta without content, which says nothing unless one knows what it was for (pitfall 44). */
function takeNil(feed: StoreFeed, sub: KeySub): void {
  if (!isWanted(feed, sub)) return
  feed.host.odd?.(feed)
  feed.state ??= zeroState(feed.def)
  const root = stateNode(feed.def)
  const at = locate(feed.def.types, root, feed.state, sub.path)
  if (!at.gone && at.depth === sub.path.length) {
    const zero = zeroOf(feed.def.types, at.node)
    replaceReported(feed, sub, at.node, at.value, zero)
  }
  setLive(feed, sub)
}

/** The catch-up of a key: what did not change since the last connection is not reported. */
function takeSnapshot(feed: StoreFeed, sub: KeySub, depth: number, bytes: Uint8Array): void {
  if (!isWanted(feed, sub)) {
    if ([...feed.keys.values()].some((k) => k.live && (isPrefix(k.path, sub.path) || isPrefix(sub.path, k.path))))
      apply(feed, bytes)
    return
  }
  takeSnapshots(feed, [{ sub, depth }], bytes)
}

/** Applies an update that gives the values of these keys, each at the depth that {@link touchedDepth} found. */
function takeSnapshots(
  feed: StoreFeed,
  answers: readonly { readonly sub: KeySub; readonly depth: number }[],
  bytes: Uint8Array,
): void {
  feed.state ??= zeroState(feed.def)
  const root = stateNode(feed.def)
  const { types } = feed.def
  const { report } = feed
  const exact = answers.flatMap(({ sub, depth }) =>
    depth === sub.path.length ? [{ sub, before: locate(types, root, feed.state, sub.path) }] : [],
  )
  feed.state = applyMessage(feed.def, feed.state, bytes, {
    owned: OWNS_ALL,
    report: (path, length) => {
      if (!exact.some(({ sub }) => length >= sub.path.length && startsWith(path, sub.path))) report(path, length)
    },
  })
  feed.applied++
  for (const { sub, before } of exact) {
    create(feed, sub)
    const after = locate(types, root, feed.state, sub.path)
    const there = !after.gone && after.depth === sub.path.length
    const was = !before.gone && before.depth === sub.path.length
    if (there && was && after.value !== before.value) replaceReported(feed, sub, after.node, before.value, after.value)
    else if (there !== was) report([...sub.path], sub.path.length)
  }
  for (const { sub } of answers) setLive(feed, sub)
}

/** A field that was given, behind a pointer or element that is not there yet: zero changes nothing, so applying it made nothing either. */
function create(feed: StoreFeed, { path }: KeySub): void {
  if (path.length < 2) return
  const { types } = feed.def
  const root = stateNode(feed.def)
  const node = nodeAt(types, root, path)
  let parent = nodeAt(types, root, path.slice(0, -1))
  while (parent?.kind === 'pointer') parent = parent.elem
  if (node === null || parent?.kind !== 'struct' || locate(types, root, feed.state, path).depth === path.length) return
  feed.host.odd?.(feed)
  putAt(types, root, feed.state, path, zeroOf(types, node))
}

function isWanted(feed: StoreFeed, sub: KeySub): boolean {
  return feed.keys.get(sub.id) === sub
}

function startsWith(path: readonly PathPart[], prefix: readonly PathPart[]): boolean {
  for (let i = 0; i < prefix.length; i++) if (path[i] !== prefix[i]) return false
  return true
}

/** Puts `after` in the place of `before`, keeps what is equal and reports the rest. */
function replaceReported(feed: StoreFeed, sub: KeySub, node: TypeNode, before: unknown, after: unknown): void {
  const { report } = feed
  const def = holderOf(feed.def, node)
  const merged = reconcile(def, { value: before }, { value: after }, (path, depth) => {
    // The holder's own field stands where the key's path does.
    const whole = [...sub.path, ...path.slice(1, depth)]
    report(whole, whole.length)
  })
  putAt(feed.def.types, stateNode(feed.def), feed.state, sub.path, merged.value)
}

const holders = new WeakMap<TypeNode, StoreDef<{ value: unknown }>>()

/** A store with a single field of this type: lets a part of a state be reconciled like a whole one. */
function holderOf(def: StoreDef, node: TypeNode): StoreDef<{ value: unknown }> {
  let holder = holders.get(node)
  if (holder === undefined) {
    const table = { 'rivulet.Holder': { form: 'fielded', fields: [{ name: 'value', id: 1, type: node }] } } as const
    holder = { kind: 'store', name: def.name, state: 'rivulet.Holder', types: [table, ...def.types] }
    holders.set(node, holder)
  }
  return holder
}
