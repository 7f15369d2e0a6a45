import type { Path, PathPart } from '@rivulet/wire'

// What the page asks the engine to work out about a map, list or set, and what the engine answers. Plain data: it crosses threads.

/** A value that rows can be ordered by and compared with. */
export type Scalar = string | number | bigint | boolean | Date | null

/** How a row's field is compared with a value. */
export type ConditionOp = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'contains'

/** One condition that rows have to meet. `value` is a list for `in`. */
export interface PlainCondition {
  /** From the row on. */
  readonly field: Path
  readonly op: ConditionOp
  readonly value: Scalar | readonly Scalar[]
}

/** How strings are ordered when not by code point: a locale, with the options of `Intl.Collator` that matter. */
export interface Collation {
  readonly locale: string
  /** `a2` before `a10`. */
  readonly numeric?: boolean
  /** `base`: a, A and á are equal; `accent`, `case`; `variant` (all differ) when absent. */
  readonly sensitivity?: 'base' | 'accent' | 'case' | 'variant'
}

/** Which rows, in which order: all windows of the same selection share one index in the engine. */
export interface RowSelection {
  /** From the row on; absent: the order in which rows arrived. */
  readonly orderBy?: Path
  readonly descending?: boolean
  readonly collation?: Collation
  /** All of them have to hold. */
  readonly where?: readonly PlainCondition[]
}

/** What the engine works out. */
export type ListQuery =
  | { readonly kind: 'size' }
  | { readonly kind: 'diff' }
  | {
      readonly kind: 'keys'
      readonly select: RowSelection
      readonly offset: number
      /** Absent: all from `offset` on. */
      readonly limit?: number
    }

/** A record of the patch about keys. */
export interface KeysChange {
  /** How many rows there are, in the window or not. */
  readonly total: number
  /** All keys of the window; null when `removed` and `added` say what changed. */
  readonly keys: readonly PathPart[] | null
  /** Positions in the window as it was, ascending. */
  readonly removed: readonly number[]
  /** Positions in the window as it is, ascending, with the keys that are there now. */
  readonly added: readonly { readonly at: number; readonly key: PathPart }[]
}

/** A record of the patch about rows that are new, gone, or not what they were. */
export interface RowsChange {
  /** `added` is everything there is; the page finds out itself what that means. */
  readonly fresh: boolean
  readonly added: readonly PathPart[]
  readonly removed: readonly PathPart[]
  /** With the fields that changed; null: any of them. */
  readonly changed: readonly { readonly key: PathPart; readonly fields: readonly PathPart[] | null }[]
}
