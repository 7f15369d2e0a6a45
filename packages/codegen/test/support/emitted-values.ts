import type { Types } from '@rivulet/wire'
import * as fc from 'fast-check'
import { valueOf } from '../../../wire/test/support/arbitrary.ts'
import type { EmittedFile, SchemaModel } from '../../src/index.ts'
import { importEmitted, writeEmitted } from './emitted.ts'
import { expression, HELPERS } from './expression.ts'

/** The structs and packets of a model that have an interface, with the module that has it. */
export function interfacesOf(
  model: SchemaModel,
): { readonly ref: string; readonly name: string; readonly file: string }[] {
  return model.packages.flatMap((pkg) =>
    [...pkg.structs, ...pkg.packets]
      .filter((def) => !('typeParams' in def) && !('packet' in def && def.packet === 'rpcResponse'))
      .map(({ name }) => ({ ref: `${pkg.name}.${name}`, name, file: pkg.tsFile })),
  )
}

/** The tables of a module; called `types_` where the package has a constant of that name. */
export function tablesIn(module: Readonly<Record<string, unknown>>): Types {
  return [module['types'], module['types_']].find(Array.isArray) as Types
}

/** A module with a value of every interface, as the wire would decode it. */
export async function valuesFile(model: SchemaModel, modules: readonly EmittedFile[], seed: number): Promise<string> {
  const folder = writeEmitted(modules)
  const rows: string[] = []
  for (const { ref, name, file } of interfacesOf(model)) {
    const types = tablesIn(await importEmitted(folder, file))
    const [value] = fc.sample(valueOf(types, { kind: 'struct', ref }), { numRuns: 1, seed })
    const type = name === 'object' ? 'object_' : name
    rows.push(`export const v${rows.length}: import('./${file}').${type} = ${expression(value)}`)
  }
  return [HELPERS, ...rows].join('\n')
}
