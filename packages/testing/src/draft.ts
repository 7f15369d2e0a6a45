import type { DynamicValue } from '@rivulet/wire'

type Atom = string | number | bigint | boolean | null | undefined | Date | Uint8Array | DynamicValue

/**
 * `T` as the recipe of `update` sees it: the same data, writable.
 *
 * @example
 * const flip = (draft: Draft<BoardState>): void => { draft.xTurn = !draft.xTurn }
 */
export type Draft<T> = T extends Atom
  ? T
  : T extends ReadonlyMap<infer Key, infer Value>
    ? Map<Key, Draft<Value>>
    : T extends ReadonlySet<infer Item>
      ? Set<Item>
      : T extends readonly (infer Item)[]
        ? Draft<Item>[]
        : { -readonly [Field in keyof T]: Draft<T[Field]> }
