import type { Path, PathPart, RivuletError } from '@rivulet/wire'
import type { Collation, ConditionOp, Scalar } from '../list-query.ts'
import type { PathStatus } from '../protocol.ts'
import type { PathOf, ValueAt } from './path-types.ts'
import type { Readable } from './types.ts'

/** What rows of type `T` are keyed by: a map's keys, a set's members, a list's indices. `never` for anything else. */
type KeyOf<T> =
  T extends ReadonlyMap<infer K, unknown>
    ? K
    : T extends ReadonlySet<infer K>
      ? K
      : T extends Uint8Array
        ? never
        : T extends readonly unknown[]
          ? number
          : never

type RowOf<T> =
  T extends ReadonlyMap<unknown, infer V>
    ? V
    : T extends ReadonlySet<infer K>
      ? K
      : T extends readonly (infer E)[]
        ? E
        : never

/**
 * The type of the keys of the map, list or set at path `P` of a state of type `S`; `never` where there is none.
 *
 * @example
 * type Id = KeyAt<FleetState, 'boats'> // string
 */
export type KeyAt<S, P> = unknown extends S ? PathPart : KeyOf<NonNullable<ValueAt<S, P>>> & PathPart

/** The type of the rows of the map, list or set at path `P` of a state of type `S`. For a set, a row is its key. */
export type RowAt<S, P> = unknown extends S ? unknown : RowOf<NonNullable<ValueAt<S, P>>>

/** `P` where it leads to a map, list or set; `never` elsewhere. */
export type ListPath<S, P> = P extends PathOf<S> ? ([KeyAt<S, P>] extends [never] ? never : P) : never

/** A field of a row, by name or by path; `[]` is the row itself, where rows have no fields. */
export type RowField<Row> = unknown extends Row
  ? string | Path
  : NonNullable<Row> extends Scalar
    ? readonly []
    : PathOf<NonNullable<Row>>

/**
 * A condition that rows have to meet: `{ field: 'speed', op: '>', value: 10 }`.
 *
 * `=` and `!=` take null for what is missing, and NaN equals NaN; `<`, `<=`, `>`, `>=` hold for no blank (null, missing, NaN); `in` takes a list of values; `contains` looks for a part of a string, as it is written.
 */
export interface Condition<Row = unknown> {
  readonly field: RowField<Row>
  readonly op: ConditionOp
  readonly value: Scalar | readonly Scalar[]
}

/** Which rows count. */
export interface SizeOptions<Row = unknown> {
  /** One condition, or several that all have to hold. */
  readonly where?: Condition<Row> | readonly Condition<Row>[]
}

/**
 * Which keys are wanted, in which order.
 *
 * Without `orderBy` they are in the order in which they arrived: a key that stays keeps its place, new ones come last, also across a reconnect.
 */
export interface KeysOptions<Row = unknown> extends SizeOptions<Row> {
  /**
   * A field of the row. Numbers, bigints and times by size, `false` before `true`, strings by code point; NaN, then null and missing values last, whatever the direction; ties in ascending order of their keys.
   */
  readonly orderBy?: RowField<Row>
  readonly direction?: 'asc' | 'desc'
  /** How strings are ordered; by code point when absent. */
  readonly collation?: Collation
  /** How many rows to leave out at the start; 0 when absent. */
  readonly offset?: number
  /** How many keys at most; all of them when absent. */
  readonly limit?: number
}

/** What is known about keys: the same object as long as nothing of it changes. */
export interface KeysSnapshot<K> {
  /** The keys in the window. The same array as long as they are the same in the same order. */
  readonly keys: readonly K[]
  /** How many rows there are, in the window or not. */
  readonly total: number
  /** Where in the order `keys` begins: of the window that is shown, which may not be the one that was asked for last. */
  readonly offset: number
  /** Of the window that was asked for last; `loading` until the whole map is there, because all rows have a part in the order. */
  readonly status: PathStatus
  /** Whether `keys` and `total` have ever arrived. */
  readonly loaded: boolean
  /** Why, when `status` is `error`. */
  readonly error: RivuletError | undefined
}

/** The keys of a map, list or set as a value to follow. */
export interface StoreKeys<K, Row = unknown> extends Readable<KeysSnapshot<K>> {
  /**
   * Asks for another window, order or choice of rows. What is shown stays until the new keys are there, so scrolling does not flash. Throws as {@link storeKeys} does.
   */
  change(options: KeysOptions<Row>): void
}

/** What happened to the rows of a map, list or set since the last call. */
export interface StoreDiff<K> {
  readonly added: readonly K[]
  readonly removed: readonly K[]
  /** Rows that are there before and after and may differ. */
  readonly changed: readonly K[]
  /** The fields of a changed row that may differ; null: any of them, or it is a row without fields. */
  fields(this: void, key: K): readonly PathPart[] | null
}
