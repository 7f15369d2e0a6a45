import { schema } from '../../../wire/test/support/model.ts'
import type { NeutralNode } from '../../../wire/test/support/neutral.ts'
import { isByte } from '../../src/is-byte.ts'
import type { BinaryReader } from '../../src/index.ts'
import {
  BinaryWriter,
  decodeFieldMap,
  decodeUint32,
  type Deserializable,
  deserializeValue,
  type FieldInfo,
  PartialArray,
  PartialMap,
  PartialModArray,
  PartialModMap,
  PartialValue,
  serializeField,
  serializePackedInt,
  SerializationType,
  serializeValue,
  type VarInfo,
  VarInfoArray,
  VarInfoDynamic,
  VarInfoGenericParam,
  VarInfoMap,
  VarInfoPointer,
  VarInfoPrimitive,
  VarInfoStruct,
} from '../../src/index.ts'

type Values = Record<string, unknown>

/** A class as the generator emits it, made at run time from the golden schema. */
export interface GoldenClass extends Deserializable<Values & { serialize(w: BinaryWriter, vi?: VarInfoStruct): void }> {
  readonly fieldInfo: readonly FieldInfo[]
  readonly prototype: object
  fromValues(): Values
}

/** A partial class. */
export type GoldenPartial = GoldenClass & {
  deserialized(r: BinaryReader): { applyTo(por: Values): (string | number)[][] }
}

type SchemaStruct = (typeof schema)['packages'][number]['structs'][number]

const GO_ZERO_TIME = -62135596800000
const CODES: Readonly<Record<string, SerializationType>> = {
  bool: 1,
  string: 2,
  int8: 3,
  int16: 4,
  int32: 5,
  int64: 6,
  uint8: 7,
  uint16: 8,
  uint32: 9,
  uint64: 10,
  float32: 11,
  float64: 12,
  time: 13,
}

const structs = new Map<string, SchemaStruct>()
for (const { name, structs: own, packets } of schema.packages) {
  for (const struct of [...own, ...packets]) structs.set(`${name}.${struct.name}`, struct)
}
const classes = new Map<string, GoldenClass>()
const partials = new Map<string, GoldenPartial>()

/** The class of a golden struct, `glass.Bed`. */
export function classOf(ref: string): GoldenClass {
  let made = classes.get(ref)
  if (made === undefined) classes.set(ref, (made = makeClass(structs.get(ref) as SchemaStruct)))
  return made
}

/** Its partial class. */
export function partialOf(ref: string): GoldenPartial {
  let made = partials.get(ref)
  if (made === undefined) partials.set(ref, (made = makePartial(ref, structs.get(ref) as SchemaStruct)))
  return made
}

function varInfo(node: NeutralNode): VarInfo {
  const notNil = node.notNull === true
  switch (node.kind) {
    case 'pointer':
      return new VarInfoPointer(notNil, varInfo(node.elem as NeutralNode))
    case 'array':
      return new VarInfoArray(notNil, varInfo(node.elem as NeutralNode))
    case 'map':
      return new VarInfoMap(notNil, varInfo(node.key as NeutralNode), varInfo(node.value as NeutralNode))
    case 'set':
      return new VarInfoMap(notNil, varInfo(node.key as NeutralNode), undefined)
    case 'any':
      return new VarInfoDynamic()
    case 'param':
      return new VarInfoGenericParam(node.name as string)
    case 'struct':
      return structInfo(node.ref as string, node.args)
    default:
      return new VarInfoPrimitive(CODES[node.kind])
  }
}

/** The type of a golden struct. */
export function structInfo(ref: string, args?: readonly NeutralNode[]): VarInfoStruct {
  const [pkg, name] = ref.split('.') as [string, string]
  return new VarInfoStruct(name, pkg, classOf(ref), undefined, args?.map(varInfo))
}

function infosOf({ fields }: SchemaStruct): FieldInfo[] {
  return fields.map(({ goName, id, node }, fieldIdx) => ({
    name: goName,
    fieldIdx,
    ...(id === undefined ? {} : { fieldID: id }),
    varInfo: varInfo(node),
  }))
}

/** What a field reads as when a host leaves it out. Emitted code says 1970 for times; the host means its own zero. */
function zero(vi: VarInfo): unknown {
  if (vi instanceof VarInfoPrimitive) {
    if (vi.dataType === SerializationType.Bool) return false
    if (vi.dataType === SerializationType.String) return ''
    return vi.dataType === SerializationType.Time ? new Date(GO_ZERO_TIME) : 0
  }
  if (vi instanceof VarInfoPointer && vi.notNil) return zero(vi.subType)
  if (vi instanceof VarInfoArray && vi.notNil) return isByte(vi.elemType) ? new Uint8Array() : []
  if (vi instanceof VarInfoMap && vi.notNil) return vi.elemType === undefined ? new Set() : new Map()
  return vi instanceof VarInfoStruct ? (vi.deserializer as GoldenClass).fromValues() : undefined
}

function makeClass(struct: SchemaStruct): GoldenClass {
  const { fields, flavour, typeParams } = struct
  const infos = infosOf(struct)
  const map = new Map(infos.flatMap((info) => (info.fieldID === undefined ? [] : [[info.fieldID, info] as const])))
  const generics = (vi: VarInfoStruct | undefined): Map<string, VarInfo> =>
    new Map(typeParams?.map((name, i) => [name, vi?.genericTypes?.[i] as VarInfo]))

  class Golden {
    static readonly fieldInfo = infos
    static readonly _fieldMap = flavour === 'flat' ? undefined : map

    static fromValues(): Values {
      return Object.assign(
        new Golden(),
        Object.fromEntries(fields.map(({ tsName }, i) => [tsName, zero(infos[i].varInfo)])),
      )
    }

    static deserialized(r: BinaryReader, vi?: VarInfoStruct): Values {
      const o = new Golden() as unknown as Values
      if (flavour === 'flat') {
        const gm = generics(vi)
        for (const [i, { tsName }] of fields.entries())
          o[tsName] = deserializeValue(r, infos[i].varInfo.fillGenerics(gm))
        return o
      }
      const found = decodeFieldMap(r.slice(decodeUint32(r)), map)
      for (const [i, { tsName, id }] of fields.entries())
        o[tsName] = found.has(id as number) ? found.get(id as number) : zero(infos[i].varInfo)
      return o
    }

    serialize(w: BinaryWriter, vi?: VarInfoStruct): void {
      const values = this as unknown as Values
      if (flavour === 'flat') {
        const gm = generics(vi)
        for (const [i, { tsName }] of fields.entries())
          serializeValue(values[tsName], w, infos[i].varInfo.fillGenerics(gm))
        return
      }
      writeFields(
        w,
        infos,
        fields.map(({ tsName }) => values[tsName]),
      )
    }
  }
  return Golden as unknown as GoldenClass
}

function writeFields(w: BinaryWriter, infos: readonly FieldInfo[], values: readonly unknown[]): void {
  const body = new BinaryWriter()
  for (const [i, info] of infos.entries()) serializeField(values[i], info, body)
  serializePackedInt(body.getLength(), w)
  w.writeBytes(body.getBytes())
}

const HELPERS: Readonly<Record<string, Deserializable>> = {
  array: PartialArray,
  modArray: PartialModArray,
  map: PartialMap,
  modMap: PartialModMap,
  value: PartialValue,
}

function makePartial(ref: string, struct: SchemaStruct): GoldenPartial {
  const { fields } = struct
  const infos = fields.map(({ goName, id, node, partial }, fieldIdx): FieldInfo => {
    const helper = HELPERS[partial?.helper ?? '']
    const types = [
      ...(partial?.key === undefined ? [] : [varInfo(partial.key)]),
      partial?.value === undefined ? varInfo(node) : varInfo(partial.value),
      ...(partial?.sub === undefined ? [] : [subInfo(partial.sub)]),
    ]
    const type =
      helper === undefined ? varInfo(node) : new VarInfoStruct('Partial', 'restream', helper, undefined, types)
    return { name: goName, fieldIdx, fieldID: id as number, varInfo: new VarInfoPointer(false, type) }
  })
  const map = new Map(infos.map((info) => [info.fieldID as number, info]))

  class Partial {
    static readonly fieldInfo = infos
    static readonly _fieldMap = map

    static deserialized(r: BinaryReader): Partial {
      const found = decodeFieldMap(r.slice(decodeUint32(r)), map)
      return Object.assign(
        new Partial(),
        Object.fromEntries(fields.map(({ tsName, id }) => [tsName, found.get(id as number)])),
      )
    }

    serialize(w: BinaryWriter): void {
      writeFields(
        w,
        infos,
        fields.map(({ tsName }) => (this as unknown as Values)[tsName]),
      )
    }

    applyTo(por: Values): (string | number)[][] {
      const paths: (string | number)[][] = []
      for (const { tsName, partial } of fields) {
        const change = (this as unknown as Values)[tsName]
        // Emitted code makes an empty list or map here, for a change that changes nothing.
        if (change === undefined || isNothing(change)) continue
        if (partial?.helper === 'value') {
          const [value, below] = (change as PartialValue<unknown, never>).applyOnTop(por[tsName])
          por[tsName] = value
          for (const path of below) paths.push([tsName, ...path])
        } else if (change instanceof PartialArray || change instanceof PartialModArray) {
          const raw = por[tsName] instanceof Uint8Array || isBytes(partial)
          const list = raw || !Array.isArray(por[tsName]) ? [...((por[tsName] as unknown[]) ?? [])] : por[tsName]
          for (const path of change.applyTo(list as never[])) paths.push([tsName, ...path])
          por[tsName] = raw ? Uint8Array.from(list as number[]) : list
        } else if (change instanceof PartialMap || change instanceof PartialModMap) {
          if (!(por[tsName] instanceof Map)) por[tsName] = new Map()
          for (const path of change.applyTo(por[tsName] as Map<never, never>)) paths.push([tsName, ...path])
        } else {
          por[tsName] = change === null ? undefined : change
          paths.push([tsName])
        }
      }
      return paths
    }

    applyOnTop(por: Values | undefined): [Values, (string | number)[][]] {
      const state = por ?? classOf(ref).fromValues()
      return [state, this.applyTo(state)]
    }
  }
  return Partial as unknown as GoldenPartial
}

function isNothing(change: unknown): boolean {
  const { whole, dataSets, dataDeletes, dataMods } = (change ?? {}) as Partial<PartialModMap<unknown, unknown, never>>
  if (dataSets === undefined || whole !== undefined) return false
  return dataSets.size + (dataDeletes?.size ?? 0) + (dataMods?.size ?? 0) === 0
}

function isBytes(partial: { readonly helper: string; readonly value?: NeutralNode } | undefined): boolean {
  return partial?.helper === 'array' && partial.value?.kind === 'uint8'
}

function subInfo(sub: string): VarInfo {
  const [pkg, name] = sub.split('.') as [string, string]
  return new VarInfoPointer(false, new VarInfoStruct(`${name}Partial`, pkg, partialOf(sub)))
}
