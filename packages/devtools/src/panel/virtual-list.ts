import { h } from './h.ts'

let rowIds = 0

/** A list of any length of which only the visible rows are elements. */
export interface VirtualList {
  readonly element: HTMLElement
  /** Shows `count` rows from now on, and draws the visible ones again. */
  update(count: number): void
  /** The selected row; -1 = none. */
  readonly selected: number
  /** Selects a row and scrolls it into view. */
  select(index: number): void
  /** The first `rows` rows are gone: selection and scroll position go with the others. To be followed by `update`. */
  drop(rows: number): void
  /** Stays at the end while rows are added, until somebody scrolls away from it. */
  follow: boolean
  destroy(): void
}

/**
 * Makes a list of rows of one height. `draw` fills the element of one row, which is used again for others; it must set everything that a row shows. Arrow keys, Home, End and Page keys move the selection;
 * `chosen` hears of it.
 */
export function createVirtualList(options: {
  /** Of a row, in pixels. */
  readonly height: number
  /** For screen readers. */
  readonly label: string
  readonly draw: (row: HTMLElement, index: number) => void
  readonly chosen?: (index: number) => void
}): VirtualList {
  const { height, label, draw, chosen } = options
  const space = h('div', { class: 'rv-space' })
  const visible = h('div', { class: 'rv-window' })
  const element = h('div', { class: 'rv-list', tabIndex: 0, role: 'listbox', 'aria-label': label }, space)
  space.append(visible)
  const rows: HTMLElement[] = []
  let count = 0
  let selected = -1
  let scheduled = 0
  let placed = -1
  let painted = -1

  const paint = (): void => {
    scheduled = 0
    painted = element.scrollTop
    const first = Math.max(0, Math.min(Math.floor(painted / height) - 2, count - 1))
    const shown = Math.max(0, Math.min(count - first, Math.ceil(element.clientHeight / height) + 5))
    while (rows.length < shown) {
      const row = h('div', { class: 'rv-row', role: 'option', id: `rv-row-${rowIds++}`, style: `height:${height}px` })
      rows.push(row)
      visible.append(row)
    }
    // Which row the focus is on: rows are no stops of the Tab key.
    const active = rows[selected - first]
    if (active !== undefined && selected - first < shown) element.setAttribute('aria-activedescendant', active.id)
    else element.removeAttribute('aria-activedescendant')
    visible.style.transform = `translateY(${first * height}px)`
    for (const [i, row] of rows.entries()) {
      const index = first + i
      row.hidden = i >= shown
      if (i >= shown) continue
      row.dataset['index'] = String(index)
      row.ariaSelected = String(index === selected)
      draw(row, index)
    }
  }

  const atEnd = (): boolean => element.scrollTop + element.clientHeight >= element.scrollHeight - height
  const onScroll = (): void => {
    // Only people change what they follow: what was selected may be near the end.
    if (element.scrollTop !== placed) list.follow = atEnd()
    placed = -1
    // A list that follows its end has drawn already what it scrolled to: that is most of them while much passes.
    if (element.scrollTop !== painted) scheduled ||= requestAnimationFrame(paint)
  }
  const choose = (index: number): void => {
    list.select(index)
    chosen?.(index)
  }
  const onKey = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor(element.clientHeight / height) - 1)
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: selected + 1,
      ArrowUp: selected - 1,
      PageDown: selected + page,
      PageUp: selected - page,
      Home: 0,
      End: count - 1,
    }
    const to = moves[event.key]
    if (to === undefined || count === 0) return
    event.preventDefault()
    choose(Math.max(0, Math.min(count - 1, to)))
  }
  const onClick = (event: Event): void => {
    const row = (event.target as HTMLElement).closest<HTMLElement>('.rv-row')
    if (row !== null) choose(Number(row.dataset['index']))
  }
  element.addEventListener('scroll', onScroll, { passive: true })
  element.addEventListener('keydown', onKey)
  element.addEventListener('click', onClick)
  const resized = new ResizeObserver(() => paint())
  resized.observe(element)

  const list: VirtualList = {
    element,
    follow: true,
    get selected() {
      return selected
    },
    update(next) {
      count = next
      space.style.height = `${count * height}px`
      if (selected >= count) selected = -1
      if (list.follow) element.scrollTop = count * height
      paint()
    },
    drop(gone) {
      selected = Math.max(-1, selected - gone)
      if (!list.follow) element.scrollTop -= gone * height
    },
    select(index) {
      selected = index
      if (index >= 0) {
        list.follow = index === count - 1 && list.follow
        const top = index * height
        if (top < element.scrollTop) element.scrollTop = top
        else if (top + height > element.scrollTop + element.clientHeight)
          element.scrollTop = top + height - element.clientHeight
        placed = element.scrollTop
      }
      paint()
    },
    destroy() {
      cancelAnimationFrame(scheduled)
      resized.disconnect()
    },
  }
  return list
}
