import { existsSync, readFileSync } from 'node:fs'
import { RivuletError } from '@rivulet/wire'
import type { SchemaModel } from '../model/schema-model.ts'

/**
 * The model in a schema file's text; `name` is what messages call it. Throws `config` when it is none.
 *
 * @example
 * const model = parseSchema(await response.text(), 'the schema in production')
 */
export function parseSchema(text: string, name: string): SchemaModel {
  const refuse = (why: string, cause?: unknown): never => {
    throw new RivuletError('config', `${name} is no schema file: ${why}`, {
      cause,
      hint: 'Write one with `rivulet generate`.',
    })
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    refuse(cause instanceof Error ? cause.message : String(cause), cause)
  }
  const model = value as Partial<SchemaModel> | null
  if (model?.format !== 'restream-schema/1') return refuse('its format is not "restream-schema/1"')
  return Array.isArray(model.packages) ? (model as SchemaModel) : refuse('it has no packages')
}

/**
 * The model in the schema file `path`; undefined when there is no such file. Throws as {@link parseSchema}.
 *
 * @example
 * const before = readSchema('schema.json')
 */
export function readSchema(path: string): SchemaModel | undefined {
  return existsSync(path) ? parseSchema(readFileSync(path, 'utf8'), path) : undefined
}
