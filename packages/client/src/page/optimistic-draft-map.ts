import type { PathPart } from '@rivulet/wire'
import { type DraftPlace, type FaceOf, isKnown, placeBelow, removeAt, valueOf, writeAt } from './optimistic-place.ts'

/**
 * A map that can be written to. One key needs only that element to be loaded, everything else the whole map.
 *
 * A class, so that `instanceof Map` holds; its own entries are never used.
 */
export class DraftMap extends Map<PathPart, unknown> {
  readonly #place: DraftPlace
  readonly #face: FaceOf

  constructor(place: DraftPlace, face: FaceOf) {
    super()
    this.#place = place
    this.#face = face
  }

  override get(key: PathPart): unknown {
    const below = placeBelow(this.#place, key)
    return below && this.#face(below)
  }

  override has(key: PathPart): boolean {
    const below = placeBelow(this.#place, key)
    return below !== undefined && valueOf(below) !== undefined
  }

  override set(key: PathPart, value: unknown): this {
    const below = placeBelow(this.#place, key)
    if (below === undefined) throw new TypeError(`${typeof key} is no key of this map`)
    writeAt(below, value)
    return this
  }

  override delete(key: PathPart): boolean {
    const below = placeBelow(this.#place, key)
    if (below === undefined) return false
    // What is not loaded may be there.
    const had = !isKnown(below) || valueOf(below) !== undefined
    removeAt(below)
    return had
  }

  override clear(): void {
    writeAt(this.#place, new Map())
  }

  override get size(): number {
    return this.#all().size
  }

  override keys(): MapIterator<PathPart> {
    return this.#all().keys()
  }

  override *values(): MapIterator<unknown> {
    for (const [, value] of this) yield value
  }

  override *entries(): MapIterator<[PathPart, unknown]> {
    for (const key of this.#all().keys()) yield [key, this.get(key)]
  }

  override forEach(use: (value: unknown, key: PathPart, map: Map<PathPart, unknown>) => void, self?: unknown): void {
    for (const [key, value] of this) use.call(self, value, key, this)
  }

  override [Symbol.iterator](): MapIterator<[PathPart, unknown]> {
    return this.entries()
  }

  #all(): ReadonlyMap<PathPart, unknown> {
    return valueOf(this.#place) as ReadonlyMap<PathPart, unknown>
  }
}
