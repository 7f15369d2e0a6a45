import { readLength, type Reader } from './reader.ts'
import { spells } from './read-key.ts'
import type { PathPart } from './schema.ts'

/** Entries that may be passed over in search of a key: rows that did not change between two that did. */
const MOST_SKIPPED = 8

/**
 * Walks a map beside a delta that names its keys. Hosts that keep a map write its keys in the map's own order, so the entry that comes next is most likely the one wanted; its key is compared where
 * it lies, and neither the table of known keys nor the map's own table is searched. In a map too large for the processor's caches these searches are most of the time: each goes to
 * memory that nothing has touched since the last delta, whereas walking takes memory in a row.
 *
 * A host that writes keys in another order (a Go map has none) is noticed at its first or second key; nothing is lost but a few comparisons.
 */
export class EntriesAhead {
  readonly #entries: Iterator<[PathPart, unknown]>
  #lost = false
  key: PathPart = ''
  value: unknown

  constructor(map: ReadonlyMap<PathPart, unknown>) {
    this.#entries = map.entries()
  }

  /** Whether the text at the cursor is the key of an entry ahead, which is in `key` and `value` then and the cursor behind the text; else nothing is read. */
  takes(r: Reader): boolean {
    if (this.#lost) return false
    const start = r.pos
    const n = readLength(r)
    for (let skipped = 0; skipped < MOST_SKIPPED; skipped++) {
      const { value: entry, done } = this.#entries.next()
      if (done === true) break
      const key = entry[0]
      if (typeof key !== 'string') break
      if (spells(key, r.bytes, r.pos, n)) {
        this.key = key
        this.value = entry[1]
        r.pos += n
        return true
      }
    }
    this.#lost = true
    r.pos = start
    return false
  }
}
