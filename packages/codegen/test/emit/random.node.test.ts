import { decodeValue, encodeValue, type TypeNode, validateTypes } from '@rivulet/wire'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { valueOf } from '../../../wire/test/support/arbitrary.ts'
import { type EmittedFile, emitHooks, emitTypeScript, type ModuleOptions } from '../../src/index.ts'
import { schemaModel } from '../support/arbitrary-model.ts'
import { COMPILER_TIME, formatted, importEmitted, typeErrors, writeEmitted } from '../support/emitted.ts'
import { interfacesOf, tablesIn, valuesFile } from '../support/emitted-values.ts'
import { shuffled } from '../support/golden-schema.ts'

const options: fc.Arbitrary<ModuleOptions> = fc.record({
  wide: fc.constantFrom('number', 'bigint'),
  time: fc.constantFrom('date', 'millis'),
})

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

  test(
    'type-check, hooks and all, and their interfaces are what the wire decodes',
    { timeout: COMPILER_TIME },
    async () => {
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
    },
  )
})
