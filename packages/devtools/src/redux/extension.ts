/**
 * The Redux DevTools extension as a page sees it: only what the bridge uses. It posts everything to its panel as text.
 */
export interface ReduxExtension {
  connect(config: {
    readonly name: string
    readonly instanceId: string
    /** Buttons of its panel; those left out are off. */
    readonly features: Readonly<Record<string, boolean | string>>
  }): ReduxConnection
}

/** One entry of its instance menu. */
export interface ReduxConnection {
  init(state: unknown): void
  /** Without an action `state` is a whole lifted history. */
  send(action: { readonly type: string; readonly [more: string]: unknown } | null, state: unknown): void
  subscribe(listener: (message: ReduxMessage) => void): (() => void) | undefined
  unsubscribe(): void
  /** Shown in its panel. */
  error(message: string): void
}

/** What its panel tells: `START` somebody looks, `STOP` nobody does any more, `DISPATCH` a button was pressed. */
export interface ReduxMessage {
  readonly type: string
  readonly payload?: {
    readonly type?: string
    /** Of `PAUSE_RECORDING`. */
    readonly status?: boolean
    /** Of `IMPORT_STATE`. */
    readonly nextLiftedState?: {
      readonly computedStates: readonly { readonly state: unknown }[]
      readonly currentStateIndex?: number
    }
  }
  /** The state that a jump or a rollback leads to, as text. */
  readonly state?: string
}

/** Where a page finds it. */
export const REDUX_EXTENSION = '__REDUX_DEVTOOLS_EXTENSION__'

/** The extension of this page, if there is one. */
export function reduxExtension(): ReduxExtension | undefined {
  return (globalThis as { readonly [REDUX_EXTENSION]?: ReduxExtension })[REDUX_EXTENSION]
}
