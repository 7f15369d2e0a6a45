import type { Checkpoint, FeedEntry, FrameEntry, Gap, RingCopy } from '@rivulet/client/inspect'
import { type Delta, encodeDelta, encodeState, type Path, type StoreDef } from '@rivulet/wire'

type Loose<T> = T extends FeedEntry ? Omit<T, 'seq' | 'at'> : never

/** A ring as an engine's tap leaves it, from states and deltas. Every method returns the number of the entry that it added. */
export interface RingBuilder {
  full<S>(def: StoreDef<S>, state: S): number
  partial(def: StoreDef, delta: Delta): number
  /** Any message; `bytes` is its binary part. */
  frame(frame: Omit<Loose<FrameEntry>, 'type' | 'bytes'>, bytes?: Uint8Array): number
  entry(entry: Loose<FeedEntry>): number
  /** A checkpoint or gap right after the newest entry. */
  checkpoint(def: StoreDef, state: unknown): void
  gap(def: StoreDef): void
  ring(): RingCopy
}

/** Starts one whose first entry has the number `first`. */
export function buildRing(first = 1): RingBuilder {
  const entries: FeedEntry[] = []
  const payloads: [number, ArrayBuffer][] = []
  const checkpoints: Checkpoint[] = []
  const gaps: Gap[] = []
  const now = (): number => first + entries.length - 1
  const timeOf = (seq: number): number => 1_700_000_000_000 + seq * 10

  const entry: RingBuilder['entry'] = (made) => {
    const seq = now() + 1
    entries.push({ seq, at: timeOf(seq), ...made })
    return seq
  }
  const frame: RingBuilder['frame'] = (made, bytes) => {
    const seq = entry({ type: 'frame', bytes: bytes?.length ?? 0, ...made })
    if (bytes !== undefined) payloads.push([seq, bytes.slice().buffer])
    return seq
  }
  const update = (store: string, how: 'full' | 'partial', bytes: Uint8Array): number =>
    frame({ dir: 'in', kind: 'storeupdate', store, update: how }, bytes)

  return {
    entry,
    frame,
    full: (def, state) => update(def.name, 'full', encodeState(def, state)),
    partial: (def, delta) => update(def.name, 'partial', encodeDelta(def, delta)),
    checkpoint(def, state) {
      const seq = now()
      checkpoints.push({ store: def.name, seq, at: timeOf(seq), state: encodeState(def, state).slice().buffer })
    },
    gap: (def) => void gaps.push({ store: def.name, seq: now() }),
    ring: () => ({
      first: entries.length === 0 ? 0 : first,
      last: entries.length === 0 ? 0 : now(),
      entries: [...entries],
      payloads: [...payloads],
      checkpoints: [...checkpoints],
      gaps: [...gaps],
    }),
  }
}

/** A path as text, for sets of paths. */
export function pathText(path: Path): string {
  return path.map(String).join('/')
}
