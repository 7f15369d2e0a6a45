import { stateNode, type StoreDef } from '@rivulet/wire'
import type { PathOf } from './path-types.ts'
import { rebase } from './rebase.ts'
import type { Client, PageStore } from './types.ts'

/**
 * One change of a store: the state before and after a patch. It stands for the parts in which the two differ, so it can be applied to another state as well.
 */
export interface StateChange<S> {
  readonly from: S
  readonly to: S
}

/** A store in the shape of the data source that React proposes for its concurrent stores (react/react#35449). */
export interface ExternalDataSource<S, A> {
  /** The state now. Immutable; the same object until something changed. */
  getState(): S
  /** What an action makes of a state. Pure: React replays actions on states that never were current, to show an urgent one before an earlier one that is still rendering in a transition. */
  reducer(state: S, action: A): S
  /** Calls `listener` with each action, once it is part of `getState()`; returns the function that stops it. While somebody listens, the whole store is followed. */
  subscribe(listener: (action: A) => void): () => void
}

/**
 * A store as an external data source, for `React.useStore` when it comes and for its ponyfills now. The state is the whole store; each patch of the host is one action.
 *
 * Replayed on another state, an action changes what it has changed, field by field and key by key: fields that it did not touch keep what the other state has. Where both have changed one scalar the action's value counts.
 *
 * Throws `RivuletError` `config` when a client is given and no definition.
 *
 * @example
 * const source = toExternalDataSource(client, BoardStore)
 * const state = source.reducer(source.getState(), { from, to })
 */
export function toExternalDataSource<S>(store: PageStore<S>): ExternalDataSource<S, StateChange<S>>
export function toExternalDataSource<S>(client: Client, def: StoreDef<S>): ExternalDataSource<S, StateChange<S>>
export function toExternalDataSource(
  of: PageStore<unknown> | Client,
  def?: StoreDef,
): ExternalDataSource<unknown, StateChange<unknown>> {
  const store = (def === undefined ? of : (of as Client).store(def)) as PageStore<unknown>
  const node = stateNode(store.def)
  const whole = [] as unknown as PathOf<unknown>
  return {
    getState: () => store.get(),
    reducer: (state, { from, to }) => rebase(store.def.types, node, state, from, to),
    subscribe(listener) {
      let last = store.get()
      return store.subscribe(whole, () => {
        const from = last
        last = store.get()
        if (!Object.is(from, last)) listener({ from, to: last })
      })
    },
  }
}
