/** Where the button is. */
export type Corner = 'bottom-right' | 'bottom-left' | 'top-right' | 'top-left'

/** Which edge of the window the panel takes. */
export type Edge = 'bottom' | 'right'

/** `auto` follows the system. */
export type Theme = 'auto' | 'dark' | 'light'

/**
 * How the devtools begin. What the developer has chosen since (size, edge, corner) is remembered in the browser and goes before these.
 *
 * @example
 * mountDevtools({ position: 'bottom-left', hotkey: 'Ctrl+Shift+KeyU' })
 */
export interface DevtoolsOptions {
  /** `true` opens the panel, `false` leaves it closed. Absent: as it was left, at first closed. */
  readonly open?: boolean
  /** Corner of the button; `bottom-right` when absent. `none`: there is no button, only the keys. */
  readonly position?: Corner | 'none'
  /** Edge of the panel; `bottom` when absent. */
  readonly dock?: Edge
  /** Keys that open and close the panel, such as `Alt+Shift+KeyR`, which it is when absent: modifiers, then a `KeyboardEvent.code`. `false`: no keys. */
  readonly hotkey?: string | false
  /** Colours. Absent: as the developer has set the panel, at first `auto`. */
  readonly theme?: Theme
}
