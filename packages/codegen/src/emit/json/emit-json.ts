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
  const { format, packages } = sortModel(plainSchema(model))
  const hash = schemaHash(model)
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
  const canonical = canonicalJson(sortModel(plainSchema(model)))
  return `sha256-${createHash('sha256').update(canonical).digest('hex')}`
}

// What a reader looks for first; the rest follows by name. Front ends need not build their objects alike.
const FIRST_KEYS =
  'format hash name goName goStruct tsName tsFile kind flavour packet typeParams file maxFieldID id ref'
const ranks = new Map(FIRST_KEYS.split(' ').map((key, rank) => [key, rank]))

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder)
  if (typeof value !== 'object' || value === null) return value
  const rank = (key: string): number => ranks.get(key) ?? ranks.size
  const entries = Object.entries(value).toSorted(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, part]) => [key, inOrder(part)]))
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, part]) => `${JSON.stringify(key)}:${canonicalJson(part)}`).join()}}`
}
