import type { PathPart } from '@rivulet/wire'
import { checkOpen, type DraftNode, touch } from './draft-node.ts'

/** The draft of a set: a copy that notes what was added and deleted. Members are simple values, so nothing in it needs a draft. */
export class DraftSet extends Set<PathPart> {
  readonly #node: DraftNode

  constructor(node: DraftNode, base: ReadonlySet<PathPart>) {
    super()
    for (const member of base) super.add(member)
    this.#node = node
  }

  override add(member: PathPart): this {
    checkOpen(this.#node)
    if (!super.has(member)) touch(this.#node, member)
    return super.add(member)
  }

  override delete(member: PathPart): boolean {
    checkOpen(this.#node)
    if (!super.has(member)) return false
    touch(this.#node, member)
    return super.delete(member)
  }

  override clear(): void {
    for (const member of this) this.delete(member)
  }
}
