import { decodeValue, encodeValue, type TypeNode, type Types, validateTypes } from '@rivulet/wire'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { valueOf } from '../../../wire/test/support/arbitrary.ts'
import { type EmittedFile, emitHooks, emitTypeScript, type ModuleOptions, type SchemaModel } from '../../src/index.ts'
import { schemaModel } from '../support/arbitrary-model.ts'
import { formatted, importEmitted, typeErrors, writeEmitted } from '../support/emitted.ts'
import { expression, HELPERS } from '../support/expression.ts'
import { shuffled } from '../support/golden-schema.ts'

const options: fc.Arbitrary<ModuleOptions> = fc.record({
  wide: fc.constantFrom('number', 'bigint'),
  time: fc.constantFrom('date', 'millis'),
})

/** The structs and packets of a model that have an interface, with the module that has it. */
function interfacesOf(model: SchemaModel): { readonly ref: string; readonly name: string; readonly file: string }[] {
  return model.packages.flatMap((pkg) =>
    [...pkg.structs, ...pkg.packets]
      .filter((def) => !('typeParams' in def) && !('packet' in def && def.packet === 'rpcResponse'))
      .map(({ name }) => ({ ref: `${pkg.name}.${name}`, name, file: pkg.tsFile })),
  )
}

// Called `types_` where the package has a constant of that name.
function tablesIn(module: Readonly<Record<string, unknown>>): Types {
  return [module['types'], module['types_']].find(Array.isArray) as Types
}

describe('modules of random models', () => {
  test('do not depend on the order of the model', () => {
    fc.assert(
      fc.property(schemaModel(), options, fc.nat(100), (model, given, turn) => {
        expect(emitTypeScript(shuffled(model, turn), given)).toEqual(emitTypeScript(model, given))
        expect(emitHooks(shuffled(model, turn), given)).toEqual(emitHooks(model, given))
      }),
    )
  })

  test('are formatted', async () => {
    await fc.assert(
      fc.asyncProperty(schemaModel(), options, async (model, given) => {
        for (const file of [...emitTypeScript(model, given), ...emitHooks(model, given)])
          expect(file.text).toBe(await formatted(file))
      }),
    )
  })

  test('carry random values of every struct over the wire', async () => {
    await fc.assert(
      fc.asyncProperty(schemaModel(), options, fc.infiniteStream(fc.nat()), async (model, given, seeds) => {
        const folder = writeEmitted(emitTypeScript(model, given))
        for (const { ref, file } of interfacesOf(model)) {
          const types = tablesIn(await importEmitted(folder, file))
          validateTypes(types)
          const node: TypeNode = { kind: 'struct', ref }
          const [value] = fc.sample(valueOf(types, node), { numRuns: 1, seed: seeds.next().value as number })
          expect(decodeValue(types, node, encodeValue(types, node, value))).toEqual(value)
        }
      }),
      { numRuns: 30 },
    )
  })

  test('type-check, hooks and all, and their interfaces are what the wire decodes', async () => {
    const samples = fc.array(fc.tuple(schemaModel({ enums: false }), options, fc.nat()), {
      minLength: 12,
      maxLength: 12,
    })
    await fc.assert(
      fc.asyncProperty(samples, async (list) => {
        const files: EmittedFile[] = []
        for (const [at, [model, given, seed]] of list.entries()) {
          const modules = [...emitTypeScript(model, given), ...emitHooks(model, given)]
          files.push(...modules.map(({ path, text }) => ({ path: `m${at}/${path}`, text })))
          files.push({ path: `m${at}/values.ts`, text: await valuesFile(model, modules, seed) })
        }
        expect(typeErrors(writeEmitted(files))).toBe('')
      }),
      // Each run has twelve models: shrinking would ask the compiler a thousand times.
      { numRuns: 1, endOnFailure: true },
    )
  })
})

/** A module with a value of every interface, as the wire would decode it. */
async function valuesFile(model: SchemaModel, modules: readonly EmittedFile[], seed: number): Promise<string> {
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
