import type { Diagnostics } from '../../diagnostics/diagnostic.ts'
import { checkWire } from '../../model/check-wire.ts'
import type {
  NamedType,
  SchemaConst,
  SchemaEnum,
  SchemaModel,
  SchemaPackage,
  SchemaStore,
  SourcePlace,
} from '../../model/schema-model.ts'
import { tsFileName } from '../../model/ts-name.ts'
import { assignIds, type Assigned } from '../lock/assign-ids.ts'
import type { Lock } from '../lock/lock-file.ts'
import type { Modules } from '../project/load-modules.ts'
import type { Declaration, TsModule } from '../syntax/declarations.ts'
import { createConstScope } from '../types/const-scope.ts'
import { readEnum } from '../types/read-enum.ts'
import { createTypeResolver } from '../types/resolve-type.ts'
import { isStruct } from '../types/type-syntax.ts'
import { readAnnotations } from './annotations.ts'
import { structOf, unlocked, type WireStruct } from './build-structs.ts'
import { noCalls, readCalls } from './calls.ts'
import { checkInstances } from './instances.ts'
import { checkCallNames, createNames } from './names.ts'
import { extraOf, placeOf } from './places.ts'
import { readConsts } from './read-consts.ts'
import { readStore } from './read-store.ts'
import { isRepeated, paramsOf, structFields } from './struct-fields.ts'

/** What to make a model of. */
export interface ModelInput {
  readonly packageName: string
  /** Everything that is annotated in these counts; of other modules what these use. */
  readonly inputs: readonly TsModule[]
  readonly modules: Modules
  readonly lock: Lock
}

/** Reads the inputs into the model, and gives ids. */
export function buildModel(
  { packageName, inputs, modules, lock }: ModelInput,
  diagnostics: Diagnostics,
): { readonly model: SchemaModel; readonly assigned: Assigned } {
  const structs = new Map<string, WireStruct>()
  const enums = new Map<Declaration, SchemaEnum | undefined>()
  const named = new Map<Declaration, NamedType>()
  const queue: Declaration[] = []
  const met = new Set<Declaration>()
  const names = createNames(diagnostics)

  const meet = (declared: Declaration): void => {
    if (met.has(declared)) return
    met.add(declared)
    if (names.take(declared.name, placeOf(declared))) queue.push(declared)
  }

  const scope = createConstScope(modules)
  const resolver = createTypeResolver({
    packageName,
    modules,
    diagnostics,
    onStruct: meet,
    onEnum: (declared, shape) => {
      if (!enums.has(declared)) {
        names.take(declared.name, placeOf(declared))
        enums.set(declared, readEnum(declared, shape, { modules, scope, diagnostics }))
      }
      return enums.get(declared)?.kind
    },
    onNamed: (declared, { kind }) => {
      if (named.has(declared)) return
      names.take(declared.name, placeOf(declared))
      named.set(declared, { name: declared.name, kind, extra: extraOf(declared) })
    },
  })
  const tools = { packageName, modules, resolver, diagnostics }

  const annotated = inputs.flatMap((module) =>
    [...module.types.values()].map((declared) => ({ declared, annotations: readAnnotations(declared, diagnostics) })),
  )
  for (const module of inputs) {
    for (const earlier of module.repeated) {
      const kept = module.types.get(earlier.name) as Declaration
      if ([earlier, kept].some((declared) => declared.doc.tags.some(({ word }) => word.startsWith('restream.'))))
        isRepeated(kept, diagnostics)
    }
  }
  const stores: SchemaStore[] = []
  for (const { declared, annotations } of annotated) {
    const { flavour, store, calls, constant, at } = annotations
    if (at === undefined) continue
    if (constant !== undefined) {
      const hint = 'For an enum, or other types, there is nothing to write: they are known from where they are used.'
      diagnostics.error('annotation', constant, `${declared.name} has @restream.const and is no constant`, hint)
    }
    if (calls !== undefined && (flavour !== undefined || store !== undefined)) {
      const hint = 'Declare two interfaces.'
      diagnostics.error('annotation', at, `${declared.name} is annotated as state and as calls`, hint)
    } else if (calls === undefined && (flavour !== undefined || store !== undefined)) {
      if (!isStruct(declared)) {
        const hint = 'Only interfaces and object types are annotated: other types are known from where they are used.'
        diagnostics.error('annotation', at, `${declared.name} is annotated and has no fields`, hint)
        continue
      }
      meet(declared)
      if (store !== undefined) stores.push(readStore(declared, store, stores, { packageName, names, diagnostics }))
    }
  }

  const calls = noCalls()
  const hasStore = (name: string): boolean => stores.some((store) => store.name === name)
  for (const { declared, annotations } of annotated) {
    if (annotations.calls !== undefined) readCalls(declared, annotations.calls, calls, { ...tools, hasStore })
  }
  checkCallNames(calls, diagnostics)
  for (const { name, extra } of calls.packets) names.take(name, extra?.at as SourcePlace)

  for (let declared = queue.shift(); declared !== undefined; declared = queue.shift()) {
    const annotations = readAnnotations(declared, diagnostics)
    const params = paramsOf(declared)
    const flavour = annotations.store === undefined ? (annotations.flavour ?? 'flat') : 'partial'
    if (params.length > 0 && flavour !== 'flat') {
      const hint = 'Generic structs have no ids on the wire: write @restream.serializers, or write the types out.'
      diagnostics.error('generic-flavour', placeOf(declared), `${declared.name} is generic, and has ids`, hint)
    }
    const fields = structFields(declared, tools)
    for (const { id, name, inherited } of fields) {
      if (flavour !== 'flat' || id === undefined || inherited.length > 0) continue
      const message = `${declared.name}.${name} has an id, and ${declared.name} travels without ids`
      diagnostics.warning(
        'annotation',
        id.at,
        message,
        'Write @restream.fields above the interface, or remove the tag.',
      )
    }
    structs.set(declared.name, { declared, annotations, flavour, params, fields })
  }
  checkInstances(
    new Map(
      [...structs].map(([name, { declared, params, fields }]) => [
        `${packageName}.${name}`,
        { at: placeOf(declared), params, fields },
      ]),
    ),
    diagnostics,
  )

  const assigned = assignIds(lock, [...structs.values()].flatMap(unlocked), diagnostics)
  const built = [...structs.values()].map((struct) => structOf(struct, { packageName, structs, assigned }))
  const storeNames = stores.map(({ goStruct, name }): SchemaConst => ({
    name: `${goStruct}Name`,
    value: name,
    origin: 'storeName',
  }))
  const consts = readConsts(inputs, scope, diagnostics)
  for (const { name, extra } of consts) names.take(name, extra?.at as SourcePlace)
  const { streams, ...others } = calls
  const pkg: SchemaPackage = {
    name: packageName,
    tsFile: tsFileName(packageName),
    enums: [...enums.values()].flatMap((found) => found ?? []).toSorted(byName),
    namedTypes: [...named.values()].toSorted(byName),
    consts: [...consts, ...storeNames].toSorted(byName),
    ignoredConsts: [],
    structs: built.toSorted(byName),
    packets: others.packets.toSorted(byName),
    stores: stores.toSorted(byName),
    rpcs: others.rpcs.toSorted(byName),
    ffrpcs: others.ffrpcs.toSorted(byName),
    events: others.events.toSorted(byName),
    keyedEvents: others.keyedEvents.toSorted(byName),
    ...(streams.length === 0 ? {} : { streams: streams.toSorted(byName) }),
    extra: { files: inputs.map(({ file }) => file.path) },
  }
  const model: SchemaModel = { format: 'restream-schema/1', packages: [pkg] }
  checkWire(model, diagnostics)
  return { model, assigned }
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}
