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

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder)
  if (typeof value !== 'object' || value === null) return value
  const ordered: Record<string, unknown> = {}
  for (const key of Object.keys(value).toSorted(byRank)) ordered[key] = inOrder((value as Fields)[key])
  return ordered
}

type Fields = Readonly<Record<string, unknown>>

function byRank(a: string, b: string): number {
  return (ranks.get(a) ?? ranks.size) - (ranks.get(b) ?? ranks.size) || (a < b ? -1 : 1)
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  let text = ''
  for (const key of Object.keys(value).toSorted())
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson((value as Fields)[key])}`
  return `{${text}}`
}
