import { notify, register, type Registration } from './notify.ts'
import type { Readable } from './types.ts'

/** A {@link Readable} with the means to change it. */
export interface Cell<T> extends Readable<T> {
  set(value: T): void
}

/** A value with listeners. */
export function createCell<T>(initial: T): Cell<T> {
  const registrations = new Set<Registration>()
  let value = initial
  return {
    get: () => value,
    subscribe: (listener) => register(registrations, listener),
    set(next) {
      if (Object.is(next, value)) return
      value = next
      notify([...registrations])
    },
  }
}
