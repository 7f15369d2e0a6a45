import { readFileSync } from 'node:fs'
import type { SchemaModel } from '../../src/index.ts'

const vectors = new URL('../../../../vectors/restream/', import.meta.url)

/** The golden schema, parsed anew. */
export function goldenSchema(): SchemaModel {
  return JSON.parse(readFileSync(new URL('schema.json', vectors), 'utf8')) as SchemaModel
}

/** Every list of a model in another order; the fields of structs stay, because their order is the wire's. */
export function shuffled(value: SchemaModel, turn: number): SchemaModel {
  return shuffle(value, turn, '') as SchemaModel
}

function shuffle(value: unknown, turn: number, key: string): unknown {
  if (Array.isArray(value)) {
    const list = value.map((item) => shuffle(item, turn, ''))
    if (key === 'fields' || key === 'typeParams' || key === 'args') return list
    const at = list.length === 0 ? 0 : turn % list.length
    return [...list.slice(at), ...list.slice(0, at)].toReversed()
  }
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([name, part]) => [name, shuffle(part, turn, name)] as const)
  return Object.fromEntries(entries.toReversed())
}
