import { enter, readU8 } from '../reader.ts'
import { note, type Walk, walkIgnored, walkLength } from './walk.ts'

/** The fields of one fielded struct: of a state, or of a delta. */
interface Fields<Field> {
  readonly find: (id: number) => Field | undefined
  /** As the host's source has it. */
  readonly nameOf: (field: Field) => string
  readonly pathOf: (field: Field) => string
  /** Walks over the entry's value; may leave bytes of the entry unread. */
  readonly walk: (field: Field, path: string) => void
}

/** Walks over a length-prefixed row of entries, as every reader does: unknown ids and what an entry has too much are skipped (wire.md §6.1). */
export function walkEntries<Field>(walk: Walk, path: string, ref: string, fields: Fields<Field>): void {
  const { r } = walk
  enter(r)
  const length = walkLength(walk, path, `length of ${ref}`)
  const outer = r.end
  const end = r.pos + length
  r.end = end
  while (r.pos < end) {
    const start = r.pos
    const id = readU8(r)
    const field = fields.find(id)
    const at = field === undefined ? path : fields.pathOf(field)
    note(walk, start, at, field === undefined ? 'id of an unknown field' : `id of ${fields.nameOf(field)}`, id)
    const size = walkLength(walk, at, 'length of the entry')
    const next = r.pos + size
    if (field === undefined) walkIgnored(walk, next, at, 'unknown field, skipped')
    else {
      r.end = next
      fields.walk(field, at)
      walkIgnored(walk, next, at, 'rest of the entry, skipped')
    }
    r.end = end
  }
  r.end = outer
  r.depth--
}
