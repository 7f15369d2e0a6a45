import type { Diagnostics } from '../../diagnostics/diagnostic.ts'
import { checkWire } from '../../model/check-wire.ts'
import { partialShape } from '../../model/partial-shape.ts'
import type {
  NamedType,
  SchemaConst,
  SchemaEnum,
  SchemaField,
  SchemaModel,
  SchemaPackage,
  SchemaStore,
  SchemaStruct,
  SourcePlace,
} from '../../model/schema-model.ts'
import type { Flavour } from '../../model/schema-node.ts'
import { tsFileName, upperFirst } from '../../model/ts-name.ts'
import { assignIds, type Assigned, type UnlockedStruct } from '../lock/assign-ids.ts'
import type { Lock } from '../lock/lock-file.ts'
import type { Modules } from '../project/load-modules.ts'
import type { Declaration, TsModule } from '../syntax/declarations.ts'
import { nodeText } from '../types/node-facts.ts'
import { createConstScope } from '../types/const-scope.ts'
import { readEnum } from '../types/read-enum.ts'
import { createTypeResolver, isStruct } from '../types/resolve-type.ts'
import { accessOf, type Annotations, readAnnotations, type StoreTag, tagOf } from './annotations.ts'
import { noCalls, readCalls } from './calls.ts'
import { readConsts } from './read-consts.ts'
import { checkInstances } from './instances.ts'
import { isRepeated, paramsOf, structFields, type TsField } from './struct-fields.ts'

/** What to make a model of. */
export interface ModelInput {
  readonly packageName: string
  /** Everything that is annotated in these counts; of other modules what these use. */
  readonly inputs: readonly TsModule[]
  readonly modules: Modules
  readonly lock: Lock
}

/** A struct that travels. */
interface WireStruct {
  readonly declared: Declaration
  readonly annotations: Annotations
  readonly flavour: Flavour
  readonly params: readonly string[]
  readonly fields: readonly TsField[]
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
      if (store !== undefined) stores.push(readStore(declared, store))
    }
  }

  function readStore(declared: Declaration, { name, type, at }: StoreTag): SchemaStore {
    const other = stores.find((store) => store.name === name)
    if (other !== undefined) {
      const message = `the store "${name}" is there already, at ${placeText(other.extra?.at)}`
      diagnostics.error('duplicate-name', at, message, 'Give one of them another name.')
    }
    if (paramsOf(declared).length > 0)
      diagnostics.error('generic-flavour', at, `${declared.name} is generic and a store`, 'Write the types out.')
    const goStruct = storeStruct(declared.name, name)
    names.take(goStruct, at)
    const minimumAccess = accessOf(declared.doc, declared.name, diagnostics) ?? 0
    const state = `${packageName}.${declared.name}`
    return { goStruct, name, type, minimumAccess, state, extra: extraOf(declared) }
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

/**
 * What generated code calls a store: the state's name without `State`, so that `BoardStoreState` is the state of `BoardStore`; else the store's
 * own name, if that can be one.
 */
function storeStruct(stateName: string, storeName: string): string {
  const stem = stateName.endsWith('State') ? stateName.slice(0, -'State'.length) : ''
  if (stem !== '') return upperFirst(stem)
  const own = upperFirst(storeName.replaceAll(/[^\p{L}\p{Nd}_]/gu, ''))
  return /^\p{L}/u.test(own) && own !== stateName ? own : `${stateName}Store`
}

// Every struct with ids; flat ones have none.
function unlocked({ declared, flavour, fields }: WireStruct): readonly UnlockedStruct[] {
  if (flavour === 'flat') return []
  const at = placeOf(declared)
  return [
    {
      name: declared.name,
      at,
      was: tagOf(declared.doc, 'was'),
      fields: fields.map(({ name, node, at: place, id, was }) => ({ name, type: nodeText(node), at: place, id, was })),
    },
  ]
}

function structOf(
  struct: WireStruct,
  all: { readonly packageName: string; readonly structs: ReadonlyMap<string, WireStruct>; readonly assigned: Assigned },
): SchemaStruct {
  const { declared, flavour, params, fields } = struct
  const locked = flavour === 'flat' ? undefined : all.assigned.lock.get(declared.name)
  const group = groupOf(struct, all.packageName)
  const nests = (ref: string): boolean => {
    const child = all.structs.get(ref.slice(all.packageName.length + 1))
    return child?.flavour === 'partial' && groupOf(child, all.packageName) === group
  }
  return {
    name: declared.name,
    flavour,
    ...(params.length === 0 ? {} : { typeParams: params }),
    file: group,
    ...(locked === undefined ? {} : { maxFieldID: locked.next - 1 }),
    fields: fields.map((field): SchemaField => {
      const { name, goName, node, at, typeText, doc, inherited } = field
      const id = locked?.fields.get(name)?.id
      return {
        goName,
        tsName: name,
        ...(id === undefined ? {} : { id }),
        node,
        ...(flavour === 'partial' ? { partial: partialShape(node, nests) } : {}),
        extra: {
          at,
          typeText,
          ...(doc === undefined ? {} : { doc }),
          ...(inherited.length === 0 ? {} : { embedded: inherited }),
        },
      }
    }),
    extra: extraOf(declared),
  }
}

/**
 * The file that a struct counts as being in (codegen.md §1): the same one for the whole project, wherever the declarations are, so that moving one
 * does not change the bytes; unless `@restream.file` sets a struct apart, to follow peers whose sources are apart.
 */
const groupOf = ({ annotations }: WireStruct, packageName: string): string => annotations.group ?? `${packageName}.ts`

function placeOf({ module, start }: Declaration): SourcePlace {
  return module.file.placeAt(start)
}

const placeText = (at: SourcePlace | undefined): string => (at === undefined ? '?' : `${at.file}:${at.line}`)

function extraOf(declared: Declaration): { readonly at: SourcePlace; readonly doc?: string } {
  const { text } = declared.doc
  return text === undefined ? { at: placeOf(declared) } : { at: placeOf(declared), doc: text }
}

/** The names of the generated module: each is there once. */
function createNames(diagnostics: Diagnostics) {
  const taken = new Map<string, SourcePlace>()
  return {
    take: (name: string, at: SourcePlace): boolean => {
      const other = taken.get(name)
      taken.set(name, at)
      if (other === undefined) return true
      const message = `${name} is there already, at ${placeText(other)}`
      const hint = 'Rename one of them: all that a project sends has its own name, whatever file it is in.'
      diagnostics.error('duplicate-name', at, message, hint)
      return false
    },
  }
}

function checkCallNames(calls: ReturnType<typeof noCalls>, diagnostics: Diagnostics): void {
  for (const group of [[...calls.rpcs, ...calls.ffrpcs], [...calls.events, ...calls.keyedEvents], calls.streams]) {
    const seen = new Map<string, SourcePlace | undefined>()
    for (const { name, extra } of group) {
      if (seen.has(name)) {
        const message = `"${name}" is there already, at ${placeText(seen.get(name))}`
        const hint = 'Rename one of them, or write @name above it.'
        diagnostics.error('duplicate-name', extra?.at as SourcePlace, message, hint)
      }
      seen.set(name, extra?.at)
    }
  }
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}
