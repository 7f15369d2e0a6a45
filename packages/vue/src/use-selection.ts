import { createSelection, type PageStore, type Path, select, zeroAt } from '@rivulet/client'
import { type ComputedRef, shallowRef } from 'vue'
import { type Source, useSource } from './use-source.ts'

export type Selector = (state: unknown) => unknown

/** Whether two selected values are the same to the component. */
export type Equality = (a: unknown, b: unknown) => boolean

/** What a selector returns, as a ref. */
export function useSelection(store: PageStore<unknown>, selector: Selector, equality: Equality): ComputedRef<unknown> {
  const reruns = shallowRef(0)
  let shown: { readonly value: unknown } | undefined

  return useSource(() => {
    void reruns.value
    // Vue notes what is read while it asks for this source. A run that the data has caused later is not noted, so it makes Vue ask again.
    let noted = true
    const selection = createSelection(
      store,
      (state) => {
        if (!noted) reruns.value++
        return selector(state)
      },
      equality,
    )
    const outcome = attempt(() => selection.get())
    noted = false
    return sourceOf(selection.subscribe, outcome)
  })

  function sourceOf(subscribe: Source<unknown>['subscribe'], outcome: Outcome): Source<unknown> {
    return {
      subscribe,
      get() {
        if (!outcome.ok) throw outcome.error
        if (shown === undefined || !equality(shown.value, outcome.value)) shown = outcome
        return shown.value
      },
      getServer: () => select(zeroStore(store), selector).value,
    }
  }
}

type Outcome = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown }

function attempt(run: () => unknown): Outcome {
  try {
    return { ok: true, value: run() }
  } catch (error) {
    // For whoever reads the ref. The selection is followed all the same, so that better data can mend it.
    return { ok: false, error }
  }
}

/** The store as it was before any data. */
function zeroStore(store: PageStore<unknown>): PageStore<unknown> {
  return { ...store, get: (path: string | Path = []) => zeroAt(store.def, asPath(path)), version: () => 0 }
}

function asPath(path: string | Path): Path {
  return typeof path === 'string' ? [path] : path
}
