import type { FeedEntry, FrameEntry, PatchEntry } from '@rivulet/client/inspect'
import type { ClientModel } from '../../client-model.ts'
import { findEntry } from '../parts/find-entry.ts'
import { createTail } from '../../tail.ts'
import { createPicked } from '../parts/picked.ts'
import type { PagePatch } from './render-stats.ts'

/** Which messages of the host a patch is made of. */
export interface PatchFrames {
  /** Takes in what the log has of new. */
  read(): void
  /** The engine's word about a patch of this page; undefined when it is not kept. */
  entryOf(patch: PagePatch): PatchEntry | undefined
  /** Store updates that may be in the patch: of the stores that it changed, at most `limit`, oldest first. */
  framesOf(patch: PagePatch, limit: number): readonly FrameEntry[]
}

/** Makes it over a model's log. */
export function createPatchFrames(model: ClientModel): PatchFrames {
  let byNumber = new Map<number, PatchEntry>()
  const kept = createPicked<PatchEntry>()
  let since = model.hello?.since
  const read = createTail<FeedEntry>(model.entries, (entry, position) => {
    if (entry.type !== 'patch' || entry.page !== model.hello?.you) return
    kept.add(entry, position)
    byNumber.set(entry.number, entry)
  })
  const frames: PatchFrames = {
    read() {
      // Another engine counts from 1 again.
      if (model.hello !== undefined && since !== undefined && model.hello.since !== since) {
        byNumber = new Map()
        kept.clear()
      }
      since = model.hello?.since ?? since
      kept.dropBefore(read(), (entry) => {
        if (byNumber.get(entry.number) === entry) byNumber.delete(entry.number)
      })
    },
    entryOf: ({ number }) => byNumber.get(number),
    framesOf(patch, limit) {
      const entry = frames.entryOf(patch)
      const stores = new Set(patch.changes.map(({ store }) => store))
      const out: FrameEntry[] = []
      if (entry?.from === undefined) return out
      for (let seq = entry.to ?? entry.from; seq >= entry.from && out.length < limit; seq--) {
        const frame = findEntry(model.entries, seq)
        // What is older is not kept, either.
        if (frame === undefined) break
        if (frame.type === 'frame' && frame.kind === 'storeupdate' && (patch.more > 0 || stores.has(frame.store ?? '')))
          out.unshift(frame)
      }
      return out
    },
  }
  return frames
}
