import { asOrigin, createSelection, type Origin, type PageStore, type Path, select, zeroAt } from '@rivulet/client'
import { type Ref, shallowRef } from 'vue'
import { pathOf } from './path-of.ts'
import { useSource } from './use-source.ts'

export type Selector = (state: unknown) => unknown

/** Whether two selected values are the same to the component. */
export type Equality = (a: unknown, b: unknown) => boolean

/** How a run of a selector that nobody would note ends: the selection is made anew instead. */
const OUTDATED = new Error('outdated')

/**
 * What a selector returns, as a ref.
 *
 * A selector reads two worlds: the store, which the selection follows, and props and refs, which Vue notes while it asks for the source. So the selector runs there: when the data has changed, the selection
 * does not run it by itself but has Vue ask for another one.
 */
export function useSelection(
  store: PageStore<unknown>,
  selector: Selector,
  equality: Equality,
  origin?: Origin,
): Readonly<Ref<unknown>> {
  const reruns = shallowRef(0)
  const rerun = (): void => void reruns.value++
  let shown: { readonly value: unknown } | undefined

  return useSource(() => {
    void reruns.value
    let phase: 'made' | 'asked' | 'followed' = 'made'
    const selection = createSelection(
      store,
      (state) => {
        if (phase === 'followed') throw OUTDATED
        // The data has changed while nobody followed it. Whoever asks gets the answer now, and Vue notes the next run.
        if (phase === 'asked') queueMicrotask(rerun)
        return selector(state)
      },
      equality,
    )
    const asked = <T>(ask: () => T): T => {
      phase = 'asked'
      try {
        return ask()
      } finally {
        phase = 'followed'
      }
    }
    run(() => selection.get())
    phase = 'followed'
    return {
      // Any change runs the selector again, whatever comes of it; the component renders when the result differs.
      subscribe: () =>
        asked(() =>
          asOrigin(
            store.client,
            origin,
            () => ({}),
            rerun,
            (heard) => selection.subscribe(heard),
          ),
        ),
      get() {
        const value = asked(() => selection.get())
        if (shown === undefined || !equality(shown.value, value)) shown = { value }
        return shown.value
      },
      getServer: () => select(zeroStore(store), selector).value,
    }
  })
}

function run(selection: () => unknown): void {
  try {
    selection()
  } catch {
    // The selection keeps what was thrown for whoever reads the ref, and is followed all the same: better data can mend it.
  }
}

/** The store as it was before any data. */
function zeroStore(store: PageStore<unknown>): PageStore<unknown> {
  return { ...store, get: (path: string | Path = []) => zeroAt(store.def, pathOf(path)), version: () => 0 }
}
