import { computed, getCurrentInstance, type Ref, shallowRef, watch } from 'vue'
import { type Outcome, outcomeRef } from './outcome-ref.ts'
import { whileActive } from './while-active.ts'

/** Something to follow. */
export interface Source<T> {
  readonly subscribe: (listener: () => void) => () => void
  readonly get: () => T
  /** What a server renders, and a page while it hydrates: the same whatever has arrived. */
  readonly getServer: () => T
}

/** What a source says, as a ref. `source` is asked again when something reactive that it reads has changed; it is followed while the component is active. */
export function useSource<T>(source: () => Source<T>): Readonly<Ref<T>> {
  const changes = shallowRef(0)
  const asServer = shallowRef(isOnServerOrHydrates())
  const current = computed(source)
  const changed = (): void => void changes.value++
  let last: Outcome<T> | undefined

  whileActive(() => {
    const stop = watch(current, (now, _before, onCleanup) => onCleanup(now.subscribe(changed)), {
      immediate: true,
      flush: 'sync',
    })
    asServer.value = false
    // Nobody listened until now.
    changed()
    return stop
  })

  const outcome = computed(() => {
    void changes.value
    const now = current.value
    last = attempt(asServer.value ? now.getServer : now.get, last)
    return last
  })
  return outcomeRef(outcome)
}

/** The outcome of `run`; `last` when it is the same, so that nobody renders for it. */
function attempt<T>(run: () => T, last: Outcome<T> | undefined): Outcome<T> {
  try {
    const value = run()
    return last?.ok === true && Object.is(last.value, value) ? last : { ok: true, value }
  } catch (error) {
    return last?.ok === false && last.error === error ? last : { ok: false, error }
  }
}

/** A component that hydrates has an element before it has rendered. */
function isOnServerOrHydrates(): boolean {
  const instance = getCurrentInstance()
  return instance !== null && (typeof document === 'undefined' || instance.vnode.el !== null)
}
