import type { DynamicValue, Path, PathPart } from '@rivulet/wire'

/** What a path cannot go into. (A map passes for a set in the eyes of the compiler, so maps are sorted out before.) */
type Leaf =
  | string
  | number
  | bigint
  | boolean
  | symbol
  | null
  | undefined
  | Date
  | Uint8Array
  | ReadonlySet<unknown>
  | DynamicValue

// Counts down, because a recursive state has endless paths and the compiler would follow them all.
type Less = [never, 0, 1, 2, 3]

/** One part below `T`, and the type found there. */
type Below<T, Depth extends number> =
  T extends ReadonlyMap<infer K, infer V>
    ? readonly [] | Longer<K & PathPart, V, Depth>
    : T extends Leaf
      ? readonly []
      : T extends readonly (infer E)[]
        ? readonly [] | Longer<number, E, Depth>
        : readonly [] | { [K in keyof T & string]-?: Longer<K, T[K], Depth> }[keyof T & string]

type Longer<K, V, Depth extends number> = Depth extends 0
  ? readonly [K, ...Path]
  : readonly [K, ...Below<NonNullable<V>, Less[Depth]>]

/**
 * Every path into a state of type `S`: a tuple of property names, map keys and list indices, or the name of one top-level field.
 *
 * Parts are checked four levels deep; what is deeper is checked at run time only (so that recursive states stay typeable). Paths lead through
 * nullable values: whatever is behind a `null` reads as `undefined`.
 *
 * @example
 * const path: PathOf<BoardState> = ['cells', 4]
 */
export type PathOf<S> = unknown extends S ? string | Path : (keyof S & string) | Below<NonNullable<S>, 4>

type Step<T, K> = T extends null | undefined
  ? undefined
  : T extends ReadonlyMap<unknown, infer V>
    ? V | undefined
    : T extends readonly (infer E)[]
      ? E | undefined
      : K extends keyof T
        ? T[K]
        : unknown

/**
 * The type found at path `P` of a state of type `S`. Map elements, list elements and everything behind a nullable value may be `undefined`.
 *
 * @example
 * type Cell = ValueAt<BoardState, readonly ['cells', 4]> // string | undefined
 */
export type ValueAt<S, P> = unknown extends S
  ? unknown
  : P extends string
    ? Step<S, P>
    : P extends readonly []
      ? S
      : P extends readonly [infer Head, ...infer Rest]
        ? ValueAt<Step<S, Head>, Rest>
        : unknown
