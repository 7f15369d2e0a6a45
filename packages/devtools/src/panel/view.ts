import type { ClientModel } from './client-model.ts'

/** Where a link leads: the detail of an `rv-goto` event, which bubbles out of the view it is in. */
export interface GotoTarget {
  readonly view: View['id']
  /** Number of an entry. */
  readonly seq?: number
  /** A path as the attribution of bytes has it. */
  readonly path?: string
}

/** A view as it stands in the panel, for one client. */
export interface MountedView {
  /** Shows what a link of another view leads to. */
  goto?(target: GotoTarget): void
  /** Something in the model changed: called in an animation frame, some twelve times a second while much passes, less often when it takes long, and only while the view is visible. */
  update(): void
  /** Ends timers, listeners and whatever it asked of the engine. Its elements are removed by the panel. */
  destroy(): void
}

/** One tab of the panel. */
export interface View {
  /** In the panel's address and in tests. */
  readonly id: 'stores' | 'wire' | 'renders' | 'calls' | 'session' | 'time'
  readonly title: string
  /** Builds the view into `root`, which is empty and fills the panel's body. */
  mount(root: HTMLElement, model: ClientModel): MountedView
  /** CSS of the view, for the panel's shadow root. Colours, sizes and fonts are the variables of theme.css.ts. */
  readonly css: string
}
