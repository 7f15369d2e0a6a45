import { nodeAt, type Path, stateNode, type StoreDef } from '@rivulet/wire'

/**
 * A path as the attribution of bytes spells it (`@rivulet/wire/inspect`).
 *
 * @example
 * attributedPath(BoardStore, ['cells', 'a1', 'owner']) // 'BoardStore.cells["a1"].owner'
 */
export function attributedPath(def: StoreDef, path: Path): string {
  let out = def.name
  for (const [i, part] of path.entries()) {
    let node = nodeAt(def.types, stateNode(def), path.slice(0, i))
    while (node?.kind === 'pointer') node = node.elem
    out += node?.kind === 'struct' ? `.${String(part)}` : `[${typeof part === 'string' ? JSON.stringify(part) : part}]`
  }
  return out
}

/** Whether what is at `path` is in `whole`, or is it; both as {@link attributedPath} spells them. */
export function isWithin(path: string, whole: string): boolean {
  return path.startsWith(whole) && /^$|^[.[]/.test(path.slice(whole.length))
}
