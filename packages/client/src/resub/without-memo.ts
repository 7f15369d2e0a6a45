import * as React from 'react'

/** What React gives to hooks while it renders; only what is needed here. */
interface Dispatcher {
  readonly useMemoCache?: (size: number) => unknown[]
}

/** What marks a slot of React Compiler's cache as empty. */
const EMPTY = Symbol.for('react.memo_cache_sentinel')

/** React 19's own name for where the hooks of the component that renders are. React 18 knows no compiled components. */
const INTERNALS = '__CLIENT_INTERNALS_DO_NOT_USE_OR_WARN_USERS_THEY_CANNOT_UPGRADE'

/**
 * Calls `render` so that React Compiler's cache is empty in it, as if it began with `'use no memo'`.
 *
 * The compiler takes `BoardStore.getBoard()` for a constant, because `BoardStore` is one, computes it once and shows it for ever, without a word. A directive can only be written by who compiles the component; this one was
 * compiled before it got here. So the cache is taken away instead: each render gets a fresh one. Where React has no such place the component renders as it is.
 */
export function withoutMemo<T>(render: () => T): T {
  const internals = (React as unknown as Record<string, { H: Dispatcher | null } | undefined>)[INTERNALS]
  const dispatcher = internals?.H
  if (internals === undefined || typeof dispatcher?.useMemoCache !== 'function') return render()
  internals.H = Object.assign(Object.create(dispatcher) as Dispatcher, {
    useMemoCache: (size: number): unknown[] => Array.from({ length: size }, () => EMPTY),
  })
  try {
    return render()
  } finally {
    internals.H = dispatcher
  }
}
