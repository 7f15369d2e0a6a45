/** Integers that always fit a JavaScript number. */
export type IntKind = 'int8' | 'int16' | 'int32' | 'uint8' | 'uint16' | 'uint32'

/** 64-bit integers: `number` (checked: a value beyond ±2^53 throws, it is never rounded) or `bigint`, chosen per field. */
export type WideIntKind = 'int64' | 'uint64'

/** Types without parts. `any` carries its own type on the wire and is read as a `DynamicValue`. */
export type SimpleKind = 'bool' | 'string' | 'float32' | 'float64' | 'any' | IntKind

interface Named {
  /** Name of the enum or named primitive, for tools; the wire does not know it. */
  readonly named?: string
}

/** A simple type. */
export interface SimpleNode extends Named {
  readonly kind: SimpleKind
}

/** A 64-bit integer; `as` defaults to `'number'`. */
export interface WideIntNode extends Named {
  readonly kind: WideIntKind
  readonly as?: 'number' | 'bigint'
}

/** A point in time, whole milliseconds: a `Date` (default) or Unix milliseconds as a number. */
export interface TimeNode extends Named {
  readonly kind: 'time'
  readonly as?: 'date' | 'millis'
}

/** Raw bytes (the wire's list of uint8): `Uint8Array`, or `null` unless `notNull`. */
export interface BytesNode {
  readonly kind: 'bytes'
  readonly notNull?: boolean
}

/**
 * Something that may be absent. `null` stands for absence; where the pointee can itself be null (pointer, list, map, set, bytes, any)
 * the value is boxed, `{ value }`, so that "absent" and "present but null" stay apart.
 */
export interface PointerNode {
  readonly kind: 'pointer'
  readonly elem: TypeNode
  readonly notNull?: boolean
}

/** A list: `readonly T[]`, or `null` unless `notNull`. */
export interface ArrayNode {
  readonly kind: 'array'
  readonly elem: TypeNode
  readonly notNull?: boolean
}

/** A map: `ReadonlyMap<K, V>`, or `null` unless `notNull`. */
export interface MapNode {
  readonly kind: 'map'
  readonly key: KeyNode
  readonly value: TypeNode
  readonly notNull?: boolean
}

/** A set: `ReadonlySet<K>`, or `null` unless `notNull`. */
export interface SetNode {
  readonly kind: 'set'
  readonly key: KeyNode
  readonly notNull?: boolean
}

/** A struct by value, by the name under which a {@link StructTable} has it. */
export interface StructNode {
  readonly kind: 'struct'
  readonly ref: string
}

/** What a map or set can be keyed by. */
export type KeyNode = (SimpleNode & { readonly kind: Exclude<SimpleKind, 'any'> }) | WideIntNode

/** One type of the schema (spec: wire.md §11). */
export type TypeNode =
  | SimpleNode
  | WideIntNode
  | TimeNode
  | BytesNode
  | PointerNode
  | ArrayNode
  | MapNode
  | SetNode
  | StructNode

/** One field of a struct. */
export interface FieldDef {
  /** Property name in TypeScript. */
  readonly name: string
  /** Name in the host's source and in subscription keys; absent when it is `name` with its first letter upper-cased. */
  readonly wire?: string
  /** Field id, 1 to 255; absent in flat structs. */
  readonly id?: number
  readonly type: TypeNode
  /**
   * The struct in this field (itself, behind a pointer, or as the element of a list or map) is changed in place by deltas instead of being replaced.
   * True only where the host's generator saw both structs in one source file (wire.md §9.1), so it is part of the wire format.
   */
  readonly mod?: boolean
}

/** How a struct travels: `flat` without ids, `fielded` with ids, `partial` = fielded and with deltas (wire.md §6). */
export type StructForm = 'flat' | 'fielded' | 'partial'

/** One struct. */
export interface StructDef {
  readonly form: StructForm
  readonly fields: readonly FieldDef[]
}

/** Structs by qualified name, `package.Name`. */
export type StructTable = Readonly<Record<string, StructDef>>

/** The tables in which a descriptor's names are looked up, in order. Use one shared array per module: compiled codecs are cached on its identity. */
export type Types = readonly StructTable[]

declare const shape: unique symbol

/** Carries a TypeScript type along with a descriptor; never present at run time. */
export interface Shaped<T> {
  readonly [shape]?: T
}

/** A store: its name on the wire and the struct that is its state. */
export interface StoreDef<State = unknown> extends Shaped<State> {
  readonly kind: 'store'
  readonly name: string
  readonly state: string
  readonly types: Types
  /** Lowest access level that may read it; 0 when absent. */
  readonly access?: number
}

/** A call with a response. `request` and `response` are flat structs; the response has `error` and, unless the call is void, `result`. */
export interface RpcDef<Args = unknown, Result = unknown> extends Shaped<readonly [Args, Result]> {
  readonly kind: 'rpc'
  readonly name: string
  readonly request: string
  readonly response: string
  readonly types: Types
  /** Lowest access level that may call it; 0 when absent. */
  readonly access?: number
}

/** A call without a response. */
export interface SendDef<Args = unknown> extends Shaped<Args> {
  readonly kind: 'send'
  readonly name: string
  readonly request: string
  readonly types: Types
  /** Lowest access level that may call it; 0 when absent. */
  readonly access?: number
}

/** An event that goes to everybody. */
export interface EventDef<Packet = unknown> extends Shaped<Packet> {
  readonly kind: 'event'
  readonly name: string
  readonly packet: string
  readonly types: Types
}

/** An event of a store that goes to those who asked for its key. */
export interface KeyedEventDef<Packet = unknown> extends Shaped<Packet> {
  readonly kind: 'keyedEvent'
  readonly store: string
  readonly name: string
  readonly packet: string
  readonly types: Types
}

/**
 * A high-bandwidth stream of a store, such as the video of a camera: units of bytes, one stream per key, on a connection of its own beside the host's socket (session.md §8).
 *
 * @example
 * const CameraVideo: StreamDef = { kind: 'stream', name: 'Camera.Video', store: 'CameraStore' }
 */
export interface StreamDef {
  readonly kind: 'stream'
  /** Name on the wire: 1 to 256 bytes, not blank. */
  readonly name: string
  /** Name of the store whose access level applies: 1 to 256 bytes, not blank. */
  readonly store: string
}

/** The state type of a store descriptor. */
export type StateOf<Def> = Def extends StoreDef<infer State> ? State : never

/** A pointer whose pointee can itself be null. */
export interface Box<T> {
  readonly value: T
}

/** One step of a path: a property name, a map key, or a list index. */
export type PathPart = string | number | bigint | boolean

/** A path into a store, outermost first; empty = the whole store. */
export type Path = readonly PathPart[]
