import { RivuletError } from '@rivulet/client'
import { customRef, type Ref } from 'vue'

/** A value, or why there is none. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown }

/**
 * A ref that gives the value of an outcome, or throws its error to whoever reads it. A computed that throws does so where Vue looks whether it has changed, which is nobody's render: no component could
 * handle it.
 */
export function outcomeRef<T>(outcome: Readonly<Ref<Outcome<T>>>): Readonly<Ref<T>> {
  return customRef<T>(() => ({
    get() {
      const now = outcome.value
      if (!now.ok) throw now.error
      return now.value
    },
    set() {
      throw new RivuletError('config', 'a store cannot be changed through what reads it', {
        hint: 'The host owns it: ask for the change with a call, useRpc(…).',
      })
    },
  }))
}
