import { h } from '../panel/h.ts'
import type { Corner } from './options.ts'

/** The button in a corner. */
export interface Launcher {
  readonly element: HTMLButtonElement
  move(corner: Corner): void
}

const SVG = 'http://www.w3.org/2000/svg'

function waves(): SVGElement {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('aria-hidden', 'true')
  const path = document.createElementNS(SVG, 'path')
  path.setAttribute('d', 'M2 8q5-6 10 0t10 0M2 16q5-6 10 0t10 0')
  svg.append(path)
  return svg
}

/** Less than this, in pixels, is a click whose hand shook. */
const DRAG = 6

/** Makes the button. It can be dragged to any corner; `moved` hears of it. */
export function createLauncher(label: string, opened: () => void, moved: (corner: Corner) => void): Launcher {
  let from: { readonly x: number; readonly y: number } | undefined
  let dragged = false
  const element = h('button', { class: 'open', type: 'button', title: label, 'aria-label': 'Open Rivulet devtools' })
  element.append(waves())

  const move = (corner: Corner): void => {
    element.dataset['corner'] = corner
  }
  const release = (): void => {
    from = undefined
    element.style.translate = ''
  }
  element.addEventListener('pointerdown', ({ clientX: x, clientY: y, pointerId }) => {
    from = { x, y }
    dragged = false
    element.setPointerCapture(pointerId)
  })
  element.addEventListener('pointermove', ({ clientX, clientY }) => {
    if (from === undefined) return
    const [x, y] = [clientX - from.x, clientY - from.y]
    dragged ||= Math.hypot(x, y) >= DRAG
    if (dragged) element.style.translate = `${x}px ${y}px`
  })
  element.addEventListener('pointerup', ({ clientX, clientY }) => {
    if (from === undefined) return
    release()
    if (!dragged) return
    const corner: Corner = `${clientY < innerHeight / 2 ? 'top' : 'bottom'}-${clientX < innerWidth / 2 ? 'left' : 'right'}`
    move(corner)
    moved(corner)
  })
  element.addEventListener('pointercancel', release)
  element.addEventListener('click', () => {
    // The click that ends a drag is not one.
    if (!dragged) opened()
    dragged = false
  })
  return { element, move }
}
