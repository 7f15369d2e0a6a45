import type { ReduxExtension, ReduxMessage } from '../../src/redux/extension.ts'

/** One instance, as the extension's panel shows it. */
export interface ReduxInstance {
  readonly name: string
  readonly id: string
  /** Types of the actions since it began or was committed; the first is the extension's own. */
  readonly actions: string[]
  /** The state after each, as text. */
  readonly states: string[]
  /** How often states were turned into text. */
  serialised: number
  readonly errors: string[]
  gone: boolean
  /** A button of the panel. */
  press(message: ReduxMessage): void
}

/**
 * The Redux DevTools extension as a page meets it (there is no package of the real one to test with): everything crosses as text, instances hear `START` when its panel opens, or when they come while it is
 * open, and `STOP` when it closes; `IMPORT_STATE` has its states parsed, the others have `state` as text.
 */
export interface FakeReduxExtension {
  readonly extension: ReduxExtension
  readonly instances: readonly ReduxInstance[]
  open(): void
  close(): void
}

export function createFakeReduxExtension(): FakeReduxExtension {
  const instances: (ReduxInstance & { readonly listeners: Set<(message: ReduxMessage) => void> })[] = []
  let isOpen = false
  const tellAll = (type: string): void => {
    for (const { listeners } of instances) for (const listener of listeners) listener({ type })
  }
  return {
    instances,
    open() {
      isOpen = true
      tellAll('START')
    },
    close() {
      isOpen = false
      tellAll('STOP')
    },
    extension: {
      connect({ name, instanceId }) {
        const listeners = new Set<(message: ReduxMessage) => void>()
        let paused = false
        const instance = {
          name,
          id: instanceId,
          actions: [] as string[],
          states: [] as string[],
          errors: [] as string[],
          serialised: 0,
          gone: false,
          listeners,
          press(message: ReduxMessage) {
            if (message.payload?.type === 'PAUSE_RECORDING') paused = message.payload.status === true
            for (const listener of listeners) listener(message)
          },
        }
        const textOf = (state: unknown): string => {
          instance.serialised++
          // Throws for a bigint, as the extension would.
          return JSON.stringify(state)
        }
        instances.push(instance)
        if (isOpen) queueMicrotask(() => listeners.forEach((listener) => listener({ type: 'START' })))
        return {
          init(state) {
            instance.actions.splice(0, Infinity, '@@INIT')
            instance.states.splice(0, Infinity, textOf(state))
          },
          send(action, state) {
            if (paused) return
            if (action === null) {
              const { computedStates } = state as { computedStates: readonly { state: unknown }[] }
              instance.actions.splice(0, Infinity, ...computedStates.map((_, i) => `imported ${i}`))
              instance.states.splice(0, Infinity, ...computedStates.map((one) => textOf(one.state)))
              return
            }
            instance.actions.push(action.type)
            instance.states.push(textOf(state))
          },
          subscribe(listener) {
            listeners.add(listener)
            return () => listeners.delete(listener)
          },
          unsubscribe() {
            instance.gone = true
          },
          error: (message) => void instance.errors.push(message),
        }
      },
    },
  }
}
