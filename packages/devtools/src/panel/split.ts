import { h } from './h.ts'
import { keepSettings, readSettings } from './settings.ts'

const STEP = 0.02
const LEAST = 0.12

/**
 * Puts two parts side by side with a line between them that can be dragged, or moved with the arrow keys (WAI-ARIA window splitter). Where it stands is remembered under `name`.
 *
 * @example
 * root.append(createSplit('stores', 'Width of the list of stores', 0.25, list, body))
 */
export function createSplit(
  name: string,
  label: string,
  share: number,
  left: HTMLElement,
  right: HTMLElement,
): HTMLElement {
  const line = h('div', {
    class: 'rv-splitter',
    role: 'separator',
    tabIndex: 0,
    'aria-orientation': 'vertical',
    'aria-label': label,
  })
  const element = h('div', { class: 'split' }, left, line, right)
  let at = share
  const move = (to: number): void => {
    at = Math.min(1 - LEAST, Math.max(LEAST, Number.isFinite(to) ? to : share))
    left.style.flex = `0 0 ${(at * 100).toFixed(1)}%`
    right.style.flex = '1 1 0'
    line.ariaValueNow = String(Math.round(at * 100))
  }
  const keep = (): void => keepSettings({ splits: { ...readSettings().splits, [name]: at } })
  move(readSettings().splits?.[name] ?? share)
  line.addEventListener('pointerdown', (event) => {
    event.preventDefault()
    line.setPointerCapture(event.pointerId)
  })
  line.addEventListener('pointermove', (event) => {
    if (!line.hasPointerCapture(event.pointerId)) return
    const { left: from, width } = element.getBoundingClientRect()
    move((event.clientX - from) / width)
  })
  line.addEventListener('lostpointercapture', keep)
  line.addEventListener('keydown', (event) => {
    const by = event.key === 'ArrowLeft' ? -STEP : event.key === 'ArrowRight' ? STEP : 0
    if (by === 0) return
    event.preventDefault()
    move(at + by)
    keep()
  })
  return element
}
