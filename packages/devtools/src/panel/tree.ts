import type { Path, TypeNode, Types } from '@rivulet/wire'
import { copyText } from './copy-text.ts'
import { formatPart, previewValue, toLiteral } from './format-value.ts'
import { h, text } from './h.ts'
import { toText } from './to-text.ts'
import { createTreeRows, type TreeRow, valueInTree } from './tree-rows.ts'
import { createVirtualList } from './virtual-list.ts'

export type { TreeRow } from './tree-rows.ts'

/** A value as a tree that unfolds, with a line to search in it and to copy from it. */
export interface Tree {
  readonly element: HTMLElement
  /**
   * Shows this value from now on; what is unfolded and selected stays where it still is. What is not the same object as at its place in `before` is marked as changed, so `before` and `value` should share what
   * is equal (`reconcile` of @rivulet/wire).
   */
  show(types: Types, node: TypeNode, value: unknown, before?: unknown): void
  /** Shows nothing. */
  clear(): void
  /** Draws the visible rows again: `mark` would say something else. */
  redraw(): void
  readonly selected: TreeRow | undefined
  /** Unfolds what is above a path and selects it; false when it is not there. */
  select(path: Path): boolean
  /** Looks for text; `0 results` and so on shows beside it. */
  search(text: string): void
  focus(): void
  destroy(): void
}

/** What somebody wants to say about a row. */
export interface TreeMark {
  /** At the right edge. */
  readonly note?: string
  /** Classes for the row. */
  readonly class?: string
}

/** Height of a row. */
const ROW = 22
/** How long a search may keep a frame. */
const SLICE_MS = 6
const MAX_RESULTS = 1000

/**
 * Makes a tree (WAI-ARIA: arrow keys move and unfold, Enter acts, typing goes to the search line with `/`). Only visible rows are elements, and a row is worked out when it is drawn, so a map with 100,000 entries
 * unfolds at once.
 *
 * @example
 * const tree = createTree({ label: 'State', root: 'BoardStore', chosen: (row) => showDetails(row) })
 * root.append(tree.element)
 * tree.show(def.types, stateNode(def), state)
 */
export function createTree(options: {
  /** For screen readers. */
  readonly label: string
  /** What the first row is called. */
  readonly root: string
  /** A row was selected. */
  readonly chosen?: (row: TreeRow) => void
  /** Enter or a double click on a row that does not unfold. */
  readonly activated?: (row: TreeRow) => void
  readonly mark?: (row: TreeRow) => TreeMark | undefined
}): Tree {
  const { label, root, chosen, activated, mark } = options
  const rows = createTreeRows()
  let types: Types = []
  let shown: { readonly node: TypeNode; readonly value: unknown } | undefined
  let before: unknown
  let selected: Path | undefined

  const draw = (element: HTMLElement, index: number): void => {
    const row = rows.at(index)
    if (row === undefined) return
    const [caret, name, value, note] = partsOf(element)
    const said = mark?.(row)
    element.role = 'treeitem'
    element.ariaLevel = String(row.depth + 1)
    element.ariaPosInSet = String(row.position)
    element.ariaSetSize = String(row.siblings)
    element.ariaExpanded = row.children > 0 ? String(row.expanded) : null
    element.className = `rv-row rv-tree-row mono ${isChanged(row) ? 'changed ' : ''}${said?.class ?? ''}`
    element.style.paddingLeft = `${4 + row.depth * 14}px`
    text(caret, row.children === 0 ? '' : row.expanded ? '▾' : '▸')
    const part = row.path.at(-1)
    text(name, part === undefined ? root : row.member ? formatPart(part) : String(part))
    text(value, row.member ? '' : `${row.node.kind === 'any' ? `any ${row.open.node.kind} ` : ''}${previewOf(row)}`)
    value.className = `rv-value ${row.children > 0 ? 'dim' : `rv-is-${row.open.value === null ? 'null' : row.open.node.kind}`}`
    text(note, said?.note ?? '')
  }
  const previewOf = (row: TreeRow): string => {
    // What is unfolded shows by itself.
    if (row.expanded) return row.open.node.kind === 'struct' ? row.open.node.ref : `(${row.children})`
    return previewValue(types, row.open.node, row.open.value, 160)
  }
  const isChanged = (row: TreeRow): boolean => {
    if (before === undefined || shown === undefined) return false
    const old = valueInTree(types, shown.node, before, row.path)
    return old === undefined || !Object.is(old.value, row.open.value)
  }

  const list = createVirtualList({
    height: ROW,
    label,
    draw,
    chosen: (index) => {
      const row = rows.at(index)
      if (row === undefined) return
      selected = row.path
      chosen?.(row)
    },
  })
  list.element.role = 'tree'
  const refresh = (): void => {
    // A tree grows where somebody unfolds it, not at its end.
    list.follow = false
    const index = selected === undefined ? -1 : rows.indexOf(selected)
    list.update(rows.count)
    if (index !== list.selected && (index < 0 || index < rows.count)) keepPlace(index)
  }
  /** Selects without scrolling: what moved because of other rows is not to be run after. */
  const keepPlace = (index: number): void => {
    const { scrollTop } = list.element
    list.select(index)
    list.element.scrollTop = scrollTop
    list.update(rows.count)
  }
  const expand = (row: TreeRow, expanded: boolean): void => {
    rows.expand(row.path, expanded)
    refresh()
  }
  const choose = (path: Path): boolean => {
    rows.reveal(path)
    const index = rows.indexOf(path)
    list.follow = false
    list.update(rows.count)
    if (index < 0) return false
    selected = path
    list.select(index)
    const row = rows.at(index)
    if (row !== undefined) chosen?.(row)
    return true
  }
  const current = (): TreeRow | undefined => (selected === undefined ? undefined : rows.at(rows.indexOf(selected)))

  list.element.addEventListener('keydown', (event) => {
    const row = current()
    if (event.key === '/') input.focus()
    else if (row === undefined) return
    else if (event.key === 'ArrowRight' && row.children > 0 && !row.expanded) expand(row, true)
    else if (event.key === 'ArrowRight' && row.expanded) choose((rows.at(rows.indexOf(row.path) + 1) ?? row).path)
    else if (event.key === 'ArrowLeft' && row.expanded) expand(row, false)
    else if (event.key === 'ArrowLeft' && row.path.length > 0) choose(row.path.slice(0, -1))
    else if (event.key === 'Enter' && row.children > 0) expand(row, !row.expanded)
    else if (event.key === 'Enter') activated?.(row)
    else return
    event.preventDefault()
  })
  const rowUnder = (event: Event): TreeRow | undefined => {
    const element = (event.target as HTMLElement).closest<HTMLElement>('.rv-row')
    return element === null ? undefined : rows.at(Number(element.dataset['index']))
  }
  list.element.addEventListener('click', (event) => {
    const row = rowUnder(event)
    if (row !== undefined && (event.target as HTMLElement).matches('.rv-caret') && row.children > 0)
      expand(row, !row.expanded)
  })
  list.element.addEventListener('dblclick', (event) => {
    const row = rowUnder(event)
    if (row === undefined || (event.target as HTMLElement).matches('.rv-caret')) return
    if (row.children > 0) expand(row, !row.expanded)
    else activated?.(row)
  })

  const finder = createFinder(
    (wanted) => rows.search(wanted),
    choose,
    () => list.element.focus(),
  )
  const { input } = finder
  const copy = (of: (row: TreeRow) => string) => (event: Event) => {
    const row = current() ?? rows.at(0)
    if (row !== undefined) void copyText(event.currentTarget as HTMLElement, of(row))
  }
  const bar = h(
    'div',
    { class: 'bar' },
    ...finder.elements,
    h('span', { class: 'grow' }),
    h(
      'button',
      { title: 'Copies the selected value as JSON', onclick: copy((row) => toText(types, row.node, row.value)) },
      'JSON',
    ),
    h(
      'button',
      { title: 'Copies the selected value as JavaScript', onclick: copy((row) => toLiteral(row.value)) },
      'JS',
    ),
  )

  const tree: Tree = {
    element: h('div', { class: 'col' }, bar, list.element),
    show(nextTypes, node, value, previous) {
      types = nextTypes
      shown = { node, value }
      before = previous
      rows.show(types, node, value)
      refresh()
    },
    clear() {
      shown = before = selected = undefined
      rows.show([], { kind: 'any' }, null)
      list.update(0)
    },
    redraw: () => {
      list.follow = false
      list.update(shown === undefined ? 0 : rows.count)
    },
    get selected() {
      return shown === undefined ? undefined : current()
    },
    select: choose,
    search: (wanted) => finder.search(wanted),
    focus: () => list.element.focus(),
    destroy() {
      finder.stop()
      list.destroy()
    },
  }
  return tree
}

type RowParts = readonly [caret: HTMLElement, name: HTMLElement, value: HTMLElement, note: HTMLElement]
const partsByRow = new WeakMap<HTMLElement, RowParts>()

/** The elements of a row, made when it is first drawn. */
function partsOf(row: HTMLElement): RowParts {
  let parts = partsByRow.get(row)
  if (parts === undefined) {
    const [caret, name, value, note] = ['rv-caret', 'rv-name', 'rv-value', 'rv-note'].map((c) =>
      h('span', { class: c }),
    )
    parts = [caret, name, value, note] as RowParts
    caret?.setAttribute('aria-hidden', 'true')
    partsByRow.set(row, parts)
    row.replaceChildren(...parts)
  }
  return parts
}

/** The line that searches: a field and how many were found. Works in slices, so that a search through a million values holds up nobody. */
function createFinder(
  find: (wanted: string) => Generator<Path | undefined>,
  go: (path: Path) => boolean,
  leave: () => void,
): {
  readonly input: HTMLInputElement
  readonly elements: readonly HTMLElement[]
  search(text: string): void
  stop(): void
} {
  let found: Path[] = []
  let at = -1
  let timer: ReturnType<typeof setTimeout> | undefined
  const count = h('span', { class: 'dim', role: 'status' })
  const say = (more: string): void => {
    const place = at < 0 ? '' : `${at + 1} of `
    text(count, input.value === '' ? '' : `${place}${found.length}${more}`)
  }
  const step = (by: number): void => {
    if (found.length === 0) return
    at = (at + by + found.length) % found.length
    go(found[at] as Path)
    say(found.length === MAX_RESULTS ? '+' : '')
  }
  const search = (wanted: string): void => {
    clearTimeout(timer)
    input.value = wanted
    found = []
    at = -1
    const walk = find(wanted)
    const slice = (): void => {
      const until = performance.now() + SLICE_MS
      while (performance.now() < until) {
        const next = walk.next()
        if (next.done === true || found.length === MAX_RESULTS) return say(found.length === MAX_RESULTS ? '+' : '')
        if (next.value !== undefined) found.push(next.value)
      }
      say(' …')
      timer = setTimeout(slice)
    }
    slice()
  }
  const input = h('input', {
    type: 'search',
    class: 'rv-find',
    placeholder: 'Search keys and values',
    'aria-label': 'Search keys and values',
    oninput: () => search(input.value),
    onkeydown: (event: KeyboardEvent) => {
      if (event.key === 'Enter') step(event.shiftKey ? -1 : 1)
      else if (event.key === 'Escape' && input.value !== '') search('')
      else if (event.key === 'ArrowDown') leave()
      else return
      event.preventDefault()
      event.stopPropagation()
    },
  })
  return { input, elements: [input, count], search, stop: () => clearTimeout(timer) }
}

/** Part of the panel's stylesheet. */
export const treeCss = `
.rv-tree-row{gap:4px;border-bottom:0}
.rv-caret{width:14px;flex:none;text-align:center;color:var(--dim);cursor:pointer}
.rv-name{flex:none;max-width:50%;overflow:hidden;text-overflow:ellipsis;color:var(--accent)}
.rv-value{overflow:hidden;text-overflow:ellipsis;flex:0 1 auto;min-width:0;padding:0 2px}
.rv-value:not(:empty)::before{content:": ";color:var(--dim)}
.rv-find{width:190px}
.rv-note{flex:none;margin-left:auto;padding-left:8px;color:var(--dim);font-family:var(--sans)}
.rv-is-string{color:var(--good)}.rv-is-null{color:var(--dim);font-style:italic}.rv-is-bool{color:var(--out)}.rv-is-time,.rv-is-bytes{color:var(--warn)}
.rv-tree-row.changed .rv-value{background:color-mix(in srgb,var(--warn) 26%,transparent);border-radius:3px}
.rv-tree-row.edited .rv-name::after{content:" ✎";color:var(--warn)}
`
