import { h } from '../../h.ts'

const known = new WeakMap<HTMLElement, readonly HTMLElement[]>()

/** The cells of a row, made the first time, one for each class: rows are used again for others. */
export function cellsOf(row: HTMLElement, classes: readonly string[]): readonly HTMLElement[] {
  let cells = known.get(row)
  if (cells === undefined) {
    known.set(row, (cells = classes.map((name) => h('span', { class: name }))))
    row.append(...cells)
  }
  return cells
}

/** A select with these choices, `''` first as `all`; {@link Choice.offer} adds one that it does not have yet. */
export interface Choice {
  readonly element: HTMLSelectElement
  offer(value: string): void
}

/** Makes a {@link Choice}. At most 200 are offered: names come from the host. */
export function createChoice(label: string, all: string, changed: (value: string) => void): Choice {
  const element = h('select', { 'aria-label': label }, h('option', { value: '' }, all))
  element.addEventListener('change', () => changed(element.value))
  const offered = new Set([''])
  return {
    element,
    offer(value) {
      if (offered.has(value) || offered.size > 200) return
      offered.add(value)
      element.append(h('option', { value }, value))
    },
  }
}

/** A search field; `changed` hears the text in lower case. */
export function createSearch(label: string, changed: (text: string) => void): HTMLInputElement {
  const element = h('input', { type: 'search', placeholder: label, 'aria-label': label })
  element.addEventListener('input', () => changed(element.value.trim().toLowerCase()))
  return element
}
