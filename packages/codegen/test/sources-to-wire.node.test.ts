import {
  applyDelta,
  decodeDelta,
  decodeValue,
  diffStates,
  encodeDelta,
  encodeValue,
  isRivuletError,
  type StoreDef,
  structOf,
  type TypeNode,
  type Types,
  validateTypes,
} from '@rivulet/wire'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { valueOf } from '../../wire/test/support/arbitrary.ts'
import {
  type EmittedFile,
  emitHooks,
  emitTypeScript,
  memoryTree,
  type ModuleOptions,
  readGo,
  type SchemaModel,
  type TypeScriptReading,
} from '../src/index.ts'
import { COMPILER_TIME, importEmitted, typeErrors, writeEmitted } from './support/emitted.ts'
import { interfacesOf, tablesIn, valuesFile } from './support/emitted-values.ts'
import { goExtras } from './support/go-extras.ts'
import type { Style } from './support/print-ts.ts'
import { projectArbitrary } from './support/random-project.ts'
import { print, projects } from './support/random-ts-project.ts'
import { readTs } from './support/read-ts.ts'

const options: fc.Arbitrary<ModuleOptions> = fc.record({
  wide: fc.constantFrom('number', 'bigint'),
  time: fc.constantFrom('date', 'millis'),
})

function usable({ model, diagnostics }: Pick<TypeScriptReading, 'model' | 'diagnostics'>): SchemaModel {
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  return model
}

const goModels: fc.Arbitrary<Promise<SchemaModel>> = projectArbitrary({ withIds: true })
  .chain(goExtras)
  .map(async (files) => {
    const dirs = [...new Set(Object.keys(files).map((path) => path.slice(0, path.indexOf('/'))))]
    const reading = await readGo(
      memoryTree({
        'go.mod': 'module example.com/random\n',
        'restream.yaml': `inputDirs: [${dirs.join(', ')}]\n`,
        ...files,
      }),
    )
    return usable(reading)
  })

const typeScriptModels: fc.Arbitrary<Promise<SchemaModel>> = fc
  .tuple(projects, fc.array(fc.nat(59), { minLength: 400, maxLength: 400 }))
  .map(async ([plan, choices]) => {
    let next = 0
    const style: Style = (count) => (choices[next++ % choices.length] as number) % count
    return usable(readTs(print(plan, style)))
  })

/** What the tests have met, so that one sees that they met something. */
interface Met {
  values: number
  deltas: number
}

/** Whether values of a struct, and deltas between them, come back from the wire as they were. */
function checkStruct(types: Types, ref: string, seed: number, met: Met): void {
  const node: TypeNode = { kind: 'struct', ref }
  const [before, after] = fc.sample(valueOf(types, node), { numRuns: 2, seed })
  expect(decodeValue(types, node, encodeValue(types, node, before))).toEqual(before)
  met.values += 1
  if (structOf(types, ref).form !== 'partial') return
  const def: StoreDef = { kind: 'store', name: 'S', state: ref, types }
  const delta = deltaOf(def, before, after)
  if (delta === undefined) return
  // Nothing changed: that is the delta which changes nothing.
  const arrived = decodeDelta(def, encodeDelta(def, delta ?? {}))
  expect(arrived).toEqual(delta ?? {})
  expect(applyDelta(def, before, arrived).state).toEqual(after)
  met.deltas += 1
}

/** Undefined where no delta says it: a list that became null. */
function deltaOf(def: StoreDef, before: unknown, after: unknown) {
  try {
    return diffStates(def, before, after)
  } catch (error) {
    if (isRivuletError(error) && error.code === 'invalid-value') return undefined
    throw error
  }
}

test.each([
  ['Go', goModels],
  ['TypeScript', typeScriptModels],
] as const)('modules of random sources in %s carry random values and deltas', async (_, models) => {
  const met: Met = { values: 0, deltas: 0 }
  await fc.assert(
    fc.asyncProperty(models, options, fc.nat(), async (reading, given, seed) => {
      const model = await reading
      const folder = writeEmitted(emitTypeScript(model, given))
      for (const { ref, file } of interfacesOf(model)) {
        const types = tablesIn(await importEmitted(folder, file))
        validateTypes(types)
        checkStruct(types, ref, seed, met)
      }
    }),
    { numRuns: 40 },
  )
  expect(met.values).toBeGreaterThan(50)
  expect(met.deltas).toBeGreaterThan(5)
})

test(
  'and type-check under the strictest settings, with values of every interface',
  { timeout: COMPILER_TIME },
  async () => {
    const files: EmittedFile[] = []
    const samples = [
      ...fc.sample(fc.tuple(goModels, options, fc.nat()), 3),
      ...fc.sample(fc.tuple(typeScriptModels, options, fc.nat()), 3),
    ]
    for (const [at, [reading, given, seed]] of samples.entries()) {
      // A random number is no member of an enum: of enums their values are drawn elsewhere.
      const whole = await reading
      const model = withoutEnums(whole)
      const modules = [...emitTypeScript(model, given), ...emitHooks(model, given)]
      files.push(...modules.map(({ path, text }) => ({ path: `m${at}/${path}`, text })))
      files.push({ path: `m${at}/values.ts`, text: await valuesFile(model, modules, seed) })
      files.push(...emitTypeScript(whole, given).map(({ path, text }) => ({ path: `e${at}/${path}`, text })))
    }
    expect(typeErrors(writeEmitted(files))).toBe('')
  },
)

/** The model with its enums as named types, which have the same bytes. */
function withoutEnums(model: SchemaModel): SchemaModel {
  const packages = model.packages.map((pkg) => ({
    ...pkg,
    enums: [],
    namedTypes: [...pkg.namedTypes, ...pkg.enums.map(({ name, kind }) => ({ name, kind }))],
  }))
  return { ...model, packages }
}
