import {
  type Delta,
  encodeDelta,
  encodeState,
  mergeDelta,
  type Path,
  snapshotDelta,
  type StoreDef,
} from '@rivulet/wire'
import type { Message } from './outbox.ts'

const FULL = 0
const PARTIAL = 2

type Full = () => Uint8Array

/** A `storeupdate` with the whole state; `state` when it is known already. */
export function fullMessage(def: StoreDef, full: Full, state: Uint8Array = full()): Message {
  return {
    event: 'storeupdate',
    body: { time: Date.now(), kind: FULL, storeName: def.name, state: asBuffer(state) },
    update: { def, bytes: state, whole: true, full },
  }
}

/** A `storeupdate` with a delta; `turn` counts those of one group of viewers. */
export function partialMessage(def: StoreDef, partial: Uint8Array, full: Full, turn?: number): Message {
  return {
    event: 'storeupdate',
    body: { time: Date.now(), kind: PARTIAL, storeName: def.name, partial: asBuffer(partial) },
    update: { def, bytes: partial, whole: false, full, ...(turn === undefined ? {} : { turn }) },
  }
}

/** The catch-up of one key: a snapshot of its path, or the full state when the path leads nowhere (session.md §4.3). */
export function catchUp(def: StoreDef, state: unknown, path: Path | null, full: Full): Message {
  const snapshot = path === null || path.length === 0 ? null : snapshotDelta(def, state, path)
  const message = snapshot === null ? fullMessage(def, full) : partialMessage(def, encodeDelta(def, snapshot), full)
  const { update } = message
  return update === undefined ? message : { ...message, update: { ...update, answers: true } }
}

/** One fresh snapshot per path after the state was replaced, or one full state when a path leads nowhere (session.md §4.5). */
export function replacements(def: StoreDef, state: unknown, paths: readonly (Path | null)[], full: Full): Message[] {
  const snapshots = snapshotsOf(def, state, paths)
  if (snapshots === null) return [fullMessage(def, full)]
  return snapshots.map((snapshot) => partialMessage(def, encodeDelta(def, snapshot), full))
}

/** Everything under `paths` in one message: merged snapshots, or the full state when a path leads nowhere (session.md §7). */
export function baselineMessage(def: StoreDef, state: unknown, paths: readonly (Path | null)[], full: Full): Message {
  const [first, ...more] = snapshotsOf(def, state, paths) ?? []
  if (first === undefined) return fullMessage(def, full)
  const merged = more.reduce((a, b) => mergeDelta(def, a, b), first)
  return partialMessage(def, encodeDelta(def, merged), full)
}

function snapshotsOf(def: StoreDef, state: unknown, paths: readonly (Path | null)[]): Delta[] | null {
  const snapshots: Delta[] = []
  for (const path of paths) {
    const snapshot = path === null ? null : snapshotDelta(def, state, path)
    if (snapshot === null) return null
    snapshots.push(snapshot)
  }
  return snapshots
}

/** Encodes the state of `def` once; every later call returns the same bytes. */
export function fullOnce(def: StoreDef, state: unknown): Full {
  let bytes: Uint8Array | undefined
  return () => (bytes ??= encodeState(def, state))
}

// Socket.IO takes any view, but writes a Buffer without copying it.
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
