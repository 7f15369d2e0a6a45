import { deltaFilter, encodeDelta, encodeState, type Path, snapshotDelta, type StoreDef } from '@rivulet/wire'
import type { StateChange } from './held-store.ts'

/** A message of the server. */
export interface Message {
  readonly event: string
  readonly body: Readonly<Record<string, unknown>>
}

/** The keys of one viewer for one store, as they travel, and what they mean; null for a key that leads nowhere. */
export type Keys = ReadonlyMap<string, Path | null>

function full(def: StoreDef, state: unknown): Message {
  return {
    event: 'storeupdate',
    body: { time: Date.now(), kind: 0, storeName: def.name, state: ownBuffer(encodeState(def, state)) },
  }
}

function partial(def: StoreDef, delta: Parameters<typeof encodeDelta>[1]): Message {
  return {
    event: 'storeupdate',
    body: { time: Date.now(), kind: 2, storeName: def.name, partial: ownBuffer(encodeDelta(def, delta)) },
  }
}

/** What a viewer is told first of a key: a snapshot of its path, or the whole state when it leads nowhere (session.md §4.3). */
export function catchUp(def: StoreDef, state: unknown, path: Path | null): Message {
  const snapshot = path === null ? null : snapshotDelta(def, state, path)
  return snapshot === null ? full(def, state) : partial(def, snapshot)
}

/** What a change means to a viewer with these keys: the part of the delta that concerns it, or fresh snapshots when there is no delta (session.md §4.4, §4.5). */
export function changeMessages(def: StoreDef, { before, after, delta }: StateChange, keys: Keys): Message[] {
  if (delta === null) return replacement(def, after, keys)
  const paths = [...keys.values()].filter((path) => path !== null)
  if (paths.length === 0) return []
  const part = deltaFilter(def, paths)(before, delta)
  return part === null ? [] : [partial(def, part)]
}

function replacement(def: StoreDef, state: unknown, keys: Keys): Message[] {
  const snapshots = [...keys.values()].map((path) => (path === null ? null : snapshotDelta(def, state, path)))
  const known = snapshots.filter((snapshot) => snapshot !== null)
  return known.length < snapshots.length ? [full(def, state)] : known.map((snapshot) => partial(def, snapshot))
}

/** Bytes as a socket in a browser hands them over: a buffer of their own. */
export function ownBuffer(bytes: Uint8Array): ArrayBuffer {
  return bytes.slice().buffer
}
