import type { DynamicValue, StoreDef } from '@rivulet/wire'
import type { StoreCore } from './page-store.ts'

type Atom = string | number | bigint | boolean | null | undefined | Date | Uint8Array | DynamicValue

/**
 * A state as the recipe of an optimistic call sees it: the same data, writable. Lists become arrays, `ReadonlyMap` and `ReadonlySet` become `Map` and `Set`.
 *
 * @example
 * const rename = (fleet: Draft<FleetState>, name: string) => { fleet.title = name }
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

/** The drafts of several stores, in the same order. */
export type Drafts<Defs extends readonly StoreDef[]> = {
  -readonly [I in keyof Defs]: Defs[I] extends StoreDef<infer S> ? Draft<S> : never
}

/** What a call with these arguments is expected to change. Made by `optimistic`, given to `client.call`. */
export interface Optimistic<in Args> {
  /** Shows the change and makes the call; `client.call` does this. Settles as `send` does, or rejects with what the recipe throws, and then nothing is sent. */
  readonly run: <R>(args: Args, coreOf: (def: StoreDef) => StoreCore, send: () => Promise<R>) => Promise<R>
}

/** Options of `optimistic`. */
export interface OptimisticOptions {
  /**
   * How long the change stays after the answer when the server's state of it does not come: the handler may have changed nothing. Milliseconds; 1 000 when absent.
   */
  readonly settleMs?: number
}
