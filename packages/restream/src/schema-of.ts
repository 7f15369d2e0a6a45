import {
  type EventDef,
  type FieldDef,
  type KeyedEventDef,
  type KeyNode,
  RivuletError,
  type RpcDef,
  type SendDef,
  type StoreDef,
  type StructDef,
  type TypeNode,
} from '@rivulet/wire'
import { isByte } from './is-byte.ts'
import { fieldsOf, parametersOf } from './fields-of.ts'
import { PartialModArray } from './partial-array.ts'
import { PartialModMap } from './partial-map.ts'
import { PartialValue } from './partial-value.ts'
import {
  SerializationType,
  type VarInfo,
  VarInfoArray,
  VarInfoDynamic,
  VarInfoMap,
  VarInfoPointer,
  VarInfoPrimitive,
  VarInfoStruct,
} from './var-info.ts'

const KINDS = new Map<SerializationType, KeyNode['kind'] | 'time'>([
  [SerializationType.Bool, 'bool'],
  [SerializationType.String, 'string'],
  [SerializationType.Int8, 'int8'],
  [SerializationType.Int16, 'int16'],
  [SerializationType.Int32, 'int32'],
  [SerializationType.Int64, 'int64'],
  [SerializationType.Uint8, 'uint8'],
  [SerializationType.Uint16, 'uint16'],
  [SerializationType.Uint32, 'uint32'],
  [SerializationType.Uint64, 'uint64'],
  [SerializationType.Float32, 'float32'],
  [SerializationType.Float64, 'float64'],
  [SerializationType.Time, 'time'],
])

/**
 * The definition of a store whose state and partial are generated classes: the same that `rivulet generate` writes for it, but for the names of structs. So the host's bytes are decoded in
 * the worker, and components that use `useStore` share the store.
 *
 * Throws `schema` for classes that do not come from the generator.
 */
export function storeDefOf(name: string, state: object, partial: object): StoreDef {
  const partials = new Map<object, object>()
  collectPartials(state, partial, partials)
  const table = createTable(partials)
  return { kind: 'store', name, state: table.refOf(state, nameOf(state)), types: [table.structs] }
}

/** The definition of a call from the classes of its request and its response. */
export function rpcDefOf(name: string, request: object, response: object): RpcDef {
  const table = createTable(new Map())
  return {
    kind: 'rpc',
    name,
    request: table.refOf(request, nameOf(request)),
    response: table.refOf(response, nameOf(response)),
    types: [table.structs],
  }
}

/** The definition of a call without an answer. */
export function sendDefOf(name: string, request: object): SendDef {
  const table = createTable(new Map())
  return { kind: 'send', name, request: table.refOf(request, nameOf(request)), types: [table.structs] }
}

/** The definition of an event; with a store, of a keyed one. */
export function eventDefOf(name: string, packet: object): EventDef
export function eventDefOf(name: string, packet: object, store: string): KeyedEventDef
export function eventDefOf(name: string, packet: object, store?: string): EventDef | KeyedEventDef {
  const table = createTable(new Map())
  const rest = { name, packet: table.refOf(packet, nameOf(packet)), types: [table.structs] }
  return store === undefined ? { kind: 'event', ...rest } : { kind: 'keyedEvent', store, ...rest }
}

function nameOf(type: object): string {
  return (type as { readonly name?: string }).name ?? 'struct'
}

/** Which struct classes have partial classes, as far as deltas get: only there are structs changed in place. */
function collectPartials(state: object, partial: object, into: Map<object, object>): void {
  into.set(state, partial)
  for (const { varInfo } of fieldsOf(partial).list) {
    const types = modTypes(varInfo)
    if (types === undefined) continue
    const [struct, below] = types
    if (!into.has(struct)) collectPartials(struct, below, into)
  }
}

/** The struct class and its partial class of a field that is changed in place; `undefined` for other fields. */
function modTypes(field: VarInfo): readonly [object, object] | undefined {
  const helper = behindPointers(field)
  if (!(helper instanceof VarInfoStruct) || !isModHelper(helper.deserializer)) return undefined
  const [struct, partial] = (helper.genericTypes ?? []).slice(-2).map(behindPointers)
  if (!(struct instanceof VarInfoStruct && partial instanceof VarInfoStruct)) return undefined
  return struct.deserializer === undefined || partial.deserializer === undefined
    ? undefined
    : [struct.deserializer, partial.deserializer]
}

function isModHelper(type: unknown): boolean {
  return type === PartialValue || type === PartialModArray || type === PartialModMap
}

function behindPointers(vi: VarInfo): VarInfo {
  let at = vi
  while (at instanceof VarInfoPointer) at = at.subType
  return at
}

interface Table {
  readonly structs: Readonly<Record<string, StructDef>>
  /** The name under which the table has this class, which is put there when it is not yet. */
  refOf(type: object, name: string, vi?: VarInfoStruct): string
}

function createTable(partials: ReadonlyMap<object, object>): Table {
  const structs: Record<string, StructDef> = {}
  const refs = new Map<object, Map<string, string>>()

  const refOf = (type: object, name: string, vi?: VarInfoStruct): string => {
    const parameters = vi === undefined ? new Map<string, VarInfo>() : parametersOf(vi)
    const shape = [...parameters].map(([parameter, filled]) => `${parameter}=${JSON.stringify(nodeOf(filled))}`).join()
    let byShape = refs.get(type)
    if (byShape === undefined) refs.set(type, (byShape = new Map()))
    const found = byShape.get(shape)
    if (found !== undefined) return found
    let ref = name
    for (let n = 2; Object.hasOwn(structs, ref); n++) ref = `${name}~${n}`
    byShape.set(shape, ref)
    // Its place is taken before its fields are looked at, which may be of the same struct.
    structs[ref] = { form: 'flat', fields: [] }
    structs[ref] = structOf(type, parameters)
    return ref
  }

  const structOf = (type: object, parameters: Map<string, VarInfo>): StructDef => {
    const { list, withIds } = fieldsOf(type)
    const partial = partials.get(type)
    const mods = new Set(
      partial === undefined ? [] : fieldsOf(partial).list.flatMap((f) => (modTypes(f.varInfo) ? [f.name] : [])),
    )
    const fields = list.map(({ name, wire, id, varInfo }): FieldDef => ({
      name,
      ...(wire === upperFirst(name) ? {} : { wire }),
      ...(id === undefined ? {} : { id }),
      type: nodeOf(varInfo.fillGenerics(parameters)),
      ...(mods.has(name) ? { mod: true } : {}),
    }))
    return { form: partial !== undefined ? 'partial' : withIds ? 'fielded' : 'flat', fields }
  }

  const nodeOf = (vi: VarInfo): TypeNode => {
    if (vi instanceof VarInfoPrimitive) return simpleOf(vi)
    if (vi instanceof VarInfoDynamic) return { kind: 'any' }
    if (vi instanceof VarInfoPointer) return { kind: 'pointer', elem: nodeOf(vi.subType), ...notNull(vi.notNil) }
    if (vi instanceof VarInfoArray) {
      if (isByte(vi.elemType)) return { kind: 'bytes', ...notNull(vi.notNil) }
      return { kind: 'array', elem: nodeOf(vi.elemType), ...notNull(vi.notNil) }
    }
    if (vi instanceof VarInfoMap) {
      const key = nodeOf(vi.keyType) as KeyNode
      return vi.elemType === undefined
        ? { kind: 'set', key, ...notNull(vi.notNil) }
        : { kind: 'map', key, value: nodeOf(vi.elemType), ...notNull(vi.notNil) }
    }
    if (vi instanceof VarInfoStruct && vi.deserializer !== undefined) {
      return { kind: 'struct', ref: refOf(vi.deserializer, `${vi.packageName}.${vi.name}`, vi) }
    }
    throw new RivuletError('schema', 'a field of a type that cannot be told', {
      hint: 'Generate the package again.',
    })
  }

  return { structs, refOf }
}

function simpleOf({ dataType }: VarInfoPrimitive): TypeNode {
  const kind = KINDS.get(dataType)
  if (kind === undefined) throw new RivuletError('schema', `${dataType} is not a simple type`)
  return { kind }
}

function notNull(notNil: boolean): { readonly notNull?: true } {
  return notNil ? { notNull: true } : {}
}

function upperFirst(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}
