import { RivuletError, type StructTable } from '@rivulet/wire'
import type { SchemaModel, SchemaPackage } from '../../model/schema-model.ts'
import type { SchemaNode } from '../../model/schema-node.ts'
import { partsOf } from '../../model/node-parts.ts'
import { upperFirst } from '../../model/ts-name.ts'
import { indexModel, type ModelIndex } from '../model-index.ts'
import { sortModel } from '../sort-model.ts'
import { type Instance, instancesIn } from './instances.ts'
import { type ModuleNames, moduleNames } from './module-names.ts'
import { createReadings, type ReadingOptions, type Readings } from './reading.ts'
import { structDef } from './wire-node.ts'

/**
 * How generated modules look, and how their values are read.
 *
 * @example
 * const options: ModuleOptions = { fileName: '{package}.gen.ts', fields: { 'game.Row.Serial': { wide: 'bigint' } } }
 */
export interface ModuleOptions extends ReadingOptions {
  /** Name of a package's file, with `{package}` for its name and `{Package}` for that with a capital; the reference's `Package{Package}.ts` by default. */
  readonly fileName?: string
  /** How modules import each other; `.ts` by default. */
  readonly importExtension?: '.ts' | '.js' | ''
}

/** One module to be written. */
export interface ModulePlan {
  readonly pkg: SchemaPackage
  readonly path: string
  readonly names: ModuleNames
  readonly instances: readonly Instance[]
  /** The structs of the package, and the generic ones with the arguments that it needs. */
  readonly table: StructTable
  /** The packages whose tables the descriptors need, itself among them; empty when it has no structs. */
  readonly reaches: readonly string[]
  /** The packages that need each other's tables, itself among them: one file must have them all, because modules in a circle see each other unfinished. */
  readonly circle: readonly string[]
}

/** All the modules of a model, and what they are written from. */
export interface Plan {
  readonly index: ModelIndex
  readonly readings: Readings
  readonly options: ModuleOptions
  readonly modules: readonly ModulePlan[]
  readonly module: (packageName: string) => ModulePlan
}

/** Works out what every module declares and needs. Throws RivuletError `config` and `schema`. */
export function planModules(given: SchemaModel, options: ModuleOptions): Plan {
  const index = indexModel(sortModel(given))
  const readings = createReadings(options, index)
  const drafts = index.model.packages.map((pkg) => {
    const structs = index.structsOf(pkg)
    const instances = instancesIn(
      structs.flatMap(([, def]) => def.fields),
      index,
    )
    const entries = [
      ...structs.map(([ref, def]) => [ref, structDef(def.flavour, def.fields, ref, readings)] as const),
      ...instances.map((one) => [one.ref, structDef(one.def.flavour, one.fields, one.of, readings)] as const),
    ].toSorted(([a], [b]) => (a < b ? -1 : 1))
    const fields = [...structs.flatMap(([, def]) => def.fields), ...instances.flatMap((one) => one.fields)]
    const needs = new Set(fields.flatMap(({ node }) => packagesIn(node)))
    return { pkg, path: pathOf(pkg, options), instances, table: Object.fromEntries(entries), needs, entries }
  })
  checkPaths(drafts)
  const needs = new Map(drafts.map((draft) => [draft.pkg.name, draft.needs]))
  const modules = drafts.map(({ pkg, path, instances, table, entries }): ModulePlan => {
    const stores = pkg.stores.map(({ state }) => packageOf(state))
    const from = entries.length === 0 ? stores : [pkg.name, ...stores]
    const reaches = [...reachable(from, needs)].toSorted()
    const circle = reaches.filter((other) => reachable([other], needs).has(pkg.name) && reaches.includes(pkg.name))
    return { pkg, path, names: moduleNames(pkg, instances), instances, table, reaches, circle }
  })
  const byName = new Map(modules.map((module) => [module.pkg.name, module]))
  return {
    index,
    readings,
    options,
    modules,
    module: (name) => {
      const found = byName.get(name)
      if (found === undefined) throw new RivuletError('schema', `the model has no package "${name}"`)
      return found
    },
  }
}

/** The package of a reference. */
export const packageOf = (ref: string): string => ref.slice(0, ref.lastIndexOf('.'))

function packagesIn(node: SchemaNode): readonly string[] {
  const below = partsOf(node).flatMap(packagesIn)
  // An instance of a generic struct stands in the table of the package that needs it.
  return node.kind === 'struct' && (node.args ?? []).length === 0 ? [packageOf(node.ref), ...below] : below
}

function reachable(from: readonly string[], needs: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  const found = new Set<string>()
  const waiting = [...from]
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found.has(name)) continue
    found.add(name)
    waiting.push(...(needs.get(name) ?? []))
  }
  return found
}

function pathOf(pkg: SchemaPackage, { fileName }: ModuleOptions): string {
  if (fileName === undefined) return pkg.tsFile
  return fileName.replaceAll('{package}', pkg.name).replaceAll('{Package}', upperFirst(pkg.name))
}

function checkPaths(drafts: readonly { readonly pkg: SchemaPackage; readonly path: string }[]): void {
  const taken = new Map<string, string>()
  for (const { pkg, path } of drafts) {
    if (!/^[^/\\]+\.ts$/.test(path))
      throw new RivuletError('config', `"${path}" cannot be the name of a module`, {
        hint: 'The option "fileName" names a file that ends in .ts, without folders.',
      })
    const other = taken.get(path)
    if (other !== undefined)
      throw new RivuletError('config', `the packages ${other} and ${pkg.name} would both be ${path}`, {
        hint: 'Use {package} in the option "fileName".',
      })
    taken.set(path, pkg.name)
  }
}
