import type { PathPart } from '@rivulet/wire'
import { DraftMap } from './draft-map.ts'
import { bind, type DraftNode, type DraftScope, nodeOf, soil, touch } from './draft-node.ts'
import { objectTraps } from './draft-object.ts'
import { DraftSet } from './draft-set.ts'

/** The draft of a whole state. */
export function rootDraft(scope: DraftScope, state: object): object {
  return draftOf(scope, null, '', state, false)
}

/**
 * What a recipe gets when it reads `value` at `key` of `parent`: drafts of containers, copies of dates and bytes, everything else as it is.
 * The second result says whether the parent has to keep it.
 */
function lend(parent: DraftNode, key: PathPart, value: unknown): { readonly value: unknown; readonly keep: boolean } {
  if (typeof value !== 'object' || value === null || nodeOf(value) !== undefined) return { value, keep: false }
  if (value instanceof Date || value instanceof Uint8Array) {
    // Both can be changed through their own methods, unseen: lend a copy and compare it at the end.
    if (parent.touched.has(key)) return { value, keep: false }
    touch(parent, key)
    return { value: value instanceof Date ? new Date(value) : value.slice(), keep: true }
  }
  const fresh = parent.fresh || parent.touched.has(key)
  const known = fresh ? parent.scope.brought.get(value) : undefined
  const draft = known ?? draftOf(parent.scope, parent, key, value, fresh)
  if (fresh) parent.scope.brought.set(value, draft)
  return { value: draft, keep: true }
}

function draftOf(scope: DraftScope, parent: DraftNode | null, key: PathPart, base: object, fresh: boolean): object {
  const node: DraftNode = {
    scope,
    parent,
    key,
    base,
    fresh,
    dirty: false,
    touched: new Set(),
    below: new Set(),
    content: base,
  }
  const draft = face(node, base)
  bind(draft, node)
  // A value that the recipe brought in is written out in full anyway; its parents have to look at it.
  if (fresh) soil(node)
  return draft
}

function face(node: DraftNode, base: object): object {
  if (base instanceof Map) return (node.content = new DraftMap(node, base, lend))
  if (base instanceof Set) return (node.content = new DraftSet(node, base))
  node.content = Array.isArray(base) ? base.slice() : { ...base }
  return new Proxy(node.content, objectTraps(node, lend))
}
