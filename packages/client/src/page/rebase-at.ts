import { type Path, stateNode, type StoreDef } from '@rivulet/wire'
import { rebase } from './rebase.ts'
import { typeAt } from './schema-walk.ts'

/**
 * What the change of a path's value from `from` to `to` makes of another value of that path; see `toExternalDataSource`. Pure.
 *
 * Throws `RivuletError` `path` for a path that leads nowhere.
 *
 * @example
 * rebaseAt(BoardStore, ['weather'], { wind: 1, note: 'a' }, { wind: 2, note: 'a' }, { wind: 2, note: 'b' }) // { wind: 1, note: 'b' }
 */
export function rebaseAt(def: StoreDef, path: Path, base: unknown, from: unknown, to: unknown): unknown {
  return rebase(def.types, typeAt(def, stateNode(def), path), base, from, to)
}
