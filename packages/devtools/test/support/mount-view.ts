import { onTestFinished } from 'vitest'
import type { ClientModel } from '../../src/panel/client-model.ts'
import { themeCss } from '../../src/panel/theme.css.ts'
import type { MountedView, View } from '../../src/panel/view.ts'

/** A view on the page, as the panel would have it, until the test ends. */
export interface OnPage {
  readonly root: HTMLElement
  readonly view: MountedView
  /** The element, by selector; throws without one. */
  find(selector: string): HTMLElement
  all(selector: string): readonly HTMLElement[]
  /** The button with this text. */
  button(label: string): HTMLButtonElement
}

/** Mounts a view into a shadow root with the panel's theme. */
export function mountView(view: View, model: ClientModel, theme: 'dark' | 'light' = 'dark'): OnPage {
  const host = document.createElement('div')
  host.dataset['theme'] = theme
  host.style.cssText = 'position:fixed;inset:0'
  const shadow = host.attachShadow({ mode: 'open' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(themeCss + view.css)
  shadow.adoptedStyleSheets = [sheet]
  const root = document.createElement('div')
  root.style.cssText = 'position:absolute;inset:0;display:flex;flex-direction:column'
  shadow.append(root)
  document.body.append(host)
  const mounted = view.mount(root, model)
  onTestFinished(() => {
    mounted.destroy()
    host.remove()
  })
  const find = (selector: string): HTMLElement => {
    const element = root.querySelector<HTMLElement>(selector)
    if (element === null) throw new Error(`no ${selector} in ${root.innerHTML.slice(0, 2000)}`)
    return element
  }
  return {
    root,
    view: mounted,
    find,
    all: (selector) => [...root.querySelectorAll<HTMLElement>(selector)],
    button(label) {
      const found = [...root.querySelectorAll('button')].find((button) => button.textContent?.includes(label))
      if (found === undefined) throw new Error(`no button "${label}"`)
      return found
    },
  }
}

/** The rows of a list that are shown, as text. */
export function rowsOf(page: OnPage, label: string): readonly string[] {
  return page
    .all(`[aria-label="${label}"] .rv-row:not([hidden])`)
    .map((row) => [...row.children].map((cell) => cell.textContent).join('|'))
}

/** Types into a field, as a person does. */
export function type(field: HTMLElement, value: string): void {
  ;(field as HTMLInputElement | HTMLTextAreaElement).value = value
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

/** Chooses in a select. */
export function choose(field: HTMLElement, value: string): void {
  ;(field as HTMLSelectElement).value = value
  field.dispatchEvent(new Event('change', { bubbles: true }))
}
