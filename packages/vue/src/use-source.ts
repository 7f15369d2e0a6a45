import { computed, type ComputedRef, getCurrentInstance, shallowRef, watch } from 'vue'
import { whileActive } from './while-active.ts'

/** Something to follow. */
export interface Source<T> {
  readonly subscribe: (listener: () => void) => () => void
  readonly get: () => T
  /** What a server renders, and a page while it hydrates: the same whatever has arrived. */
  readonly getServer: () => T
}

/** What a source says, as a ref. `source` is asked again when something reactive that it reads has changed; it is followed while the component is active. */
export function useSource<T>(source: () => Source<T>): ComputedRef<T> {
  const changes = shallowRef(0)
  const asServer = shallowRef(isOnServerOrHydrates())
  const current = computed(source)
  const changed = (): void => void changes.value++

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

  return computed(() => {
    const now = current.value
    return changes.value === 0 && asServer.value ? now.getServer() : now.get()
  })
}

/** A component that hydrates has an element before it has rendered. */
function isOnServerOrHydrates(): boolean {
  const instance = getCurrentInstance()
  return instance !== null && (typeof document === 'undefined' || instance.vnode.el !== null)
}
