import { h } from '../../h.ts'
import { describeStretches, STATE_CLASS, type Stretch } from './session-log.ts'

/** A strip of the connection's states over time. */
export interface Timeline {
  readonly element: HTMLCanvasElement
  /** `marks` are moments at which something went wrong. */
  draw(found: readonly Stretch[], marks: readonly number[]): void
}

const HEIGHT = 28

/** Makes the strip, as wide as what it stands in. */
export function createTimeline(): Timeline {
  const element = h('canvas', { class: 'rv-timeline', role: 'img' })
  return {
    element,
    draw(found, marks) {
      const from = found[0]?.from ?? 0
      const to = found.at(-1)?.to ?? 0
      element.ariaLabel = `Connection: ${describeStretches(found) || 'nothing yet'}`
      const scale = globalThis.devicePixelRatio || 1
      const width = element.clientWidth
      element.width = Math.round(width * scale)
      element.height = Math.round(HEIGHT * scale)
      const pen = element.getContext('2d')
      if (pen === null || to <= from) return
      const styles = getComputedStyle(element)
      const color = (name: string): string => styles.getPropertyValue(`--${name}`).trim()
      const x = (at: number): number => ((at - from) / (to - from)) * width
      pen.scale(scale, scale)
      for (const { state, from: start, to: end } of found) {
        pen.fillStyle = color(STATE_CLASS[state] ?? 'dim')
        pen.fillRect(x(start), 6, Math.max(1, x(end) - x(start)), HEIGHT - 12)
      }
      pen.fillStyle = color('bad')
      for (const at of marks) if (at >= from) pen.fillRect(x(at) - 1, 0, 2, HEIGHT)
    },
  }
}
