type Child = Node | string | number | null | undefined | false

type PropValue = string | number | boolean | null | undefined | ((event: never) => void)

/** Properties of an element: `on…` are listeners, `data-…`, `aria-…` and `role` attributes, the rest properties of the same name. */
export type Props = Readonly<Record<string, PropValue>>

/**
 * Makes an element. Text is always text: nothing that came over the wire is ever read as markup.
 *
 * @example
 * h('button', { class: 'quiet', onclick: pause, 'aria-pressed': 'false' }, 'Pause')
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) set(element, name, value)
  append(element, children)
  return element
}

function set(element: HTMLElement, name: string, value: PropValue): void {
  if (value === undefined || value === null || value === false) return
  if (typeof value === 'function') element.addEventListener(name.slice(2), value as EventListener)
  else if (name === 'class') element.className = String(value)
  else if (name === 'style') element.style.cssText = String(value)
  else if (name in element && !/^(aria-|data-|role$|list$|form$)/.test(name)) Reflect.set(element, name, value)
  else element.setAttribute(name, value === true ? '' : String(value))
}

/** Puts children at the end of an element; what is false, null or undefined is left out. */
function append(parent: Node, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue
    parent.appendChild(typeof child === 'object' ? child : document.createTextNode(String(child)))
  }
}

/** Replaces everything in `parent`. */
export function fill(parent: Element, ...children: readonly Child[]): void {
  parent.replaceChildren()
  append(parent, children)
}

/** Sets the text, unless it is the same: the panel updates often, and most of it stays. */
export function text(node: Node, value: string): void {
  if (node.textContent !== value) node.textContent = value
}

/** What an error says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
