import type { Diagnostics } from '../../diagnostics/diagnostic.ts'
import type { SchemaConst, SchemaModel, SchemaPackage, SchemaStore } from '../../model/schema-model.ts'
import { tsFileName } from '../../model/ts-name.ts'
import { createEvaluator } from '../constants/evaluate.ts'
import type { GoFile, GoPackage } from '../project/go-package.ts'
import type { PackageLoader } from '../project/load-packages.ts'
import { createInference } from '../registrations/infer-type.ts'
import { readRegistrations, type Registrations } from '../registrations/registrations.ts'
import { createLookup } from '../types/lookup.ts'
import { createTypeResolver, type TypeResolver } from '../types/resolve-type.ts'
import { readAnnotations } from './annotations.ts'
import { type BuiltStruct, buildStructs } from './build-structs.ts'
import { checkNames } from './check-names.ts'
import { createStructCollector } from './collect-structs.ts'
import { constsOf } from './consts.ts'
import { editSources } from './edit-sources.ts'
import { namedPrimitives } from './enums.ts'
import type { ConfigPlaces } from '../project/config-places.ts'
import { checkWire } from '../../model/check-wire.ts'
import { addConfigured } from './configured-types.ts'
import { checkRecursion } from './recursion.ts'
import { storeNameConstant } from './store-names.ts'
import { storesOf } from './stores.ts'
import { structFields } from './struct-fields.ts'

/** What to read. */
export interface ModelOptions {
  readonly dirs: readonly string[]
  readonly configPlace: ConfigPlaces
  readonly assignIds: boolean
  readonly additionalEnums: readonly string[]
  readonly buildSerializers: readonly string[]
}

/** The files that make one generated file: a package's, or those of its tests. */
interface Unit {
  readonly pkg: GoPackage
  readonly files: readonly GoFile[]
  readonly test: boolean
  /** In an input folder: everything in it counts, not only what others use. */
  readonly input: boolean
}

/** Reads the packages in `dirs`, and of others what those use, into the model. */
export function buildModel(
  loader: PackageLoader,
  diagnostics: Diagnostics,
  options: ModelOptions,
): { readonly model: SchemaModel; readonly edits: ReadonlyMap<string, string> } {
  const packages = loadInputs(loader, diagnostics, options)
  const lookup = createLookup(loader)
  const evaluator = createEvaluator(lookup, storeNameConstant(lookup))
  const inference = createInference(lookup)
  const usedNames = new Set<string>()
  const usedPackages = new Set<GoPackage>()
  // The three call each other: a type leads to structs, a struct to its fields, a field to types.
  const collector = createStructCollector(
    (declared) => structFields(declared, { resolver, lookup, diagnostics }),
    diagnostics,
  )
  const resolver: TypeResolver = createTypeResolver({
    lookup,
    evaluator,
    diagnostics,
    onStruct: (declared, at, scope) => {
      usedPackages.add(declared.file.pkg)
      collector.meet(declared, at, scope)
    },
    onNamed: ({ syntax, file }) => {
      usedNames.add(`${file.pkg.name}.${syntax.name}`)
      usedPackages.add(file.pkg)
    },
  })
  const tools = { lookup, evaluator, inference, resolver, diagnostics }

  addAnnotated(packages, collector, diagnostics)
  addConfigured(options, loader, packages, diagnostics, {
    struct: (declared) => {
      usedPackages.add(declared.file.pkg)
      collector.add(declared, 'flat')
    },
    name: (ref, pkg) => {
      usedNames.add(ref)
      usedPackages.add(pkg)
    },
  })
  const inputs = packages.flatMap((pkg) => unitsOf(pkg, true))
  const parts = inputs.map((unit) => ({
    unit,
    stores: storesOf(unit.files, { ...tools, packages, onState: (state) => collector.add(state, 'partial') }),
    registrations: readRegistrations(unit.files, tools),
  }))
  const structs = collector.finish()
  checkRecursion(structs, diagnostics)
  const built = buildStructs(structs, options.assignIds, diagnostics)

  const others = [...usedPackages].filter((pkg) => !packages.includes(pkg)).flatMap((pkg) => unitsOf(pkg, false))
  const schemas = [...parts, ...others.map((unit) => ({ unit, stores: [], registrations: NOTHING }))].map(
    ({ unit, stores, registrations }) => {
      const { enums, namedTypes } = namedPrimitives(unit.files, (ref) => unit.input || usedNames.has(ref), tools)
      const members = new Set(enums.flatMap((found) => found.members.map(({ goName }) => goName)))
      const { consts, ignored } = unit.input
        ? constsOf(unit.files, (name) => members.has(name), evaluator, diagnostics)
        : { consts: [], ignored: [] }
      return packageOf(unit, {
        ...registrations,
        packets: registrations.packets.toSorted(byName),
        enums,
        namedTypes,
        consts: [...consts, ...storeNames(stores)].toSorted(byName),
        ignoredConsts: ignored,
        structs: structsOf(built, unit),
        stores,
      })
    },
  )
  const model: SchemaModel = { format: 'restream-schema/1', packages: schemas.filter(hasContent).toSorted(byName) }
  checkNames(model, diagnostics)
  checkWire(model, diagnostics)
  const assigned = built.flatMap(({ wire, ids }) => (ids === undefined ? [] : [{ struct: wire, ids }]))
  return { model, edits: options.assignIds ? editSources(assigned) : new Map() }
}

const NOTHING: Registrations = { packets: [], rpcs: [], ffrpcs: [], events: [], keyedEvents: [] }

function loadInputs(loader: PackageLoader, diagnostics: Diagnostics, { dirs, configPlace }: ModelOptions): GoPackage[] {
  return [...new Set(dirs)].flatMap((dir) => {
    const index = dirs.indexOf(dir)
    const found = loader.inFolder(dir)
    if (found === undefined) {
      const message = `the input folder "${dir}" has no Go files that are read`
      const at = configPlace('inputDirs', index)
      diagnostics.error('no-package', at, message, 'Correct inputDirs: folders are relative to the project.')
    }
    return found ?? []
  })
}

function addAnnotated(
  packages: readonly GoPackage[],
  collector: ReturnType<typeof createStructCollector>,
  diagnostics: Diagnostics,
): void {
  for (const file of packages.flatMap((pkg) => pkg.files)) {
    for (const syntax of file.types) {
      const { flavour, at } = readAnnotations(file.path, syntax.comments, diagnostics)
      if (flavour === undefined) continue
      if (syntax.type.kind === 'struct') collector.add({ syntax, file }, flavour)
      else {
        const hint = 'Only structs are annotated: other types are known from where they are used.'
        diagnostics.error('annotation', at ?? syntax.at, `${syntax.name} is annotated and is no struct`, hint)
      }
    }
  }
}

// Tests of a package's own name go to a file of their own; a package that is only tests is like any other.
function unitsOf(pkg: GoPackage, input: boolean): Unit[] {
  const tests = pkg.files.filter(({ test }) => test)
  const normal = pkg.files.filter(({ test }) => !test)
  if (normal.length === 0 || tests.length === 0) return [{ pkg, files: pkg.files, test: false, input }]
  return [
    { pkg, files: normal, test: false, input },
    { pkg, files: tests, test: true, input },
  ]
}

type Contents = Omit<SchemaPackage, 'name' | 'tsFile' | 'extra'>

function packageOf({ pkg, files, test }: Unit, contents: Contents): SchemaPackage {
  return {
    name: pkg.name,
    tsFile: tsFileName(pkg.name, test),
    enums: contents.enums,
    namedTypes: contents.namedTypes,
    consts: contents.consts,
    ignoredConsts: contents.ignoredConsts,
    structs: contents.structs,
    packets: contents.packets,
    stores: contents.stores,
    rpcs: contents.rpcs,
    ffrpcs: contents.ffrpcs,
    events: contents.events,
    keyedEvents: contents.keyedEvents,
    extra: { importPath: pkg.importPath, dir: pkg.dir, files: files.map(({ path }) => path) },
  }
}

function structsOf(built: readonly BuiltStruct[], { files }: Unit) {
  return built
    .filter(({ wire }) => files.includes(wire.declared.file))
    .map(({ struct }) => struct)
    .toSorted(byName)
}

function storeNames(stores: readonly SchemaStore[]): SchemaConst[] {
  return stores.map(({ goStruct, name }) => ({ name: `${goStruct}Name`, value: name, origin: 'storeName' }))
}

// An input folder without anything for the client makes no generated file.
function hasContent(pkg: SchemaPackage): boolean {
  return Object.values(pkg).some((part) => Array.isArray(part) && part.length > 0)
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}
