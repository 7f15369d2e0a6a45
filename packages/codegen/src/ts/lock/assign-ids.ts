import type { Diagnostics } from '../../diagnostics/diagnostic.ts'
import type { SourcePlace } from '../../model/schema-model.ts'
import type { Lock, LockedField, LockedStruct, RetiredField } from './lock-file.ts'

/** A word of a doc comment and where it stands. */
interface PlacedWord {
  readonly value: string
  readonly at: SourcePlace
}

/** A field that needs an id. */
export interface UnlockedField {
  readonly name: string
  /** What it is on the wire, as text. */
  readonly type: string
  readonly at: SourcePlace
  /** `@id 3`. */
  readonly id?: PlacedWord | undefined
  /** `@was oldName`. */
  readonly was?: PlacedWord | undefined
}

/** A struct whose fields need ids. */
export interface UnlockedStruct {
  readonly name: string
  readonly at: SourcePlace
  readonly was?: PlacedWord | undefined
  /** In the order of the source, which is that of new ids. */
  readonly fields: readonly UnlockedField[]
}

/** Something that the lock file does not say yet. */
export interface LockChange {
  readonly at: SourcePlace | undefined
  readonly message: string
}

/** The ids of a project. */
export interface Assigned {
  readonly lock: Lock
  readonly changes: readonly LockChange[]
}

const HIGHEST = 255
const EMPTY: LockedStruct = { next: 1, fields: new Map(), retired: [] }

/**
 * Gives every field its id: the one it has in `lock`, under its name or the one that `@was` says; else that of its tag; else that of a field
 * of the same name and type which was gone and is back; else the next. An id that was given is never given to another field, and never changes.
 */
export function assignIds(lock: Lock, structs: readonly UnlockedStruct[], diagnostics: Diagnostics): Assigned {
  const result = new Map(lock)
  const changes: LockChange[] = []
  const names = new Set(structs.map(({ name }) => name))
  const before = new Map(
    structs.map((struct) => [struct.name, blockOf(struct, lock, result, names, changes, diagnostics)]),
  )
  for (const struct of structs) {
    const known = before.get(struct.name) as LockedStruct
    result.set(struct.name, assignStruct(struct, known, changes, diagnostics))
  }
  for (const [name, block] of result) {
    if (names.has(name) || block.fields.size === 0) continue
    result.set(name, { ...block, fields: new Map(), retired: [...block.retired, ...goneOf(block.fields)] })
    changes.push({ at: undefined, message: `${name} is gone, and its ids are not retired` })
  }
  return { lock: result, changes }
}

function goneOf(fields: ReadonlyMap<string, LockedField>): readonly RetiredField[] {
  return [...fields].map(([name, field]) => ({ ...field, name }))
}

// A struct's block, taken over from its old name if it says so.
function blockOf(
  { name, was, at }: UnlockedStruct,
  lock: Lock,
  result: Map<string, LockedStruct>,
  names: ReadonlySet<string>,
  changes: LockChange[],
  diagnostics: Diagnostics,
): LockedStruct {
  const own = lock.get(name)
  if (was !== undefined && names.has(was.value)) {
    const hint = 'Remove the tag: two structs cannot have the ids of one.'
    diagnostics.error('renamed', was.at, `${name} was ${was.value}, which is still there`, hint)
  } else if (own === undefined && was !== undefined) {
    const old = result.get(was.value)
    if (old !== undefined) {
      result.delete(was.value)
      changes.push({ at, message: `${name} was ${was.value}, and still is in the lock file` })
      return old
    }
    diagnostics.error(
      'renamed',
      was.at,
      `the lock file has no ${was.value} that ${name} was`,
      'Correct the name, or remove the tag.',
    )
  }
  return own ?? EMPTY
}

function assignStruct(
  struct: UnlockedStruct,
  block: LockedStruct,
  changes: LockChange[],
  diagnostics: Diagnostics,
): LockedStruct {
  const inSource = new Set(struct.fields.map(({ name }) => name))
  const gone = new Map([...block.fields].filter(([name]) => !inSource.has(name)))
  const retired = new Set(block.retired)
  const ids = new Map<string, number>()
  let { next } = block

  // The retired field that this one is again: the last of its name, unless it was something else.
  const restore = (name: string, type: string | undefined): number | undefined => {
    const found = [...retired].findLast((old) => old.name === name && (type === undefined || old.type === type))
    if (found !== undefined) retired.delete(found)
    return found?.id
  }

  const renamedFrom = (field: UnlockedField): number | undefined => {
    const { was, name } = field
    if (was === undefined) return undefined
    const old = gone.get(was.value)
    gone.delete(was.value)
    const id = old?.id ?? (inSource.has(was.value) ? undefined : restore(was.value, undefined))
    if (id === undefined) {
      const owner = `${struct.name}.${name}`
      const still = inSource.has(was.value)
      const message = still
        ? `${owner} was ${was.value}, which is still there`
        : `${owner} was ${was.value}, which never was`
      diagnostics.error('renamed', was.at, message, 'Correct the name, or remove the tag.')
    }
    return id
  }

  for (const field of struct.fields) {
    const id = block.fields.get(field.name)?.id ?? renamedFrom(field)
    if (id !== undefined) ids.set(field.name, id)
  }
  for (const field of struct.fields) {
    if (field.id === undefined) continue
    const id = pinned(struct, field, field.id, { ids, gone, retired, diagnostics })
    if (id === undefined) continue
    ids.set(field.name, id)
    next = Math.max(next, id + 1)
  }
  for (const field of struct.fields) {
    if (ids.has(field.name)) continue
    const id = restore(field.name, field.type) ?? next
    if (id > HIGHEST) {
      const message = `${struct.name}.${field.name} would be its ${HIGHEST + 1}th field, those that are gone counted`
      diagnostics.error('id-range', field.at, message, 'Put fields into a struct of their own, and that into this one.')
      continue
    }
    ids.set(field.name, id)
    next = Math.max(next, id + 1)
  }

  const fields = new Map(
    struct.fields.flatMap(({ name, type }) => {
      const id = ids.get(name)
      return id === undefined ? [] : [[name, { id, type }] as const]
    }),
  )
  changes.push(...changesOf(struct, block, fields, gone))
  return { next, fields, retired: [...retired, ...goneOf(gone)].toSorted((a, b) => a.id - b.id) }
}

interface Taken {
  readonly ids: ReadonlyMap<string, number>
  readonly gone: ReadonlyMap<string, LockedField>
  readonly retired: Set<RetiredField>
  readonly diagnostics: Diagnostics
}

// The id of a tag. Undefined after a diagnostic.
function pinned(struct: UnlockedStruct, field: UnlockedField, tag: PlacedWord, taken: Taken): number | undefined {
  const { ids, gone, retired, diagnostics } = taken
  const owner = `${struct.name}.${field.name}`
  const id = /^\d{1,3}$/.test(tag.value) ? Number(tag.value) : 0
  if (id < 1 || id > HIGHEST) {
    diagnostics.error('id-range', tag.at, `${owner} has no id from 1 to ${HIGHEST}`, 'Write @id 3, for example.')
    return undefined
  }
  const had = ids.get(field.name)
  if (had !== undefined) {
    if (had === id) return id
    const hint = `Write @id ${had}, or remove the tag. For a new id give the field a new name.`
    diagnostics.error('moved-id', tag.at, `${owner} has the id ${had}, which cannot become ${id}`, hint)
    return undefined
  }
  const other = [...ids].find(([, given]) => given === id)?.[0]
  if (other !== undefined) {
    const message = `${owner} and ${struct.name}.${other} both have the id ${id}`
    diagnostics.error('duplicate-id', tag.at, message, 'Remove one of the tags: the next id is found by itself.')
    return undefined
  }
  const old = [...retired].find((candidate) => candidate.id === id)
  if (old?.name === field.name && old.type === field.type) {
    retired.delete(old)
    return id
  }
  const owned = old?.name ?? [...gone].find(([, given]) => given.id === id)?.[0]
  if (owned === undefined) return id
  const hint = `Remove the tag: peers that know ${owned} would misread it. If it is the same field, write @was ${owned}.`
  diagnostics.error('reused-id', tag.at, `${owner} cannot have the id ${id}, which was that of ${owned}`, hint)
  return undefined
}

function changesOf(
  struct: UnlockedStruct,
  block: LockedStruct,
  fields: ReadonlyMap<string, LockedField>,
  gone: ReadonlyMap<string, LockedField>,
): readonly LockChange[] {
  const own = struct.fields.flatMap(({ name, at }): LockChange[] => {
    const before = block.fields.get(name)
    const now = fields.get(name)
    const owner = `${struct.name}.${name}`
    if (before === undefined) return [{ at, message: `${owner} has no id in the lock file` }]
    if (now === undefined || before.type === now.type) return []
    return [{ at, message: `${owner} is ${now.type}, and ${before.type} in the lock file` }]
  })
  const lost = [...gone.keys()].map((name) => ({
    at: struct.at,
    message: `${struct.name}.${name} is gone, and its id is not retired`,
  }))
  return [...own, ...lost]
}
