import { createHash } from 'node:crypto'
import type { SchemaModel } from '../../model/schema-model.ts'
import { plainSchema } from '../../model/plain-schema.ts'
import type { EmittedFile } from '../emitted-file.ts'
import { sortModel } from '../sort-model.ts'

/** The schema file, and the hash that is also in it. */
export interface SchemaFile extends EmittedFile {
  /** Of {@link schemaHash}. */
  readonly hash: string
}

/** What a schema file has in it: the model in the `restream-schema/1` format, and its hash. */
export interface HashedSchema extends SchemaModel {
  readonly hash: string
}

/**
 * The schema as one JSON file, for devtools, for hosts in other languages and for comparing with later: the `restream-schema/1` format without
 * extras, in an order that does not depend on the sources, and with a `hash`.
 *
 * @example
 * const { path, text } = emitJson(model)
 * writeFileSync(path, text)
 */
export function emitJson(model: SchemaModel, path = 'schema.json'): SchemaFile {
  const sorted = sortModel(plainSchema(model))
  const { format, packages } = sorted
  const hash = hashOf(sorted)
  const file: HashedSchema = { format, hash, packages }
  return { path, hash, text: `${JSON.stringify(inOrder(file), null, 1)}\n` }
}

/**
 * Names a schema: `sha256-` and 64 hexadecimal digits. Two models have the same hash exactly when they say the same, whatever the order of their
 * declarations and whatever their comments.
 *
 * @example
 * if (schemaHash(model) !== cached.hash) forget(cached)
 */
export function schemaHash(model: SchemaModel): string {
  return hashOf(sortModel(plainSchema(model)))
}

function hashOf(sorted: SchemaModel): string {
  return `sha256-${createHash('sha256').update(canonicalJson(sorted)).digest('hex')}`
}

// What a reader looks for first; the rest follows by name. Front ends need not build their objects alike.
const FIRST_KEYS =
  'format hash name goName goStruct tsName tsFile kind flavour packet typeParams file maxFieldID id ref'
const ranks = new Map(FIRST_KEYS.split(' ').map((key, rank) => [key, rank]))

type Keys = readonly string[]

/** A copy with the keys of every object in an order: the native writer keeps it, and is the fastest there is. */
function withKeys(value: unknown, order: (keys: Keys) => Keys): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((part) => withKeys(part, order))
  const ordered: Record<string, unknown> = {}
  for (const key of order(Object.keys(value))) ordered[key] = withKeys((value as Record<string, unknown>)[key], order)
  return ordered
}

/** Sorts lists of keys; there are few that differ, so each is sorted once. */
function sorter(compare: (a: string, b: string) => number): (keys: Keys) => Keys {
  const known = new Map<string, Keys>()
  return (keys) => {
    const text = keys.join(' ')
    const sorted = known.get(text) ?? keys.toSorted(compare)
    known.set(text, sorted)
    return sorted
  }
}

const byName = (a: string, b: string): number => (a < b ? -1 : 1)
const byRank = (a: string, b: string): number =>
  (ranks.get(a) ?? ranks.size) - (ranks.get(b) ?? ranks.size) || byName(a, b)

const inOrder = (value: unknown): unknown => withKeys(value, sorter(byRank))
const canonicalJson = (value: unknown): string => JSON.stringify(withKeys(value, sorter(byName)))
