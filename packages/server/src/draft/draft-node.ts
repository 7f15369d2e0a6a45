import { type PathPart, RivuletError } from '@rivulet/wire'

/** One run of a recipe. Once it is closed every draft that it handed out is dead. */
export interface DraftScope {
  readonly store: string
  open: boolean
  /** Drafts of values that the recipe brought in: one value assigned twice stays one value. */
  readonly brought: WeakMap<object, object>
}

/** What stands behind a draft: the value it started from, and what the recipe did to it. */
export interface DraftNode {
  readonly scope: DraftScope
  readonly parent: DraftNode | null
  readonly key: PathPart
  /** The value before the recipe; never changed. */
  readonly base: object
  /** True for values that the recipe brought in: they may have drafts inside, so they are never taken over unread. */
  readonly fresh: boolean
  /** This or something below it may differ from `base`. */
  dirty: boolean
  /** Properties, indices or keys that were assigned or deleted here. */
  readonly touched: Set<PathPart>
  /** Keys whose own draft is dirty. */
  readonly below: Set<PathPart>
  /** The current content: a shallow copy for structs and lists, the draft itself for maps and sets. */
  content: object
}

const nodes = new WeakMap<object, DraftNode>()

/** The node behind `value`, when it is a draft. */
export function nodeOf(value: unknown): DraftNode | undefined {
  return typeof value === 'object' && value !== null ? nodes.get(value) : undefined
}

/** Makes `draft` known as the face of `node`. */
export function bind(draft: object, node: DraftNode): void {
  nodes.set(draft, node)
}

/** Notes that `key` of `node` was assigned or deleted. */
export function touch(node: DraftNode, key: PathPart): void {
  node.touched.add(key)
  soil(node)
}

/** Marks `node` and everything above it as possibly changed. */
export function soil(node: DraftNode): void {
  let at = node
  while (!at.dirty) {
    at.dirty = true
    if (at.parent === null) return
    at.parent.below.add(at.key)
    at = at.parent
  }
}

/** Throws `disposed` when the recipe that `node` belongs to is over. */
export function checkOpen(node: DraftNode): void {
  if (node.scope.open) return
  throw new RivuletError('disposed', 'a draft was used after its recipe ended', {
    store: node.scope.store,
    path: pathOf(node),
    hint: 'Copy what you need inside the recipe, or read store.state afterwards.',
  })
}

/** The path of `node` from the root. */
export function pathOf(node: DraftNode): PathPart[] {
  const path: PathPart[] = []
  for (let at = node; at.parent !== null; at = at.parent) path.push(at.key)
  return path.toReversed()
}
