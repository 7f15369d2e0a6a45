import { h } from './h.ts'
import type { GotoTarget } from './view.ts'

/**
 * A link into another view: sends the `rv-goto` event, which bubbles to the panel.
 *
 * @example
 * gotoLink('#12', { view: 'wire', seq: 12 })
 */
export function gotoLink(label: string, target: GotoTarget): HTMLButtonElement {
  const link = h(
    'button',
    {
      class: 'rv-link',
      onclick: () => link.dispatchEvent(new CustomEvent('rv-goto', { detail: target, bubbles: true, composed: true })),
    },
    label,
  )
  return link
}
