import type { FrameEntry } from '@rivulet/client/inspect'
import {
  applyMessage,
  deltaFilter,
  type Delta,
  diffStates,
  encodeDelta,
  encodeState,
  isRivuletError,
  parseKey,
  type Path,
  snapshotDelta,
  type StoreDef,
  toBytes,
} from '@rivulet/wire'
import { changedPaths, type History, historyOf, isUpdate, payloadsOf } from '../history.ts'
import type { Recording } from '../recording.ts'
import { recordedAnswers } from './recorded-answers.ts'
import type { HostMessage } from './replay-socket.ts'

/** A host that has the states of a recording, at one of its moments. It answers whatever a client subscribes to, also what nobody followed while it was recorded, as far as the recorded state has it. */
export interface ReplayHost {
  /** The entry after which the stores have the states that clients see now. */
  readonly seq: number
  take(event: string, body: Readonly<Record<string, unknown>>): void
  /** The client is gone, and its subscriptions with it. */
  left(): void
  /** Goes on by one entry and sends what came with it. */
  next(): void
  /** Goes to any moment; clients get the states of that moment. */
  jump(seq: number): void
}

/** Makes a host at the moment before the first entry. */
export function createReplayHost(recording: Recording, send: (message: HostMessage) => void): ReplayHost {
  const { entries, first, checkpoints } = recording.ring
  const payloads = payloadsOf(recording)
  const answers = recordedAnswers(recording)
  const defs = new Map(recording.defs.stores.map((def) => [def.name, def]))
  // Stores whose recorded state moves at an entry without a message of its own.
  const moves = new Map<number, Set<string>>()
  for (const { store, seq } of checkpoints) addTo(moves, seq, store)
  const keys = new Map<string, Map<string, Path | null>>()
  const listens = new Set<string>()
  let seq = first - 1

  const sendFull = (def: StoreDef, bytes: ArrayBuffer): void =>
    send({ event: 'storeupdate', body: { time: timeAt(seq), kind: 0, storeName: def.name, state: bytes } })
  const sendPartial = (def: StoreDef, bytes: ArrayBuffer): void =>
    send({ event: 'storeupdate', body: { time: timeAt(seq), kind: 2, storeName: def.name, partial: bytes } })

  function timeAt(at: number): number {
    return Math.round(entries[at - first]?.at ?? entries[0]?.at ?? 0)
  }

  /** What a key is told first: its part of the state, or all of it where no delta can say that. */
  function catchUp(def: StoreDef, state: unknown, path: Path | null): void {
    const delta = path === null ? null : snapshotDelta(def, state, path)
    if (delta === null || !leadsTo(def, state, delta, state)) sendFull(def, ownBuffer(encodeState(def, state)))
    else sendPartial(def, ownBuffer(encodeDelta(def, delta)))
  }

  function change(history: History, from: number): void {
    const { def } = history
    const paths = [...(keys.get(def.name)?.values() ?? [])]
    if (paths.length === 0) return
    const before = history.at(from)
    const after = history.at(seq)
    if (after === before || after === undefined) return
    const delta = before === undefined ? null : differenceOf(def, before, after)
    if (delta === null) return paths.forEach((path) => catchUp(def, after, path))
    const known = paths.filter((path) => path !== null)
    const part = known.length < paths.length ? delta : deltaFilter(def, known)(before, delta)
    if (part !== null) sendPartial(def, ownBuffer(encodeDelta(def, part)))
  }

  /** The recorded message itself, where somebody follows the whole store and has what it applies to. */
  function asRecorded(entry: FrameEntry, history: History): boolean {
    const bytes = payloads.get(entry.seq)
    const whole = [...(keys.get(history.def.name)?.values() ?? [])].some((path) => path?.length === 0)
    if (!whole || bytes === undefined || moves.get(entry.seq)?.has(history.def.name) === true) return false
    if (entry.update === 'full') sendFull(history.def, bytes.slice(0))
    else if (history.at(entry.seq - 1) === undefined) return false
    else sendPartial(history.def, bytes.slice(0))
    return true
  }

  const takers: Readonly<Record<string, (body: Readonly<Record<string, unknown>>) => void>> = {
    storesub({ storeName, action, key = '' }) {
      const def = defs.get(String(storeName))
      // A store that the recording does not know stays as silent as one that has no state yet.
      if (def === undefined) return
      const known = keys.get(def.name) ?? new Map<string, Path | null>()
      keys.set(def.name, known)
      if (action !== 0) {
        known.delete(String(key))
        return
      }
      const path = parseKey(def, String(key))
      known.set(String(key), path)
      const state = historyOf(recording, def.name).at(seq)
      if (state !== undefined) catchUp(def, state, path)
    },
    keyedeventsub({ storeName, eventName, key, action }) {
      const id = JSON.stringify([storeName, eventName, key])
      if (action === 0) listens.add(id)
      else listens.delete(id)
    },
    rpccall({ callID, methodName, request }) {
      const response = answers.answer(String(methodName), toBytes(request))
      const error = { message: `the recording has no answer to this call of ${String(methodName)}`, data: {} }
      send({
        event: 'rpccallresp',
        body: {
          callID,
          response: response?.slice(0) ?? new ArrayBuffer(0),
          error: response === undefined ? error : null,
        },
      })
    },
    datastreamsub({ subscriptionID, action }) {
      if (action === 0)
        send({ event: 'datastreamendpoint', body: { subscriptionID, error: 'a recording has no data streams' } })
    },
  }

  function sendEvent({ kind, store, name, key, at, seq: number }: FrameEntry): void {
    const event = payloads.get(number)?.slice(0)
    if (event === undefined || name === undefined) return
    const time = Math.round(at)
    if (kind === 'event') send({ event: 'event', body: { time, eventName: name, event } })
    else if (listens.has(JSON.stringify([store, name, key])))
      send({ event: 'keyedevent', body: { time, storeName: store, eventName: name, key, event } })
  }

  return {
    get seq() {
      return seq
    },
    take(event, body) {
      if (Object.hasOwn(takers, event)) takers[event]?.(body)
    },
    left() {
      keys.clear()
      listens.clear()
    },
    next() {
      const before = seq++
      const entry = entries[seq - first]
      const changed = new Set(moves.get(seq))
      if (entry !== undefined && isUpdate(entry) && defs.has(entry.store)) {
        if (!asRecorded(entry, historyOf(recording, entry.store))) changed.add(entry.store)
      } else if (entry?.type === 'frame' && entry.dir === 'in' && /^(keyed)?event$/.test(entry.kind)) sendEvent(entry)
      for (const store of changed) if (defs.has(store)) change(historyOf(recording, store), before)
    },
    jump(to) {
      const before = seq
      seq = to
      for (const store of defs.keys()) change(historyOf(recording, store), before)
    },
  }
}

/** Null when no delta can say it, as when a list became null. */
function differenceOf(def: StoreDef, before: unknown, after: unknown): Delta | null {
  try {
    const delta = diffStates(def, before, after)
    return delta !== null && leadsTo(def, before, delta, after) ? delta : null
  } catch (e) {
    if (isRivuletError(e) && e.code === 'invalid-value') return null
    throw e
  }
}

/** Whether a delta arrives as what it was made of: an `any` that is null arrives as a null of some type (wire.md §8), while a whole state leaves it out. */
function leadsTo(def: StoreDef, before: unknown, delta: Delta, after: unknown): boolean {
  return changedPaths(def, applyMessage(def, before, encodeDelta(def, delta)), after).length === 0
}

function addTo(sets: Map<number, Set<string>>, at: number, item: string): void {
  const set = sets.get(at) ?? new Set()
  sets.set(at, set.add(item))
}

function ownBuffer(bytes: Uint8Array): ArrayBuffer {
  return bytes.slice().buffer
}
