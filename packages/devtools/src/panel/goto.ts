import { h } from './h.ts'
import type { GotoTarget } from './view.ts'

/** Asks the panel around `from` to show something in another view: the `rv-goto` event, which bubbles to it. */
export function goTo(from: HTMLElement, target: GotoTarget): void {
  from.dispatchEvent(new CustomEvent('rv-goto', { detail: target, bubbles: true, composed: true }))
}

/**
 * A link into another view.
 *
 * @example
 * gotoLink('#12', { view: 'wire', seq: 12 })
 */
export function gotoLink(label: string, target: GotoTarget, title?: string): HTMLButtonElement {
  const link = h('button', { class: 'rv-link', title, onclick: () => goTo(link, target) }, label)
  return link
}
