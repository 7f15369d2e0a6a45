import type { SchemaModel } from './schema-model.ts'

/**
 * The model as pure `restream-schema/1` JSON: a copy without the `extra` properties, so that two models are the same exactly when the
 * wire is.
 *
 * @example
 * writeFileSync('schema.json', JSON.stringify(plainSchema(model), null, 1))
 */
export function plainSchema(model: SchemaModel): SchemaModel {
  return withoutExtra(model) as SchemaModel
}

function withoutExtra(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutExtra)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([name, part]) => name !== 'extra' && part !== undefined)
  return Object.fromEntries(kept.map(([name, part]) => [name, withoutExtra(part)]))
}
