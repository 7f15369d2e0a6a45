import type { PanelTransport } from '../protocol.ts'
import type { LateParts } from './late-parts.ts'
import { readSettings, type Theme } from './settings.ts'
import { createShell, type Shell } from './shell.ts'
import { shellCss } from './shell.css.ts'
import { themeCss } from './theme.css.ts'
import { treeCss } from './tree.ts'
import type { View } from './view.ts'
import { createViews } from './views/index.ts'

/** The panel as an element; fills what it stands in. Attribute `theme`: `dark`, `light` or `auto` (default: what was picked last, else the system's). */
export interface PanelElement extends HTMLElement {
  /** The line to the agent. Set another to look at another page; undefined ends what the panel asked for. */
  transport: PanelTransport | undefined
}

const NAME = 'rivulet-devtools'

/**
 * Registers `<rivulet-devtools>`; does nothing where it is registered already, also by another copy of the package.
 *
 * Nothing is built before the element stands in a document, and everything ends soon after it was taken out.
 *
 * @example
 * definePanel(lateParts)
 * const panel = document.createElement('rivulet-devtools') as PanelElement
 * panel.transport = portTransport(port)
 * document.body.append(panel)
 */
export function definePanel(late: LateParts): void {
  if (customElements.get(NAME) === undefined) customElements.define(NAME, panelClass(createViews(late)))
}

/** One sheet for all panels of the page; a sheet belongs to its document. */
let sheet: CSSStyleSheet | undefined

// A function, because servers have no HTMLElement to extend.
function panelClass(views: readonly [View, ...View[]]): CustomElementConstructor {
  return class extends HTMLElement implements PanelElement {
    static readonly observedAttributes = ['theme']
    #shell: Shell | undefined
    #transport: PanelTransport | undefined
    readonly #light = matchMedia('(prefers-color-scheme: light)')
    readonly #drawTheme = (): void => {
      const theme = this.#theme()
      this.dataset['theme'] = theme === 'auto' ? (this.#light.matches ? 'light' : 'dark') : theme
    }

    get transport(): PanelTransport | undefined {
      return this.#transport
    }

    set transport(next: PanelTransport | undefined) {
      if (next === this.#transport) return
      this.#transport = next
      this.#shell?.connect(next)
    }

    connectedCallback(): void {
      this.#light.addEventListener('change', this.#drawTheme)
      this.#drawTheme()
      // Moved within the page: everything stays.
      if (this.#shell !== undefined) return
      const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' })
      sheet ??= styles(views)
      root.adoptedStyleSheets = [sheet]
      this.#shell = createShell(views, this.#theme(), (theme) => this.setAttribute('theme', theme))
      root.append(this.#shell.element)
      if (this.#transport !== undefined) this.#shell.connect(this.#transport)
    }

    disconnectedCallback(): void {
      this.#light.removeEventListener('change', this.#drawTheme)
      // Whoever moves an element takes it out first.
      queueMicrotask(() => {
        if (this.isConnected) return
        this.#shell?.destroy()
        this.#shell = undefined
        this.#transport = undefined
        this.shadowRoot?.replaceChildren()
      })
    }

    attributeChangedCallback(): void {
      if (this.isConnected) this.#drawTheme()
    }

    #theme(): Theme {
      const theme = this.getAttribute('theme') ?? readSettings().theme
      return theme === 'dark' || theme === 'light' ? theme : 'auto'
    }
  }
}

/** A constructed sheet: a policy of `style-src 'self'` refuses style elements, not these. */
function styles(views: readonly View[]): CSSStyleSheet {
  const made = new CSSStyleSheet()
  made.replaceSync([themeCss, shellCss, treeCss, ...views.map(({ css }) => css)].join(''))
  return made
}
