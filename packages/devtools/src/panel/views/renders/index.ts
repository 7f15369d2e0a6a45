import type { ClientModel } from '../../client-model.ts'
import { formatBytes, formatMs, formatTime } from '../../format-units.ts'
import { h, text } from '../../h.ts'
import type { View } from '../../view.ts'
import { createVirtualList } from '../../virtual-list.ts'
import { cellsOf, createSearch } from '../parts/cells.ts'
import { createGraph } from '../parts/graph.ts'
import { partsCss } from '../parts/parts.css.ts'
import { createTail } from '../../tail.ts'
import { createPicked } from '../parts/picked.ts'
import { columnsOf, plural } from './columns.ts'
import { createPatchFrames } from './patch-frames.ts'
import { type ComponentStats, createRenderStats, type PagePatch, patchName } from './render-stats.ts'
import { rendersCss } from './renders.css.ts'
import { createTimings } from './timings.ts'
import { createWhy, type Shown } from './why.ts'

/** The table is put in order at most so often. */
const SORT_MS = 250
/** The page is asked who follows what at most so often, of so many stores. */
const LEARN_MS = 2000
const MAX_STORES = 20

/** Which components rendered, how often, what it cost and which bytes were the reason. */
export const rendersView: View = { id: 'renders', title: 'Renders', css: partsCss + rendersCss, mount }

function mount(root: HTMLElement, model: ClientModel): ReturnType<View['mount']> {
  const stats = createRenderStats(model.origins)
  const frames = createPatchFrames(model)
  const patches = createPicked<PagePatch>()
  const timings = { apply: createTimings(), notify: createTimings(), settle: createTimings(), all: createTimings() }
  const read = createTail(model.page, (event, position) => {
    stats.add(event)
    if (event.type !== 'patch') return
    patches.add(event, position)
    for (const name of ['apply', 'notify', 'settle'] as const) timings[name].add(event[name])
    timings.all.add(event.apply + event.notify + event.settle)
  })

  const columns = columnsOf(stats)
  let sortBy = 4
  let ascending = false
  let wanted = ''
  let rows: readonly ComponentStats[] = []
  let shown: Shown = {}
  let sortedAt = 0
  let learnedAt = -Infinity
  let ended = false
  let timer: ReturnType<typeof setTimeout> | undefined
  let size = 0
  let marked = -1

  const sort = (): void => {
    sortedAt = performance.now()
    const order = columns[sortBy]?.order ?? (() => 0)
    const matches = ({ name, source, hook, paths }: ComponentStats): boolean =>
      `${name} ${source} ${hook} ${[...paths].join(' ')}`.toLowerCase().includes(wanted)
    rows = (wanted === '' ? stats.components : stats.components.filter(matches)).toSorted((a, b) => {
      const [x, y] = [order(a), order(b)]
      const by = x < y ? -1 : x > y ? 1 : 0
      return ascending ? by : -by
    })
    empty.hidden = rows.length > 0
    text(empty, wanted === '' ? 'No component has rendered since the panel was opened.' : 'No component is called so.')
    heads.forEach((head, i) => {
      head.ariaSort = i === sortBy ? (ascending ? 'ascending' : 'descending') : 'none'
    })
    // Where the selected component went; its row is not scrolled to.
    marked = shown.component === undefined ? -1 : rows.indexOf(shown.component)
    table.follow = false
    table.update(rows.length)
  }

  const heads = columns.map(({ title, class: name }, i) =>
    h(
      'div',
      { class: name, role: 'columnheader' },
      h(
        'button',
        {
          onclick: () => {
            ascending = sortBy === i ? !ascending : i < 4
            sortBy = i
            sort()
          },
        },
        title,
      ),
    ),
  )
  const table = createVirtualList({
    height: 22,
    label: 'Components',
    draw(row, index) {
      const of = rows[index]
      if (of === undefined) return
      const cells = cellsOf(
        row,
        columns.map((column) => column.class),
      )
      for (const [i, column] of columns.entries()) text(cells[i] as HTMLElement, column.text(of))
      row.title = of.source
      row.ariaSelected = String(index === marked)
    },
    chosen(index) {
      marked = index
      const component = rows[index]
      show(component === undefined ? {} : { component })
    },
  })
  const empty = h('div', { class: 'empty' })
  const list = createVirtualList({
    height: 22,
    label: 'Patches',
    draw(row, index) {
      const patch = patches.at(index)
      if (patch === undefined) return
      const ran = patch.runs.reduce((sum, { told }) => sum + told, 0)
      const entry = frames.entryOf(patch)
      const values = [
        patchName(patch),
        formatTime(patch.at),
        formatBytes(patch.bytes),
        entry?.from === undefined ? '' : `#${entry.from}–${entry.to}`,
        plural(patch.changes.length + patch.more, 'path'),
        plural(ran, 'render'),
        formatMs(patch.apply + patch.notify + patch.settle),
      ]
      const names = ['n', 'time dim', 'size num', 'frames dim', 'size num', 'size num', 'size num']
      for (const [i, cell] of cellsOf(row, names).entries()) text(cell, values[i] as string)
    },
    chosen(index) {
      const patch = patches.at(index)
      show(patch === undefined ? {} : { patch })
    },
  })
  const search = createSearch('Search component or path', (value) => {
    wanted = value
    sort()
  })
  const cost = createGraph('patch', '--accent')
  const percentiles = h('span', { class: 'mono' })
  const why = createWhy(model, stats, frames)
  const show = (next: Shown): void => {
    shown = next
    why.show(next)
  }

  const drawCost = (): void => {
    const parts = (['apply', 'notify', 'settle'] as const).map(
      (name) => `${name} ${formatMs(timings[name].percentile(0.5))} / ${formatMs(timings[name].percentile(0.95))}`,
    )
    cost.draw(timings.all.values().slice(-120), formatMs(timings.all.percentile(0.5)))
    text(percentiles, `p50 / p95: ${parts.join(' · ')}`)
  }
  /** What components follow is known of those that a patch reached; the page is asked about the others. */
  const learnPaths = async (): Promise<void> => {
    learnedAt = performance.now()
    for (const store of [...model.stores.keys()].slice(0, MAX_STORES)) {
      for (const { path, origins } of await model.subscribers(store)) stats.follows(store, path, origins)
      if (ended) return
    }
  }
  const later = (): void => {
    timer = undefined
    sort()
    drawCost()
    why.refresh()
    if (performance.now() - learnedAt > LEARN_MS && stats.components.some(({ paths }) => paths.size === 0))
      // The panel says that the page has gone; the table stays as it is.
      learnPaths().then(sort, () => undefined)
  }

  root.append(
    h(
      'div',
      { class: 'col rv-renders' },
      h('div', { class: 'bar' }, search, cost.element, percentiles),
      h(
        'div',
        { class: 'split' },
        h(
          'div',
          { class: 'col rv-table' },
          h(
            'div',
            { role: 'table', 'aria-label': 'Order of the components' },
            h('div', { class: 'rv-row rv-columns', role: 'row' }, ...heads),
          ),
          empty,
          table.element,
          h('div', { class: 'bar dim' }, 'Patches'),
          list.element,
        ),
        why.element,
      ),
    ),
  )

  const view = {
    update(): void {
      // Only clearing makes it smaller.
      if (model.page.size < size) {
        stats.clear()
        for (const timing of Object.values(timings)) timing.clear()
        show({})
      }
      const oldest = read()
      frames.read()
      size = model.page.size
      const gone = patches.dropBefore(oldest)
      if (gone > 0) list.drop(gone)
      list.update(patches.size)
      if (performance.now() - sortedAt >= SORT_MS) later()
      else timer ??= setTimeout(later, SORT_MS)
    },
    destroy(): void {
      ended = true
      clearTimeout(timer)
      table.destroy()
      list.destroy()
    },
  }
  later()
  view.update()
  return view
}
