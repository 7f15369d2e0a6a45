import type { PathPart } from '@rivulet/wire'
import { refuse } from './refuse-writes.ts'
import type { Place, TrackedRun } from './tracked-types.ts'

const NONE: ReadonlyMap<PathPart, unknown> = new Map()

/**
 * A map as a selector sees it: asking for one key notes that element, everything else notes the whole map and works on its real values.
 *
 * A class, so that `instanceof Map` holds; its own entries are never used.
 */
export class TrackedMap extends Map<PathPart, unknown> {
  readonly #run: TrackedRun
  readonly #place: Place

  constructor(run: TrackedRun, place: Place) {
    super()
    this.#run = run
    this.#place = place
  }

  override get(key: PathPart): unknown {
    return this.#run.child(this.#place, key, true)
  }

  override has(key: PathPart): boolean {
    const below = this.#run.placeBelow(this.#place, key)
    if (below === undefined) return false
    this.#place.passed = true
    return this.#run.take(below) !== undefined
  }

  override get size(): number {
    return this.#all().size
  }

  override entries(): MapIterator<[PathPart, unknown]> {
    return this.#all().entries()
  }

  override keys(): MapIterator<PathPart> {
    return this.#all().keys()
  }

  override values(): MapIterator<unknown> {
    return this.#all().values()
  }

  override forEach(use: (value: unknown, key: PathPart, map: Map<PathPart, unknown>) => void, self?: unknown): void {
    for (const [key, value] of this.#all()) use.call(self, value, key, this)
  }

  override [Symbol.iterator](): MapIterator<[PathPart, unknown]> {
    return this.entries()
  }

  override set(): never {
    return refuse()
  }

  override delete(): never {
    return refuse()
  }

  override clear(): never {
    return refuse()
  }

  #all(): ReadonlyMap<PathPart, unknown> {
    return (this.#run.take(this.#place) as ReadonlyMap<PathPart, unknown> | null | undefined) ?? NONE
  }
}
