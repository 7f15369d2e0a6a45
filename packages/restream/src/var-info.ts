import { RivuletError } from '@rivulet/wire'
import type { BinaryReader } from './binary-reader.ts'
import type { BinaryWriter } from './binary-writer.ts'

/** The codes of types, as they travel in front of a value of type `any` (wire.md §8). */
export const SerializationType = {
  Invalid: 0,
  Bool: 1,
  String: 2,
  Int8: 3,
  Int16: 4,
  Int32: 5,
  Int64: 6,
  Uint8: 7,
  Uint16: 8,
  Uint32: 9,
  Uint64: 10,
  Float32: 11,
  Float64: 12,
  Time: 13,
  Pointer: 14,
  Array: 15,
  Map: 16,
  Dynamic: 17,
  Void: 18,
} as const
export type SerializationType = (typeof SerializationType)[keyof typeof SerializationType]

/** An instance of a generated class. */
export interface Serializable {
  serialize(w: BinaryWriter, vi: VarInfoStruct | undefined): void
}

/** A generated class. */
export interface Deserializable<T = unknown> {
  deserialized: (r: BinaryReader, vi: VarInfoStruct | undefined) => T
}

/** A change path: property names, map keys and indices. */
export type FieldPath = (string | number)[]

/** A partial that changes its target. */
export interface AppliablePartial<V> {
  applyTo(por: V): FieldPath[]
}

/** A partial that returns the changed target. */
export interface AppliableOnTopPartial<V> {
  applyOnTop(por: V): [V, FieldPath[]]
}

export type MergeablePartial<V> = AppliablePartial<V> | AppliableOnTopPartial<V>

/** The partial class of a state. */
export interface PartialFor<S extends object> {
  applyTo(por: S): FieldPath[]
}

/** The type of a field, as generated code describes it. */
export interface VarInfo {
  /** Its descriptor in front of a dynamic value. Throws `invalid-value` for structs, which cannot be dynamic. */
  getSerializationData(): Uint8Array
  /** The same type with the parameters of a generic struct replaced. */
  fillGenerics(types: Map<string, VarInfo>): VarInfo
}

/** One field of a generated class. */
export interface FieldInfo {
  /** Its name in Go. */
  name: string
  fieldIdx: number
  fieldID?: number
  varInfo: VarInfo
}

// Classes with public properties, because generated code makes them with `new` and tools look into them.

export class VarInfoPrimitive implements VarInfo {
  dataType: SerializationType
  mappedType: string | undefined

  constructor(dataType: SerializationType, mappedType?: string) {
    this.dataType = dataType
    this.mappedType = mappedType
  }

  getSerializationData(): Uint8Array {
    return Uint8Array.of(this.dataType)
  }

  fillGenerics(_types: Map<string, VarInfo>): VarInfo {
    return this
  }
}

export class VarInfoDynamic implements VarInfo {
  getSerializationData(): Uint8Array {
    return Uint8Array.of(SerializationType.Dynamic)
  }

  fillGenerics(_types: Map<string, VarInfo>): VarInfo {
    return this
  }
}

export class VarInfoPointer implements VarInfo {
  notNil: boolean
  subType: VarInfo

  constructor(notNil: boolean, subType: VarInfo) {
    this.notNil = notNil
    this.subType = subType
  }

  getSerializationData(): Uint8Array {
    return join(SerializationType.Pointer, this.subType.getSerializationData())
  }

  fillGenerics(types: Map<string, VarInfo>): VarInfo {
    const sub = this.subType.fillGenerics(types)
    return sub === this.subType ? this : new VarInfoPointer(this.notNil, sub)
  }
}

export class VarInfoArray implements VarInfo {
  notNil: boolean
  elemType: VarInfo

  constructor(notNil: boolean, elemType: VarInfo) {
    this.notNil = notNil
    this.elemType = elemType
  }

  getSerializationData(): Uint8Array {
    return join(SerializationType.Array, this.elemType.getSerializationData())
  }

  fillGenerics(types: Map<string, VarInfo>): VarInfo {
    const elem = this.elemType.fillGenerics(types)
    return elem === this.elemType ? this : new VarInfoArray(this.notNil, elem)
  }
}

/** A map, or a set when there is no type of elements. */
export class VarInfoMap implements VarInfo {
  notNil: boolean
  keyType: VarInfo
  elemType: VarInfo | undefined

  constructor(notNil: boolean, keyType: VarInfo, elemType: VarInfo | undefined) {
    this.notNil = notNil
    this.keyType = keyType
    this.elemType = elemType
  }

  getSerializationData(): Uint8Array {
    const elem = this.elemType?.getSerializationData() ?? Uint8Array.of(SerializationType.Void)
    return join(SerializationType.Map, this.keyType.getSerializationData(), elem)
  }

  fillGenerics(types: Map<string, VarInfo>): VarInfo {
    const key = this.keyType.fillGenerics(types)
    const elem = this.elemType?.fillGenerics(types)
    return key === this.keyType && elem === this.elemType ? this : new VarInfoMap(this.notNil, key, elem)
  }
}

export class VarInfoStruct implements VarInfo {
  name: string
  packageName: string
  deserializer: Deserializable | undefined
  fieldList: FieldInfo[] | undefined
  genericTypes: VarInfo[] | undefined

  constructor(
    name: string,
    packageName: string,
    deserializer?: Deserializable,
    fieldList?: FieldInfo[],
    genericTypes?: VarInfo[],
  ) {
    this.name = name
    this.packageName = packageName
    this.deserializer = deserializer
    this.fieldList = fieldList
    this.genericTypes = genericTypes
  }

  getSerializationData(): Uint8Array {
    throw new RivuletError('invalid-value', `the struct ${this.name} cannot travel in an \`any\``, {
      hint: 'Use a map, or give the field its type.',
    })
  }

  fillGenerics(types: Map<string, VarInfo>): VarInfo {
    const filled = this.genericTypes?.map((type) => type.fillGenerics(types))
    if (filled === undefined || filled.every((type, i) => type === this.genericTypes?.[i])) return this
    return new VarInfoStruct(this.name, this.packageName, this.deserializer, this.fieldList, filled)
  }
}

/** A parameter of a generic struct. */
export class VarInfoGenericParam implements VarInfo {
  name: string

  constructor(name: string) {
    this.name = name
  }

  getSerializationData(): Uint8Array {
    throw new RivuletError('invalid-value', `the type parameter ${this.name} has not been filled in`)
  }

  fillGenerics(types: Map<string, VarInfo>): VarInfo {
    return types.get(this.name) ?? this
  }
}

function join(code: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from([code, ...parts.flatMap((part) => [...part])])
}
