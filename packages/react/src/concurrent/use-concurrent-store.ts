import { shallowEqual, type PathOf, type StoreDef, type ValueAt } from '@rivulet/client'
import { use, useDebugValue, useLayoutEffect, useReducer, useState, useSyncExternalStore } from 'react'
import { useClient } from '../context.ts'
import { describeQuery, type Equality, type StoreQuery } from '../store-query.ts'
import type { Held } from '../store-source.ts'
import { createComponentMemory } from './component.ts'
import { PictureContext, useTracker } from './contexts.ts'
import { ledgerOf } from './ledger.ts'
import { advance, EMPTY, NOTHING } from './picture.ts'
import { readInitial, readOwn, readShared } from './read.ts'

/**
 * `useStore` whose changes take part in transitions. Takes the same arguments and gives the same values, below the `RivuletProvider` of `@rivulet/react/concurrent`.
 *
 * A change that arrives in a transition (caused in `startTransition`, or any with `updates="transition"`) renders in slices, yields to input, and is left out of urgent renders until it is done; an urgent change meanwhile is shown at
 * once, without it, and then both, in their order. Components that mount meanwhile show what is on screen.
 *
 * Against the default hook it costs a look at every followed path per patch, and each component renders once more with the first patch after it has mounted. It needs React 19.
 *
 * @throws RivuletError `config` when there is no such provider above; `path` when the path does not fit the store.
 *
 * @example
 * import { RivuletProvider, useStore } from '@rivulet/react/concurrent'
 * const rows = useStore(FleetStore, 'rows')
 */
export function useConcurrentStore<S>(def: StoreDef<S>): S
export function useConcurrentStore<S, const P extends PathOf<S>>(def: StoreDef<S>, path: P): ValueAt<S, P>
export function useConcurrentStore<S, T>(
  def: StoreDef<S>,
  selector: (state: S) => T,
  equality?: (a: T, b: T) => boolean,
): T
export function useConcurrentStore(
  def: StoreDef,
  query: StoreQuery = WHOLE,
  equality: Equality = shallowEqual,
): unknown {
  const tracker = useTracker()
  const ledger = ledgerOf(useClient().store(def))
  const [memory] = useState(createComponentMemory)
  const [picture, dispatch] = useReducer(advance, EMPTY)
  const hydrating = useSyncExternalStore(never, no, yes)
  const own = hydrating ? readInitial(ledger, query) : readOwn(ledger, query, memory, picture)
  const shared = own === null ? use(PictureContext) : null
  const { value, reads } = own ?? readShared(tracker, ledger, query, shared ?? NOTHING)
  const shown = typeof query === 'function' ? sameOr(memory.last, value, equality) : { value }
  useLayoutEffect(() => memory.show(shown))
  // With every render, because each has read anew: while patches are under way, the component begins to take them by itself in whichever commit has them all.
  useLayoutEffect(() => memory.follow(tracker, ledger, reads, dispatch), [memory, tracker, ledger, reads, dispatch])
  useLayoutEffect(() => () => memory.end(), [memory])
  useDebugValue(query, (asked) => describeQuery(def.name, asked))
  return shown.value
}

const WHOLE: StoreQuery = []
const never = (): (() => void) => () => undefined
const no = (): boolean => false
const yes = (): boolean => true

/** What is on screen, when the new result is equal to it. */
function sameOr(last: Held | null, value: unknown, equality: Equality): Held {
  return last !== null && (Object.is(last.value, value) || equality(last.value, value)) ? last : { value }
}
