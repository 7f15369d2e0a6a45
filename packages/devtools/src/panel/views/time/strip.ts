import { h } from '../../h.ts'
import type { Moment } from './moments.ts'

/** The moments drawn along their times: a lane per store, as dense as it was busy, and a line for each mark. */
export interface Strip {
  readonly element: HTMLElement
  /** Other moments. Works through all of them. */
  show(moments: readonly Moment[]): void
  /** Where the reader is, and the other moment of a comparison. */
  draw(now: number | undefined, marked: number | undefined): void
  destroy(): void
}

const LANES = 6
const LANE = 13
/** Room for names. */
const LEFT = 96

interface Lane {
  readonly name: string
  /** Updates per column. */
  readonly columns: Uint32Array
  busiest: number
}

/** Makes a strip; `chosen` hears of times that somebody points at. */
export function createStrip(chosen: (at: number) => void): Strip {
  const canvas = h('canvas', { role: 'img', 'aria-label': 'Updates over time' })
  // The lines move all the time, the rest stays: they are elements of their own.
  const lines = ['--fg', '--out'].map((name) => {
    const line = h('div', { class: 'rv-line', 'aria-hidden': 'true' })
    line.style.background = `var(${name})`
    return line
  })
  const element = h('div', { class: 'rv-strip' }, canvas, ...lines)
  let moments: readonly Moment[] = []
  let lanes: readonly Lane[] = []
  let marks: readonly { readonly column: number; readonly kind: Moment['kind'] }[] = []
  let at: readonly [now: number | undefined, marked: number | undefined] = [undefined, undefined]
  let width = 0

  const begin = (): number => moments[0]?.at ?? 0
  const span = (): number => Math.max(1, (moments.at(-1)?.at ?? 0) - begin())
  const columnOf = (time: number): number => Math.round(((time - begin()) / span()) * (width - LEFT - 1))

  const layOut = (): void => {
    width = Math.max(LEFT + 10, Math.floor(element.clientWidth))
    const counts = new Map<string, number>()
    for (const { kind, store = '' } of moments) if (kind === 'update') counts.set(store, (counts.get(store) ?? 0) + 1)
    const names = [...counts].toSorted((a, b) => b[1] - a[1]).map(([name]) => name)
    const shown = names.length > LANES ? [...names.slice(0, LANES - 1), 'others'] : names
    lanes = shown.map((name) => ({ name, columns: new Uint32Array(width - LEFT), busiest: 1 }))
    const laneOf = new Map(lanes.map((lane) => [lane.name, lane]))
    const found: { column: number; kind: Moment['kind'] }[] = []
    for (const { kind, store = '', at: time } of moments) {
      const column = columnOf(time)
      const lane = laneOf.get(store) ?? lanes.at(-1)
      if (kind !== 'update') found.push({ column, kind })
      else if (lane !== undefined) {
        const count = (lane.columns[column] ?? 0) + 1
        lane.columns[column] = count
        if (count > lane.busiest) lane.busiest = count
      }
    }
    // One line per column and kind: thousands of reconnects are one.
    marks = [...new Map(found.map((mark) => [`${mark.kind} ${mark.column}`, mark])).values()]
  }

  const paint = (): void => {
    const height = Math.max(1, lanes.length) * LANE + 4
    const scale = globalThis.devicePixelRatio || 1
    canvas.width = Math.round(width * scale)
    canvas.height = Math.round(height * scale)
    canvas.style.width = `${width}px`
    canvas.style.height = `${height}px`
    const pen = canvas.getContext('2d')
    if (pen === null) return
    const style = getComputedStyle(canvas)
    const color = (name: string): string => style.getPropertyValue(name).trim() || '#888'
    pen.scale(scale, scale)
    pen.font = `10px ${style.fontFamily}`
    pen.textBaseline = 'middle'
    for (const [i, { name, columns, busiest }] of lanes.entries()) {
      const top = 2 + i * LANE
      pen.globalAlpha = 1
      pen.fillStyle = color('--dim')
      pen.fillText(name.length > 16 ? `${name.slice(0, 15)}…` : name, 2, top + LANE / 2, LEFT - 6)
      pen.fillStyle = color('--in')
      for (let x = 0; x < columns.length; x++) {
        const count = columns[x] as number
        if (count === 0) continue
        pen.globalAlpha = 0.35 + 0.65 * (count / busiest)
        pen.fillRect(LEFT + x, top + 1, 1, LANE - 2)
      }
    }
    pen.globalAlpha = 1
    for (const { column, kind } of marks) {
      pen.fillStyle = color(kind === 'resync' ? '--bad' : '--warn')
      pen.fillRect(LEFT + column, 0, 1, height)
    }
    place()
  }

  const place = (): void => {
    for (const [i, line] of lines.entries()) {
      const time = at[i]
      line.hidden = time === undefined
      if (time !== undefined) line.style.transform = `translateX(${LEFT + columnOf(time)}px)`
    }
  }

  const point = (event: PointerEvent): void => {
    if (event.buttons !== 1 || moments.length === 0) return
    const x = event.clientX - canvas.getBoundingClientRect().left - LEFT
    const share = Math.min(1, Math.max(0, x / (width - LEFT - 1)))
    chosen(begin() + share * span())
  }
  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId)
    point(event)
  })
  canvas.addEventListener('pointermove', point)
  let scheduled = 0
  const resized = new ResizeObserver(() => {
    if (Math.floor(element.clientWidth) === width) return
    // Not here: the canvas is as wide as the strip, and would be its own cause.
    scheduled ||= requestAnimationFrame(() => {
      scheduled = 0
      layOut()
      paint()
    })
  })
  resized.observe(element)

  return {
    element,
    show(next) {
      moments = next
      layOut()
      paint()
    },
    draw(now, marked) {
      at = [now, marked]
      place()
    },
    destroy() {
      cancelAnimationFrame(scheduled)
      resized.disconnect()
    },
  }
}
