import { h, text } from '../../h.ts'
import { createSparkline } from '../../sparkline.ts'

/** A sparkline with its name before and its newest value behind it. */
export interface Graph {
  readonly element: HTMLElement
  draw(values: ArrayLike<number>, now: string): void
}

/** Makes a {@link Graph} in a colour of the theme. */
export function createGraph(label: string, color: string): Graph {
  const spark = createSparkline({ label, color, width: 72, height: 18, format: (value) => String(Math.round(value)) })
  const value = h('span', { class: 'mono num' })
  return {
    element: h('span', { class: 'rv-graph' }, h('span', { class: 'dim' }, label), spark.element, value),
    draw(values, now) {
      spark.draw(values)
      text(value, now)
    },
  }
}
