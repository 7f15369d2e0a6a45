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
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(withoutExtra)
  const kept: Record<string, unknown> = {}
  for (const name of Object.keys(value)) {
    const part = (value as Readonly<Record<string, unknown>>)[name]
    if (name !== 'extra' && part !== undefined) kept[name] = withoutExtra(part)
  }
  return kept
}
