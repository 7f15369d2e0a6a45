import { fill, h } from '../panel/h.ts'
import type { Edge } from './options.ts'

/** The part of the window that the panel takes. */
export interface Dock {
  readonly element: HTMLElement
  /** Where the panel goes. */
  readonly body: HTMLElement
  /** Puts it at an edge, at a size in pixels. */
  place(edge: Edge, size: number): void
}

/** What the developer does with it. */
export interface DockEvents {
  readonly closed: () => void
  readonly placed: (edge: Edge, size: number) => void
  /** The other edge is asked for. */
  readonly turned: (edge: Edge) => void
}

const SMALLEST = 120
const STEP = 24

/** Makes the dock: a grip that is dragged or moved by arrow keys, the edge's button, and the button that closes. */
export function createDock(events: DockEvents): Dock {
  let edge: Edge = 'bottom'
  let size = 0
  let dragging = false
  const body = h('div', { class: 'body' })
  const grip = h('div', { class: 'grip', role: 'separator', tabIndex: 0, 'aria-label': 'Size of the devtools' })
  const turn = h('button', { type: 'button', onclick: () => events.turned(edge === 'bottom' ? 'right' : 'bottom') })
  const close = h(
    'button',
    { type: 'button', 'aria-label': 'Close', title: 'Close (Esc)', onclick: events.closed },
    '✕',
  )
  const head = h('div', { class: 'head' }, h('b', {}, 'Rivulet'), turn, close)
  // Not a dialog: the page beside it goes on and can be used.
  const element = h('section', { class: 'dock', tabIndex: -1, 'aria-label': 'Rivulet devtools' })
  fill(element, grip, head, body)

  const most = (): number => Math.max(SMALLEST, edge === 'bottom' ? innerHeight : innerWidth)
  const place = (nextEdge: Edge, nextSize: number): void => {
    edge = nextEdge
    size = Math.round(Math.max(SMALLEST, Math.min(nextSize, most())))
    element.dataset['edge'] = edge
    element.style.height = edge === 'bottom' ? `${size}px` : ''
    element.style.width = edge === 'right' ? `${size}px` : ''
    grip.setAttribute('aria-orientation', edge === 'bottom' ? 'horizontal' : 'vertical')
    grip.setAttribute('aria-valuemin', String(SMALLEST))
    grip.setAttribute('aria-valuemax', String(most()))
    grip.setAttribute('aria-valuenow', String(size))
    const other = edge === 'bottom' ? 'right' : 'bottom'
    turn.textContent = `Dock ${other}`
  }
  const resize = (to: number): void => {
    place(edge, to)
    events.placed(edge, size)
  }

  grip.addEventListener('pointerdown', (event) => {
    event.preventDefault()
    dragging = true
    grip.setPointerCapture(event.pointerId)
    grip.focus()
  })
  grip.addEventListener('pointermove', ({ clientX, clientY }) => {
    if (dragging) place(edge, edge === 'bottom' ? innerHeight - clientY : innerWidth - clientX)
  })
  const release = (): void => {
    if (dragging) events.placed(edge, size)
    dragging = false
  }
  grip.addEventListener('pointerup', release)
  grip.addEventListener('pointercancel', release)
  grip.addEventListener('keydown', (event) => {
    const [more, less] = edge === 'bottom' ? ['ArrowUp', 'ArrowDown'] : ['ArrowLeft', 'ArrowRight']
    const to = { [more]: size + STEP, [less]: size - STEP, Home: SMALLEST, End: most() }[event.key]
    if (to === undefined) return
    event.preventDefault()
    resize(to)
  })
  return { element, body, place }
}
