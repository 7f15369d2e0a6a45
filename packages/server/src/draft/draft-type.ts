import type { DynamicValue } from '@rivulet/wire'

type Atom = string | number | bigint | boolean | null | undefined | Date | Uint8Array | DynamicValue

/**
 * `T` as a recipe sees it: the same data, writable. Lists become arrays, `ReadonlyMap` and `ReadonlySet` become `Map` and `Set`.
 *
 * @example
 * store.update((draft: Draft<BoardState>) => { draft.xTurn = !draft.xTurn })
 */
export type Draft<T> = T extends Atom
  ? T
  : T extends ReadonlyMap<infer K, infer V>
    ? Map<K, Draft<V>>
    : T extends ReadonlySet<infer K>
      ? Set<K>
      : T extends readonly (infer E)[]
        ? Draft<E>[]
        : { -readonly [P in keyof T]: Draft<T[P]> }
