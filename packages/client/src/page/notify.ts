/** Reports an error of application code as uncaught, without stopping the caller. */
export function rethrowLater(error: unknown): void {
  if (typeof reportError === 'function') reportError(error)
  else {
    queueMicrotask(() => {
      throw error
    })
  }
}

/** One registered listener. Two registrations of the same function are two records. */
export interface Registration {
  readonly listener: () => void
  active: boolean
}

/** Adds a listener to `set`; returns the function that removes it. `onGone` runs after the removal, once. */
export function register(set: Set<Registration>, listener: () => void, onGone?: () => void): () => void {
  const registration: Registration = { listener, active: true }
  set.add(registration)
  return () => {
    if (!registration.active) return
    registration.active = false
    set.delete(registration)
    onGone?.()
  }
}

/**
 * Calls the listeners of these registrations, each function once, skipping those that an earlier one removed. All of them, whatever the others do: an error is thrown
 * again in a task of its own, where `window.onerror` and test runners see it. A broken listener is the app's problem, and only that listener's.
 */
export function notify(registrations: Iterable<Registration>): void {
  const called = new Set<() => void>()
  for (const { active, listener } of registrations) {
    if (!active || called.has(listener)) continue
    called.add(listener)
    try {
      listener()
    } catch (error) {
      rethrowLater(error)
    }
  }
}
