import type { FeedEntry, FrameEntry } from '@rivulet/client/inspect'
import { applyMessage, decodeState, type Path, reconcile, RivuletError, type StoreDef } from '@rivulet/wire'
import type { Recording } from './recording.ts'

/** One thing that makes or ends a state of a store. */
interface Step {
  readonly seq: number
  /** `base` a checkpoint, `full` and `partial` messages of the host, `gap` = the state changed in a way that was not recorded. */
  readonly kind: 'base' | 'full' | 'partial' | 'gap'
  readonly bytes: ArrayBuffer | undefined
}

/** The states of one store through a recording. States that it gives out are never changed; they share what did not change between them. */
export interface History {
  readonly def: StoreDef
  /** Numbers of the entries at which the state may change, in order. */
  readonly changes: readonly number[]
  /** The state right after entry `seq`; undefined where it is not known. Throws what the wire throws for a message that does not fit. */
  at(seq: number): unknown
}

/** States that are kept, at most, per store: enough that any other is a few deltas away, however long the recording is. */
const KEYFRAMES = 256

const histories = new WeakMap<Recording, Map<string, History>>()

/**
 * The history of a store, made once per recording. Throws `unknown-store` for one without a descriptor in it.
 */
export function historyOf(recording: Recording, store: string): History {
  let known = histories.get(recording)
  if (known === undefined) histories.set(recording, (known = new Map()))
  let history = known.get(store)
  if (history === undefined) {
    const def = recording.defs.stores.find(({ name }) => name === store)
    if (def === undefined) {
      throw new RivuletError('unknown-store', 'the recording has no descriptor of this store', {
        store,
        hint: `It has ${recording.defs.stores.map(({ name }) => name).join(', ') || 'none'}.`,
      })
    }
    known.set(store, (history = createHistory(def, stepsOf(recording, store))))
  }
  return history
}

/** Whether an entry is a message that changed a store. */
export function isUpdate(entry: FeedEntry): entry is FrameEntry & { readonly store: string } {
  if (entry.type !== 'frame' || entry.dir !== 'in' || entry.kind !== 'storeupdate') return false
  return entry.store !== undefined && entry.error === undefined && entry.unapplied !== true
}

const payloadMaps = new WeakMap<Recording, ReadonlyMap<number, ArrayBuffer>>()

/** The binary parts of a recording's messages by number. */
export function payloadsOf(recording: Recording): ReadonlyMap<number, ArrayBuffer> {
  let map = payloadMaps.get(recording)
  if (map === undefined) payloadMaps.set(recording, (map = new Map(recording.ring.payloads)))
  return map
}

function stepsOf(recording: Recording, store: string): Step[] {
  const payloads = payloadsOf(recording)
  const steps: Step[] = []
  for (const entry of recording.ring.entries) {
    const { seq } = entry
    if (isUpdate(entry) && entry.store === store) {
      const bytes = payloads.get(seq)
      steps.push({ seq, kind: bytes === undefined ? 'gap' : (entry.update ?? 'partial'), bytes })
    }
  }
  for (const { store: of, seq, state } of recording.ring.checkpoints) {
    if (of === store) steps.push({ seq, kind: 'base', bytes: state })
  }
  for (const { store: of, seq } of recording.ring.gaps ?? []) {
    if (of === store) steps.push({ seq, kind: 'gap', bytes: undefined })
  }
  // A checkpoint holds after its entry, and a gap of the same number came after that; sorting is stable.
  return steps.toSorted((a, b) => a.seq - b.seq)
}

function createHistory(def: StoreDef, steps: readonly Step[]): History {
  const apart = Math.max(8, Math.ceil(steps.length / KEYFRAMES))
  const keyframes = new Map<number, unknown>()
  let last: { readonly at: number; readonly state: unknown } | undefined

  /** Index of the last step up to `seq`; -1 before the first. */
  const indexOf = (seq: number): number => {
    let low = 0
    let high = steps.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((steps[middle] as Step).seq <= seq) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  /** From where the state after step `index` is cheapest to build. */
  const startFor = (index: number): { readonly at: number; readonly state: unknown } => {
    for (let at = index; at >= 0; at--) {
      if (last?.at === at) return last
      if (keyframes.has(at)) return { at, state: keyframes.get(at) }
      // From the state just before it, what a whole state leaves equal is shared.
      if ((steps[at] as Step).kind !== 'partial') return last?.at === at - 1 ? last : { at: at - 1, state: undefined }
    }
    return { at: -1, state: undefined }
  }

  const stateAfter = (index: number): unknown => {
    let { at, state } = startFor(index)
    let owned = new Set<object>()
    while (at < index) {
      state = take(def, state, steps[++at] as Step, owned)
      if (at % apart === 0 && (steps[at] as Step).kind === 'partial') {
        keyframes.set(at, state)
        // What is kept is changed by nobody from here on.
        owned = new Set()
      }
    }
    last = { at, state }
    return state
  }

  return {
    def,
    changes: steps.map(({ seq }) => seq),
    at: (seq) => stateAfter(indexOf(seq)),
  }
}

/** Every place in which two states of a store differ, as deep as paths go; the root where one of them is not known. */
export function changedPaths(def: StoreDef, before: unknown, after: unknown): readonly Path[] {
  if (before === after) return []
  if (before === undefined || after === undefined) return [[]]
  const paths: Path[] = []
  reconcile(def, before, after, (path, depth) => paths.push(path.slice(0, depth)))
  return paths
}

/** The state after a step; undefined = not known, and only a whole one helps. What stores begin with, and what the engine did to a state by itself, is in checkpoints. */
function take(def: StoreDef, before: unknown, { kind, bytes }: Step, owned: Set<object>): unknown {
  switch (kind) {
    case 'gap':
      return undefined
    case 'partial':
      return before === undefined ? undefined : applyMessage(def, before, bytes, { owned })
    default: {
      const after = decodeState(def, bytes)
      return before === undefined ? after : reconcile(def, before, after)
    }
  }
}
