import { getCurrentInstance, onActivated, onDeactivated, onMounted, onScopeDispose } from 'vue'

/**
 * Runs `start` while the component is on the page, and what it returned when it leaves: unmounted, or put away by KeepAlive. Never on a server, and not before a Suspense shows it. In an effect scope without a
 * component: at once, until the scope ends.
 */
export function whileActive(start: () => () => void): void {
  let stop: (() => void) | undefined
  const begin = (): void => {
    stop ??= start()
  }
  const end = (): void => {
    stop?.()
    stop = undefined
  }
  onScopeDispose(end)
  if (getCurrentInstance() === null) {
    begin()
    return
  }
  onMounted(begin)
  // Also runs with the first mount inside of KeepAlive; once is enough.
  onActivated(begin)
  onDeactivated(end)
}
