import { type DraftPlace, valueOf, writeAt } from './optimistic-place.ts'

/** A set that can be written to. Sets travel as a whole, so that is how they are read and written. */
export class DraftSet extends Set<unknown> {
  readonly #place: DraftPlace

  constructor(place: DraftPlace) {
    super()
    this.#place = place
    for (const item of valueOf(place) as ReadonlySet<unknown>) super.add(item)
  }

  override add(item: unknown): this {
    super.add(item)
    writeAt(this.#place, new Set(this))
    return this
  }

  override delete(item: unknown): boolean {
    const had = super.delete(item)
    if (had) writeAt(this.#place, new Set(this))
    return had
  }

  override clear(): void {
    super.clear()
    writeAt(this.#place, new Set())
  }
}
