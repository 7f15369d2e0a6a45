import type { PathPart } from '@rivulet/wire'
import { checkOpen, type DraftNode, touch } from './draft-node.ts'
import type { Lend } from './draft-object.ts'

type Visit = (value: unknown, key: PathPart, map: Map<PathPart, unknown>) => void

/**
 * The draft of a map: an overlay over the map it started from, so that a change costs the change and not a copy of the map.
 * A class because recipes expect a real `Map` (`instanceof`, iteration, spreading).
 */
export class DraftMap extends Map<PathPart, unknown> {
  readonly #node: DraftNode
  readonly #base: ReadonlyMap<PathPart, unknown>
  readonly #lend: Lend
  /** Current values of keys that were assigned, or read as a draft. */
  readonly #over: Map<PathPart, unknown> = new Map()
  /** Keys that are not at their place in the base, in the order of insertion. */
  readonly #added: Set<PathPart> = new Set()
  /** Keys of the base that were deleted (and perhaps added again). */
  readonly #gone: Set<PathPart> = new Set()

  constructor(node: DraftNode, base: ReadonlyMap<PathPart, unknown>, lend: Lend) {
    super()
    this.#node = node
    this.#base = base
    this.#lend = lend
  }

  override get size(): number {
    checkOpen(this.#node)
    return this.#base.size - this.#gone.size + this.#added.size
  }

  override has(key: PathPart): boolean {
    checkOpen(this.#node)
    return this.#has(key)
  }

  override get(key: PathPart): unknown {
    checkOpen(this.#node)
    return this.#get(key)
  }

  override set(key: PathPart, value: unknown): this {
    checkOpen(this.#node)
    if (!this.#has(key)) this.#added.add(key)
    this.#over.set(key, value)
    touch(this.#node, key)
    return this
  }

  override delete(key: PathPart): boolean {
    checkOpen(this.#node)
    if (!this.#has(key)) return false
    this.#over.delete(key)
    if (!this.#added.delete(key)) this.#gone.add(key)
    touch(this.#node, key)
    return true
  }

  override clear(): void {
    for (const key of this.#keys()) this.delete(key)
  }

  override forEach(visit: Visit, self?: unknown): void {
    for (const key of this.#keys()) visit.call(self, this.#get(key), key, this)
  }

  override keys(): MapIterator<PathPart> {
    return this.#keys()
  }

  override values(): MapIterator<unknown> {
    return this.#values()
  }

  override entries(): MapIterator<[PathPart, unknown]> {
    return this.#entries()
  }

  override [Symbol.iterator](): MapIterator<[PathPart, unknown]> {
    return this.#entries()
  }

  /** The current value at `key` without making a draft of it; for the recorder, after the recipe. */
  peek(key: PathPart): unknown {
    return this.#over.has(key) ? this.#over.get(key) : this.#has(key) ? this.#base.get(key) : undefined
  }

  /** Whether `key` is present; for the recorder, after the recipe. */
  holds(key: PathPart): boolean {
    return this.#has(key)
  }

  /** The present keys; for the recorder, after the recipe. */
  *present(): Generator<PathPart, undefined> {
    for (const key of this.#base.keys()) if (!this.#gone.has(key)) yield key
    yield* this.#added
  }

  #has(key: PathPart): boolean {
    return this.#added.has(key) || (this.#base.has(key) && !this.#gone.has(key))
  }

  #get(key: PathPart): unknown {
    const value = this.peek(key)
    const lent = this.#lend(this.#node, key, value)
    if (lent.keep) this.#over.set(key, lent.value)
    return lent.value
  }

  // Live, as a Map's own iterators are: keys deleted ahead are skipped, keys added meanwhile are visited.
  *#keys(): Generator<PathPart, undefined> {
    checkOpen(this.#node)
    for (const key of this.present()) {
      checkOpen(this.#node)
      yield key
    }
  }

  *#values(): Generator<unknown, undefined> {
    for (const key of this.#keys()) yield this.#get(key)
  }

  *#entries(): Generator<[PathPart, unknown], undefined> {
    for (const key of this.#keys()) yield [key, this.#get(key)]
  }
}
