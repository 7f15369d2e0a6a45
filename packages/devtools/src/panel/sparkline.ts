import { h } from './h.ts'

/** A small graph of the newest values. */
export interface Sparkline {
  readonly element: HTMLCanvasElement
  /** Draws these values, oldest first; the newest is at the right edge. `max` is the top of the graph, else the largest value. */
  draw(values: ArrayLike<number>, max?: number): void
}

/**
 * Makes a graph on a canvas, in a colour of the theme; it looks the colour up with each drawing, so a change of the theme shows at the next.
 *
 * @example
 * const graph = createSparkline({ label: 'bytes in per second', color: '--in' })
 * graph.draw([1, 5, 3])
 */
export function createSparkline(options: {
  /** For screen readers; the newest value is added. */
  readonly label: string
  /** A variable of theme.css.ts. */
  readonly color: string
  readonly width?: number
  readonly height?: number
  /** The newest value as text. */
  readonly format?: (value: number) => string
}): Sparkline {
  const { label, color, width = 120, height = 24, format = String } = options
  const element = h('canvas', { class: 'rv-spark', role: 'img', 'aria-label': label })
  element.style.width = `${width}px`
  element.style.height = `${height}px`
  return {
    element,
    draw(values, max) {
      const scale = globalThis.devicePixelRatio || 1
      // Setting the size also wipes what was there.
      element.width = Math.round(width * scale)
      element.height = Math.round(height * scale)
      const count = values.length
      element.ariaLabel = count === 0 ? label : `${label}: ${format(values[count - 1] as number)}`
      const pen = element.getContext('2d')
      if (pen === null || count === 0) return
      let top = max ?? 0
      if (max === undefined) for (let i = 0; i < count; i++) top = Math.max(top, values[i] as number)
      const step = width / Math.max(1, count - 1)
      pen.scale(scale, scale)
      pen.beginPath()
      for (let i = 0; i < count; i++) {
        const share = top > 0 ? Math.min(1, (values[i] as number) / top) : 0
        pen.lineTo(count === 1 ? 0 : i * step, height - 1 - share * (height - 2))
      }
      if (count === 1) pen.lineTo(width, height - 1 - (top > 0 ? height - 2 : 0))
      pen.strokeStyle = pen.fillStyle = getComputedStyle(element).getPropertyValue(color).trim() || '#888'
      pen.lineWidth = 1.25
      pen.stroke()
      pen.lineTo(width, height)
      pen.lineTo(0, height)
      pen.globalAlpha = 0.18
      pen.fill()
    },
  }
}
