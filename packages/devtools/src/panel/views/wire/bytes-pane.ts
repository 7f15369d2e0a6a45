import { formatBytes } from '../../format-units.ts'
import { formatLeaf } from '../../format-value.ts'
import { h, text } from '../../h.ts'
import { createVirtualList } from '../../virtual-list.ts'
import type { Attribution, Inspection } from '@rivulet/wire/inspect'
import { cellsOf } from '../parts/cells.ts'

/** Bytes beside what each of them means. */
export interface BytesPane {
  readonly element: HTMLElement
  /** `more` is called when somebody wants more parts than there are; without it that is not offered. */
  show(bytes: Uint8Array, inspection: Inspection, more: (() => void) | undefined): void
  /** Marks the part that holds a byte, here and in its row. */
  select(offset: number): void
  destroy(): void
}

const PER_ROW = 16
const HEX_ROW = 18
const HEX_CELLS = ['off', ...Array.from({ length: PER_ROW }, () => 'b'), 'text']
const PART_CELLS = ['off num', 'path', 'mean', 'val']

/**
 * Makes the hex dump with its table of parts: what is under the pointer, or selected, is marked in both. Both are virtual, so their size costs nothing. Arrow keys walk over the bytes; in the table over the parts.
 */
export function createBytesPane(): BytesPane {
  let bytes = new Uint8Array()
  let parts: readonly Attribution[] = []
  let more: (() => void) | undefined
  let selected = -1
  let hovered = -1
  let byte = -1

  const hex = createVirtualList({ height: HEX_ROW, label: 'Bytes', draw: drawBytes })
  const table = createVirtualList({
    height: 20,
    label: 'Meaning of the bytes',
    draw: drawPart,
    chosen: (index) => choose(parts[index]?.offset ?? -1, false),
  })
  const dump = h('div', { class: 'col hex mono' }, hex.element)
  const says = h('span', { class: 'grow mono says' })
  const moreButton = h('button', { hidden: true, onclick: () => more?.() }, 'Show more')
  const element = h(
    'div',
    { class: 'rv-bytes col' },
    h('div', { class: 'bar' }, says, moreButton),
    h('div', { class: 'split' }, dump, h('div', { class: 'col' }, table.element)),
  )

  function drawBytes(row: HTMLElement, index: number): void {
    const cells = cellsOf(row, HEX_CELLS)
    const from = index * PER_ROW
    text(cells[0] as HTMLElement, from.toString(16).padStart(6, '0'))
    let part = partAt(parts, from)
    let chars = ''
    for (let i = 0; i < PER_ROW; i++) {
      const cell = cells[i + 1] as HTMLElement
      const offset = from + i
      const value = bytes[offset]
      while (part >= 0 && offset >= endOf(parts[part] as Attribution) && part < parts.length - 1) part++
      text(cell, value === undefined ? '  ' : value.toString(16).padStart(2, '0'))
      cell.dataset['at'] = value === undefined ? '' : String(offset)
      cell.className =
        value === undefined || part < 0 ? 'b' : `b p${part % 2}${classOf(part)}${offset === byte ? ' at' : ''}`
      if (value !== undefined) chars += value >= 32 && value < 127 ? String.fromCharCode(value) : '·'
    }
    text(cells[PER_ROW + 1] as HTMLElement, chars)
    row.ariaSelected = 'false'
  }

  function drawPart(row: HTMLElement, index: number): void {
    const { offset, length, path, meaning, value } = parts[index] as Attribution
    const cells = cellsOf(row, PART_CELLS)
    text(cells[0] as HTMLElement, length === 1 ? String(offset) : `${offset}–${offset + length - 1}`)
    text(cells[1] as HTMLElement, path)
    text(cells[2] as HTMLElement, meaning)
    text(cells[3] as HTMLElement, valueText(value, meaning))
    row.dataset['at'] = String(offset)
    row.ariaSelected = String(index === selected)
    row.classList.toggle('hot', index === hovered)
  }

  const classOf = (part: number): string => (part === selected ? ' sel' : part === hovered ? ' hot' : '')
  const repaint = (): void => {
    hex.follow = table.follow = false
    const rows = Math.ceil(bytes.length / PER_ROW)
    // What a short message leaves is for the table.
    dump.style.maxHeight = `${rows * HEX_ROW + 2}px`
    hex.update(rows)
    table.update(parts.length)
    const part = parts[hovered >= 0 ? hovered : selected]
    const value = part === undefined ? '' : valueText(part.value, part.meaning)
    text(
      says,
      part === undefined
        ? `${formatBytes(bytes.length)} in ${parts.length} part${parts.length === 1 ? '' : 's'}`
        : `${part.path} — ${part.meaning}${value === '' ? '' : ` — ${value}`}`,
    )
  }
  const choose = (offset: number, scroll: boolean): void => {
    byte = offset
    selected = partAt(parts, offset)
    if (scroll && selected >= 0) table.select(selected)
    if (offset >= 0) hex.select(Math.floor(offset / PER_ROW))
    repaint()
  }
  const offsetUnder = (event: Event): number => {
    const at = (event.target as HTMLElement).closest<HTMLElement>('[data-at]')?.dataset['at'] ?? ''
    return at === '' ? -1 : Number(at)
  }
  const hover = (to: number): void => {
    if (to === hovered) return
    hovered = to
    repaint()
  }
  element.addEventListener('pointerover', (event) => hover(partAt(parts, offsetUnder(event))))
  element.addEventListener('pointerleave', () => hover(-1))
  hex.element.addEventListener('click', (event) => {
    const offset = offsetUnder(event)
    if (offset >= 0) choose(offset, true)
  })
  const keys: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -PER_ROW,
    ArrowDown: PER_ROW,
  }
  const onKey = (event: KeyboardEvent): void => {
    const by = keys[event.key]
    if (by === undefined || bytes.length === 0) return
    event.preventDefault()
    // The list would move by its rows.
    event.stopImmediatePropagation()
    choose(Math.max(0, Math.min(bytes.length - 1, byte + by)), true)
  }
  hex.element.addEventListener('keydown', onKey, { capture: true })

  return {
    element,
    show(nextBytes, inspection, nextMore) {
      const same = nextBytes === bytes
      bytes = nextBytes as Uint8Array<ArrayBuffer>
      parts = inspection.parts
      more = nextMore
      moreButton.hidden = inspection.rest === undefined || more === undefined
      if (!same) {
        selected = hovered = byte = -1
        hex.element.scrollTop = table.element.scrollTop = 0
      }
      repaint()
    },
    select: (offset) => choose(offset, true),
    destroy() {
      hex.destroy()
      table.destroy()
    },
  }
}

function endOf({ offset, length }: Attribution): number {
  return offset + length
}

/** The part that holds a byte; -1 = none. Parts are in order and have no gaps. */
export function partAt(parts: readonly Attribution[], offset: number): number {
  let [low, high] = [0, parts.length - 1]
  while (low <= high) {
    const middle = (low + high) >> 1
    const part = parts[middle] as Attribution
    if (offset < part.offset) high = middle - 1
    else if (offset >= endOf(part)) low = middle + 1
    else return middle
  }
  return -1
}

/** A value of an attribution in one line; a number of 4 bytes with as few digits as in the other views. */
export function valueText(value: Attribution['value'], meaning = ''): string {
  if (value === undefined) return ''
  if (typeof value === 'number') return formatLeaf({ kind: meaning.endsWith('float32') ? 'float32' : 'float64' }, value)
  const all = typeof value === 'string' ? JSON.stringify(value.slice(0, 200)) : String(value)
  return typeof value === 'string' && value.length > 200 ? `${all}…` : all
}
