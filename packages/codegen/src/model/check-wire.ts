import { isRivuletError, structOf } from '@rivulet/wire'
import type { Diagnostics } from '../diagnostics/diagnostic.ts'
import type { SchemaField, SchemaModel, SourcePlace } from './schema-model.ts'
import { wireTypes } from './wire-types.ts'

/**
 * Asks the wire package whether it can encode every struct of a model that front ends found nothing wrong with, so that what it refuses is an error in the sources, at its place:
 * a list of structs without fields, whose number no reader could bound, or a type that nests too deeply.
 */
export function checkWire(model: SchemaModel, diagnostics: Diagnostics): void {
  if (diagnostics.hasErrors) return
  // How integers are read makes no difference.
  const table = wireTypes(model, { wide: 'bigint' })
  for (const ref of Object.keys(table)) {
    try {
      structOf([table], ref)
    } catch (error) {
      if (!isRivuletError(error) || error.code !== 'schema') throw error
      const name = error.path?.[0]
      const at = placeOf(model, ref, typeof name === 'string' ? name : undefined)
      const what = error.what.replace(/^struct "[^"]*": /, '')
      const owner = `${ref.slice(ref.indexOf('.') + 1)}${name === undefined ? '' : `.${String(name)}`}`
      const hint = what.includes('no bytes')
        ? 'Give the struct a field, or send the number of elements alone.'
        : 'Put structs in between, or use other types.'
      diagnostics.error('unsupported-type', at, `${owner}: ${what}`, hint)
    }
  }
}

/** Of a generic struct with arguments the place is its declaration's. */
function placeOf(model: SchemaModel, ref: string, field: string | undefined): SourcePlace | string {
  const [declared = ref] = ref.split('[')
  const dot = declared.lastIndexOf('.')
  const pkg = model.packages.find(({ name }) => name === declared.slice(0, dot))
  const struct = [...(pkg?.structs ?? []), ...(pkg?.packets ?? [])].find(({ name }) => name === declared.slice(dot + 1))
  const found: SchemaField | undefined = struct?.fields.find(({ tsName }) => tsName === field)
  return found?.extra?.at ?? struct?.extra?.at ?? pkg?.extra?.files?.[0] ?? ref
}
