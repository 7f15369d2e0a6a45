import type { Path } from '@rivulet/wire'
import type { PanelWrite } from '../../../protocol.ts'

/** A path as a key of a Map. */
export function pathKey(path: Path): string {
  return JSON.stringify(path.map((part) => (typeof part === 'bigint' ? `${part}n` : part)))
}

/** Whether `path` is `above`, or below it. */
export function isWithin(path: Path, above: Path): boolean {
  return above.length <= path.length && above.every((part, i) => part === path[i])
}

/** The edits with one more: what was edited there or below before is replaced by it. */
export function withEdit(edits: readonly PanelWrite[], edit: PanelWrite): readonly PanelWrite[] {
  return [...edits.filter(({ path }) => !isWithin(path, edit.path)), edit]
}

/** The edits without that of a path. */
export function withoutEdit(edits: readonly PanelWrite[], path: Path): readonly PanelWrite[] {
  const key = pathKey(path)
  return edits.filter((edit) => pathKey(edit.path) !== key)
}
