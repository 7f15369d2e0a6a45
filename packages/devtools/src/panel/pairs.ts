import { h } from './h.ts'

/**
 * A list of names and values.
 *
 * @example
 * root.append(pairs([['Host', url], ['State', 'connected']]))
 */
export function pairs(items: readonly (readonly [name: string, value: Node | string])[]): HTMLElement {
  return h('dl', { class: 'rv-pairs' }, ...items.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]))
}
