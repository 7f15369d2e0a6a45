/** Integers of the wire; Go's `int` and `uint` are 64 bits wide on it. */
export type IntegerKind = 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64'

/** Kinds of types that have no parts and may be the underlying type of a named type. */
export type PrimitiveKind = 'bool' | 'string' | 'float32' | 'float64' | IntegerKind

/** What a front end knows of a node beyond the wire: how the client wants to have it, where the source says so. */
export interface NodeExtra {
  /** A 64-bit integer as `number` (checked) or `bigint`; a point in time as `date` or Unix `millis`. */
  readonly as?: 'number' | 'bigint' | 'date' | 'millis'
}

/**
 * A primitive. `named` is the enum or named primitive it was declared as, `package.Name`; `goType` the Go spelling where it differs from
 * the kind (`int`, `uint`, `byte`, `rune`), which the wire does not know.
 */
export interface PrimitiveNode {
  readonly kind: PrimitiveKind
  readonly named?: string
  readonly goType?: string
  readonly extra?: NodeExtra
}

/** A point in time. */
export interface TimeNode {
  readonly kind: 'time'
  readonly extra?: NodeExtra
}

/** A value that carries its own type on the wire. */
export interface AnyNode {
  readonly kind: 'any'
}

/** Something that may be absent: one null flag, unless `notNull`. */
export interface PointerNode {
  readonly kind: 'pointer'
  readonly notNull?: true
  readonly elem: SchemaNode
}

/** A list. With a `uint8` element it travels as raw bytes (wire.md §5). */
export interface ArrayNode {
  readonly kind: 'array'
  readonly notNull?: true
  readonly elem: SchemaNode
  /** `[4]` for a Go array of fixed length: a list of that many elements on the wire. */
  readonly goType?: string
}

/** A map. */
export interface MapNode {
  readonly kind: 'map'
  readonly notNull?: true
  readonly key: SchemaNode
  readonly value: SchemaNode
}

/** A set: Go's `map[K]struct{}`. */
export interface SetNode {
  readonly kind: 'set'
  readonly notNull?: true
  readonly key: SchemaNode
}

/** A struct by value: `package.Name`, with type arguments if it is generic. */
export interface StructNode {
  readonly kind: 'struct'
  readonly ref: string
  readonly args?: readonly SchemaNode[]
}

/** A type parameter, inside a generic struct. */
export interface ParamNode {
  readonly kind: 'param'
  readonly name: string
}

/**
 * One type of the model (spec: wire.md §11), as a node of the `restream-schema/1` format.
 *
 * @example
 * const node: SchemaNode = { kind: 'map', key: { kind: 'string' }, value: { kind: 'struct', ref: 'glass.Row' } }
 */
export type SchemaNode =
  | PrimitiveNode
  | TimeNode
  | AnyNode
  | PointerNode
  | ArrayNode
  | MapNode
  | SetNode
  | StructNode
  | ParamNode

/** How a struct travels (wire.md §6): `flat` without ids, `fielded` with ids, `partial` = fielded, and with deltas. */
export type Flavour = 'flat' | 'fielded' | 'partial'

/** How deltas change a field (wire.md §9.1). `set` is Rivulet's own, because the reference has no set fields: keys added, keys deleted, or the whole set. */
export type PartialHelper = 'scalar' | 'pointer' | 'value' | 'array' | 'modArray' | 'map' | 'modMap' | 'set'

/**
 * The field of `<Struct>Partial` that belongs to a field. `value` is the whole field where deltas replace it, the element of a list, the
 * value of a map, the key of a set; it carries no not-null marks, because the helpers ignore them.
 */
export interface PartialShape {
  readonly helper: PartialHelper
  /** Only of maps and sets. */
  readonly key?: SchemaNode
  readonly value: SchemaNode
  /** The struct whose partial is nested, with the `value`, `modArray` and `modMap` helpers. */
  readonly sub?: string
}
