import type { Flavour, PartialShape, PrimitiveKind, SchemaNode } from './schema-node.ts'

/** A place in a source file. Lines and columns count from 1; a column is a UTF-16 code unit, as editors count. */
export interface SourcePlace {
  /** Relative to the project, with `/`. */
  readonly file: string
  readonly line: number
  readonly column: number
}

/**
 * What a front end knows beyond the `restream-schema/1` format: for messages and for comments in generated code, never for the wire.
 * Always under a property named `extra`; {@link plainSchema} takes it out.
 */
export interface Extra {
  readonly at?: SourcePlace
  /** The doc comment, without comment marks and annotations. */
  readonly doc?: string
}

/** A field's {@link Extra}. */
export interface FieldExtra extends Extra {
  /** The type as the source has it, for messages. */
  readonly typeText?: string
  /** The embedded structs it was promoted from, outermost first, as `package.Name`. */
  readonly embedded?: readonly string[]
}

/** A package's {@link Extra}. */
export interface PackageExtra extends Extra {
  /** Go import path. */
  readonly importPath?: string
  /** Its folder, relative to the project, with `/`. */
  readonly dir?: string
  /** The source files it was read from, relative to the project, in order. */
  readonly files?: readonly string[]
}

/** A struct's field, in declaration order: the order of flat structs on the wire. */
export interface SchemaField {
  /** Name in the host's source, and in subscription keys. */
  readonly goName: string
  /** Property name in TypeScript. */
  readonly tsName: string
  /** 1 to 255; absent in flat structs. */
  readonly id?: number
  readonly node: SchemaNode
  /** Only in structs with the flavour `partial`. */
  readonly partial?: PartialShape
  readonly extra?: FieldExtra
}

/** A struct of the model. */
export interface SchemaStruct {
  readonly name: string
  readonly flavour: Flavour
  /** Names of the type parameters of a generic struct, which is always flat. */
  readonly typeParams?: readonly string[]
  /** Name of its source file, without folders: structs of one file see each other's partials (codegen.md §1). */
  readonly file: string
  /** The highest field id ever used; absent in flat structs. */
  readonly maxFieldID?: number
  readonly fields: readonly SchemaField[]
  readonly extra?: Extra
}

/** What a packet carries. */
export type PacketRole = 'rpcRequest' | 'rpcResponse' | 'ffrpcRequest' | 'event' | 'keyedEvent'

/** A flat struct made from the signature of an RPC, a call without response, or an event. */
export interface SchemaPacket {
  readonly name: string
  readonly flavour: 'flat'
  readonly packet: PacketRole
  readonly fields: readonly SchemaField[]
  readonly extra?: Extra
}

/** A constant's value. Integers that a JavaScript number cannot hold exactly are `{ $int: decimal digits }`. */
export type ConstValue = boolean | number | string | { readonly $int: string }

/** One member of an enum. */
export interface EnumMember {
  /** Without the enum's name in front. */
  readonly name: string
  readonly goName: string
  readonly value: ConstValue
  readonly extra?: Extra
}

/** A named primitive that has constants; members are sorted by value. */
export interface SchemaEnum {
  readonly name: string
  readonly kind: PrimitiveKind
  readonly members: readonly EnumMember[]
  readonly extra?: Extra
}

/** A named primitive without constants. */
export interface NamedType {
  readonly name: string
  readonly kind: PrimitiveKind
  readonly extra?: Extra
}

/** Where a constant comes from: its own declaration, a store's name, or the first of a group (which may also be an enum's member). */
export type ConstOrigin = 'const' | 'storeName' | 'firstOfGroup'

/** A constant for the client. */
export interface SchemaConst {
  readonly name: string
  readonly value: ConstValue
  readonly origin: ConstOrigin
  readonly extra?: Extra
}

/**
 * Every {@link StoreType}, at the index that is its value on the wire (session.md §10.5).
 *
 * @example
 * STORE_TYPES.indexOf('DeviceWithRelay') // 0
 */
export const STORE_TYPES = [
  'DeviceWithRelay',
  'DeviceWithNoRelay',
  'DeviceWithCloudImpl',
  'CloudOnly',
  'CloudImplOfDevice',
  'DeviceAndCloud',
  'DeviceWithCloudSource',
  'CloudSourceForDevice',
] as const

/** Where a store lives and which way its state flows. */
export type StoreType = (typeof STORE_TYPES)[number]

/** A store. */
export interface SchemaStore {
  /** Name of the annotated struct. */
  readonly goStruct: string
  /** Name on the wire. */
  readonly name: string
  readonly type: StoreType
  readonly minimumAccess: number
  /** The struct that is its state, `package.Name`. */
  readonly state: string
  readonly extra?: Extra
}

/** A call with a response. */
export interface SchemaRpc {
  readonly name: string
  readonly access: number
  /** Whether the host's handler takes a context first; it is never on the wire. */
  readonly context: boolean
  readonly request: string
  readonly response: string
  /** `null` when the call returns only an error. */
  readonly result: SchemaNode | null
  readonly extra?: Extra
}

/** A call without a response. */
export interface SchemaFfrpc {
  readonly name: string
  readonly access: number
  readonly context: boolean
  readonly request: string
  readonly extra?: Extra
}

/** An event that goes to everybody. */
export interface SchemaEvent {
  readonly name: string
  readonly packet: string
  readonly extra?: Extra
}

/** An event of a store that goes to those who asked for its key. */
export interface SchemaKeyedEvent {
  readonly name: string
  /** The store's name on the wire. */
  readonly store: string
  readonly packet: string
  readonly extra?: Extra
}

/** A high-bandwidth stream of a store: units of bytes, one stream per key (session.md §8). */
export interface SchemaStream {
  readonly name: string
  /** The store's name on the wire. */
  readonly store: string
  readonly extra?: Extra
}

/** One package: one generated file. */
export interface SchemaPackage {
  readonly name: string
  readonly tsFile: string
  readonly enums: readonly SchemaEnum[]
  readonly namedTypes: readonly NamedType[]
  /** Sorted by name. */
  readonly consts: readonly SchemaConst[]
  readonly ignoredConsts: readonly string[]
  /** Sorted by name. */
  readonly structs: readonly SchemaStruct[]
  /** Sorted by name. */
  readonly packets: readonly SchemaPacket[]
  readonly stores: readonly SchemaStore[]
  readonly rpcs: readonly SchemaRpc[]
  readonly ffrpcs: readonly SchemaFfrpc[]
  readonly events: readonly SchemaEvent[]
  readonly keyedEvents: readonly SchemaKeyedEvent[]
  /** Only where there are any: Go sources do not say, because a Go host's broker decides while it runs which streams there are. */
  readonly streams?: readonly SchemaStream[]
  readonly extra?: PackageExtra
}

/**
 * Everything that the sources say about the wire: what front ends make, and what every output is made from.
 * It is plain JSON: the `restream-schema/1` format, plus `extra` properties.
 *
 * @example
 * const stores = model.packages.flatMap((pkg) => pkg.stores.map((store) => store.name))
 */
export interface SchemaModel {
  readonly format: 'restream-schema/1'
  /** Sorted by name. */
  readonly packages: readonly SchemaPackage[]
}
