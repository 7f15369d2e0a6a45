import type { Delta } from '@rivulet/wire'
import type { Crate } from './table-rig.ts'

/** A change of a depot's crates: new weights, crates that come, crates that go. */
export function rootDelta({
  changed = [],
  set = [],
  gone = [],
}: {
  readonly changed?: readonly (readonly [key: string, weight: number])[]
  readonly set?: readonly (readonly [key: string, crate: Crate])[]
  readonly gone?: readonly string[]
}): Delta {
  return {
    crates: {
      mods: new Map(changed.map(([key, weight]) => [key, { weight: { set: weight } }])),
      sets: new Map(set),
      deletes: new Set(gone),
    },
  }
}
