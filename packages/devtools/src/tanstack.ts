import { openPanel, type LocalPanel } from './open-panel.ts'
import { fill } from './panel/h.ts'

/** What TanStack Devtools tell a plugin. */
interface PluginProps {
  readonly theme?: 'dark' | 'light'
}

/** A plugin, as TanStack Devtools 0.15 take it. */
export interface RivuletDevtoolsPlugin {
  readonly id: string
  readonly name: string
  readonly defaultOpen?: boolean
  /** Shows the panel in `element`, or only changes its colours when it is there already. */
  render(element: HTMLElement, props?: PluginProps): void
  /** Ends it. */
  destroy(id: string): void
}

/**
 * The panel as a plugin of TanStack Devtools, whose button, place and size it then has. Nothing is loaded until its tab is opened; this entry does not import TanStack's package.
 *
 * @example
 * <TanStackDevtools plugins={[rivuletDevtoolsPlugin()]} />
 */
export function rivuletDevtoolsPlugin(
  options: {
    /** `true`: open when no other plugin is. */
    readonly defaultOpen?: boolean
  } = {},
): RivuletDevtoolsPlugin {
  let shown: { readonly root: HTMLElement; readonly panel: Promise<LocalPanel> } | undefined
  let theme = 'dark'

  const end = (): void => {
    // One that could not be loaded has said so where it would be, and has nothing to end.
    void shown?.panel.then(
      (opened) => opened.close(),
      () => {},
    )
    shown = undefined
  }
  const fit = ({ element }: LocalPanel): void => {
    element.setAttribute('theme', theme)
    element.style.height = '100%'
  }

  const show = async (mine: NonNullable<typeof shown>): Promise<void> => {
    try {
      const opened = await mine.panel
      if (shown !== mine) return
      fit(opened)
      fill(mine.root, opened.element)
    } catch (error) {
      if (shown !== mine) return
      shown = undefined
      const why = error instanceof Error ? error.message : String(error)
      fill(mine.root, `The Rivulet devtools could not be loaded: ${why}`)
    }
  }

  return {
    id: 'rivulet',
    name: 'Rivulet',
    ...(options.defaultOpen === undefined ? {} : { defaultOpen: options.defaultOpen }),
    render(root, props) {
      theme = props?.theme ?? 'dark'
      // Called again with every change of theme, and with another element after the tab was closed and opened.
      if (shown?.root === root) {
        void shown.panel.then(fit, () => {})
        return
      }
      end()
      const mine = (shown = { root, panel: openPanel() })
      void show(mine)
    },
    destroy: end,
  }
}
