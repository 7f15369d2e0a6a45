import type { FrameEntry } from '@rivulet/client/inspect'
import { decodeDelta, deltaFilter, type Path, type StoreDef } from '@rivulet/wire'
import type { ClientModel } from '../../client-model.ts'
import { pathKey } from './local-edits.ts'

/** The message that last had something to say about a path. */
export interface LastChange {
  readonly seq: number
  readonly at: number
  /** It brought the whole store. */
  readonly full: boolean
}

/** How many messages of a store are looked into, newest first, and how many at once. */
const MAX_FRAMES = 400
const AT_ONCE = 40

/** Finds the last change of a path; `state` is the store's now. */
export type FindLastChange = (path: Path, state: unknown) => Promise<LastChange | undefined>

/** Makes what finds last changes in one store: it remembers how far it has looked for the path that was last asked for. */
export function createLastChange(model: ClientModel, def: StoreDef): FindLastChange {
  let known: { readonly key: string; readonly newest: number; readonly found: LastChange | undefined } | undefined

  const touches = (
    entry: FrameEntry,
    bytes: Uint8Array | null,
    filter: ReturnType<typeof deltaFilter>,
    state: unknown,
  ) => {
    if (entry.update === 'full') return true
    if (bytes === null) return false
    try {
      return filter(state, decodeDelta(def, bytes)) !== null
    } catch {
      return false // it could not be used, so it changed nothing
    }
  }

  return async (path, state) => {
    const key = pathKey(path)
    const from = known?.key === key ? known : undefined
    const frames = newest(model, def.name, from?.newest ?? 0)
    const filter = deltaFilter(def, [path])
    for (let i = 0; i < frames.length; i += AT_ONCE) {
      const some = frames.slice(i, i + AT_ONCE)
      const bytes = await model.bytes(some.map(({ seq }) => seq))
      const index = some.findIndex((entry, j) => touches(entry, bytes[j] ?? null, filter, state))
      const found = some[index]
      if (found === undefined) continue
      const change = { seq: found.seq, at: found.at, full: found.update === 'full' }
      known = { key, newest: frames[0]?.seq ?? 0, found: change }
      return change
    }
    known = { key, newest: frames[0]?.seq ?? from?.newest ?? 0, found: from?.found }
    return known.found
  }
}

/** Updates of a store that came in after a number, newest first. */
function newest(model: ClientModel, store: string, after: number): readonly FrameEntry[] {
  const found: FrameEntry[] = []
  for (let i = model.entries.size - 1; i >= 0 && found.length < MAX_FRAMES; i--) {
    const entry = model.entries.at(i)
    if (entry === undefined || entry.seq <= after) break
    if (entry.type === 'frame' && entry.dir === 'in' && entry.kind === 'storeupdate' && entry.store === store)
      if (entry.error === undefined) found.push(entry)
  }
  return found
}
