import { applyMessage, decodeState, OWNS_ALL, type Path, type StoreDef, valueAt } from '@rivulet/wire'
import { DepotStore, WorldStore } from '../../generated/schema.ts'
import type { Subject } from '../formats.ts'
import { followStore } from '../store-update.ts'

/** What this worker is told to follow. */
export interface Follow {
  readonly url: string
  readonly subject: Subject
}

/** What this worker posts: the whole state, or every changed path with its value. */
export type Posted = { readonly state: unknown } | { readonly changes: readonly { path: Path; value: unknown }[] }

let state: unknown

addEventListener('message', ({ data: { url, subject } }: MessageEvent<Follow>) => {
  const def: StoreDef = subject === 'world' ? WorldStore : DepotStore
  followStore(url, def.name, (update) => {
    if (update.state !== undefined) {
      state = decodeState(def, update.state)
      postMessage({ state } satisfies Posted)
    } else if (state !== undefined) {
      const paths: Path[] = []
      state = applyMessage(def, state, update.partial, {
        owned: OWNS_ALL,
        report: (path, depth) => paths.push(path.slice(0, depth)),
      })
      const after = state
      postMessage({ changes: paths.map((path) => ({ path, value: valueAt(after, path) })) } satisfies Posted)
    }
  })
})
