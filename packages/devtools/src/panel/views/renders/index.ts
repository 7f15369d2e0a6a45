import type { FrameEntry, ProbeOrigin } from '@rivulet/client/inspect'
import type { ClientModel } from '../../client-model.ts'
import { formatBytes, formatCount, formatMs, formatTime } from '../../format-units.ts'
import { formatPath } from '../../format-value.ts'
import { fill, h, text } from '../../h.ts'
import type { View } from '../../view.ts'
import { createVirtualList } from '../../virtual-list.ts'
import { cellsOf, createSearch } from '../parts/cells.ts'
import { createGraph } from '../parts/graph.ts'
import { partsCss } from '../parts/parts.css.ts'
import { createPicked, createTail } from '../parts/tail.ts'
import { createPatchFrames } from './patch-frames.ts'
import { type ComponentStats, createRenderStats, type PagePatch, patchName } from './render-stats.ts'
import { rendersCss } from './renders.css.ts'
import { showParts } from './show-parts.ts'
import { createTimings } from './timings.ts'

/** The table is put in order at most so often. */
const SORT_MS = 250
/** The page is asked who follows what at most so often, of so many stores. */
const LEARN_MS = 2000
const MAX_STORES = 20
/** Of one patch: what is spelled out. */
const MAX_FRAMES = 20
const MAX_CHANGES = 50

interface Column {
  readonly title: string
  readonly class: string
  readonly text: (row: ComponentStats) => string
  readonly order: (row: ComponentStats) => number | string
}

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

  const columns: readonly Column[] = [
    { title: 'Component', class: 'name', text: ({ name }) => name, order: ({ name }) => name },
    { title: 'Source', class: 'source dim', text: ({ source }) => shortSource(source), order: ({ source }) => source },
    { title: 'Hook', class: 'hook', text: ({ hook }) => hook, order: ({ hook }) => hook },
    {
      title: 'Follows',
      class: 'path mono',
      text: ({ paths }) => pathsText(paths),
      order: ({ paths }) => pathsText(paths),
    },
    {
      title: 'Renders',
      class: 'n num',
      text: ({ told, other }) => formatCount(told + other),
      order: ({ told, other }) => told + other,
    },
    { title: 'patches', class: 'n num', text: ({ told }) => formatCount(told), order: ({ told }) => told },
    { title: 'others', class: 'n num', text: ({ other }) => formatCount(other), order: ({ other }) => other },
    { title: '≈ time', class: 'n num', text: ({ ms }) => share(ms, stats.ms), order: ({ ms }) => ms },
  ]
  let sortBy = 4
  let ascending = false
  let wanted = ''
  let rows: readonly ComponentStats[] = []
  let shown: { readonly component?: ComponentStats; readonly patch?: PagePatch } = {}
  let sortedAt = 0
  let learnedAt = -Infinity
  let ended = false
  let timer: ReturnType<typeof setTimeout> | undefined
  let size = 0

  const sort = (): void => {
    sortedAt = performance.now()
    const { order } = columns[sortBy] as Column
    const matches = ({ name, source, hook, paths }: ComponentStats): boolean =>
      `${name} ${source} ${hook} ${[...paths].join(' ')}`.toLowerCase().includes(wanted)
    rows = stats.components.filter(matches).toSorted((a, b) => {
      const [x, y] = [order(a), order(b)]
      const by = x < y ? -1 : x > y ? 1 : 0
      return ascending ? by : -by
    })
    table.update(rows.length)
    const at = shown.component === undefined ? -1 : rows.indexOf(shown.component)
    empty.hidden = rows.length > 0
    text(empty, wanted === '' ? 'No component has rendered since the panel was opened.' : 'No component is called so.')
    heads.forEach((head, i) => {
      head.ariaSort = i === sortBy ? (ascending ? 'ascending' : 'descending') : 'none'
    })
    return mark(at)
  }
  /** Where the selected component went; its row is not scrolled to. */
  const mark = (at: number): void => {
    marked = at
    table.update(rows.length)
  }
  let marked = -1

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
  table.follow = false
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
  const detail = h('div', { class: 'rv-why' })
  const hint = 'Select a component to see why it rendered, or a patch to see what it changed.'
  fill(detail, h('p', { class: 'empty' }, hint))

  const show = (next: typeof shown): void => {
    shown = next
    if (next.patch !== undefined) fill(detail, ...patchParts(next.patch))
    else if (next.component !== undefined) showWhy(next.component)
    else fill(detail, h('p', { class: 'empty' }, hint))
  }

  const showWhy = (component: ComponentStats): void => {
    const { name, source, hook, paths, instances, told, other, ms, causes } = component
    fill(
      detail,
      h('h3', {}, name),
      h('p', { class: 'dim' }, [hook, source, plural(instances, 'instance')].filter((part) => part !== '').join(' · ')),
      h(
        'p',
        {},
        `${formatCount(told)} renders by patches, ${formatCount(other)} by others, about ${share(ms, stats.ms)} of all patches' time`,
      ),
      h('p', { class: 'mono' }, [...paths].join(', ')),
      h('h4', {}, 'Why did this render? The last times, newest first:'),
      h(
        'ol',
        {},
        ...causes
          .toReversed()
          .map(({ at, told: by, other: others, patch }) =>
            h(
              'li',
              {},
              h('span', { class: 'dim' }, `${formatTime(at)} `),
              by > 0 && patch !== undefined
                ? unfold(`${by}× patch ${patchName(patch)}: ${changedText(patch, component)}`, patch)
                : false,
              others > 0 ? ` ${others}× something else: a parent, state or context` : false,
            ),
          ),
      ),
    )
  }
  const isOf = (origin: ProbeOrigin | null, component: ComponentStats): boolean =>
    origin !== null && stats.of(origin) === component
  const changedText = (patch: PagePatch, component: ComponentStats): string => {
    const mine = patch.changes.filter(({ origins }) => origins.some((origin) => isOf(origin, component)))
    const first = mine.slice(0, 3).map(({ store, path }) => `${store} ${formatPath(path)}`)
    return (
      `${first.join(', ')}${mine.length > 3 ? ` and ${mine.length - 3} more` : ''}` || 'a path beyond the first 200'
    )
  }
  /** A line that opens into the patch. */
  const unfold = (title: string, patch: PagePatch): HTMLElement => {
    const inside = h('div', { class: 'rv-in' })
    const opened = h('details', {}, h('summary', {}, title), inside)
    opened.addEventListener('toggle', () => {
      if (opened.open && inside.childElementCount === 0) fill(inside, ...patchParts(patch))
    })
    return opened
  }
  const patchParts = (patch: PagePatch): readonly HTMLElement[] => {
    const { bytes, apply, notify, settle, changes, more } = patch
    const updates = frames.framesOf(patch, MAX_FRAMES)
    const parts = h('div', {})
    const bytesOf = (frame: FrameEntry): HTMLElement =>
      h(
        'li',
        {},
        h('button', { onclick: () => void showParts(parts, model, frame, patch) }, `#${frame.seq}`),
        ` ${frame.store} ${frame.update ?? ''} ${frame.key ?? ''} ${formatBytes(frame.bytes)}`,
      )
    return [
      h('h4', {}, `Patch ${patchName(patch)}, ${formatBytes(bytes)}`),
      h('p', {}, `Reading ${formatMs(apply)}, listeners ${formatMs(notify)}, renders until ${formatMs(settle)} later.`),
      h(
        'p',
        { class: 'dim' },
        updates.length === 0
          ? 'The messages that it was made of are no longer kept.'
          : 'Made of these messages; press one for the bytes that changed these paths:',
      ),
      h('ul', {}, ...updates.map(bytesOf)),
      parts,
      h('p', { class: 'dim' }, 'Changed, and who heard:'),
      h(
        'ul',
        {},
        ...changes.slice(0, MAX_CHANGES).map(({ store, path, origins }) => {
          const names = new Map<string, number>()
          for (const origin of origins)
            names.set(origin?.name ?? 'a listener', (names.get(origin?.name ?? 'a listener') ?? 0) + 1)
          const heard = [...names].map(([name, times]) => (times > 1 ? `${name} ×${times}` : name))
          return h('li', {}, h('span', { class: 'mono' }, `${store} ${formatPath(path)}`), ` → ${heard.join(', ')}`)
        }),
      ),
      h(
        'p',
        { class: 'dim' },
        more + Math.max(0, changes.length - MAX_CHANGES) > 0
          ? `and ${formatCount(more + Math.max(0, changes.length - MAX_CHANGES))} more`
          : '',
      ),
    ]
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
          h('div', { class: 'rv-row rv-head', role: 'row' }, ...heads),
          empty,
          table.element,
          h('div', { class: 'bar dim' }, 'Patches'),
          list.element,
        ),
        detail,
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

function shortSource(source: string): string {
  return source.slice(source.lastIndexOf('/') + 1)
}

function pathsText(paths: ReadonlySet<string>): string {
  const [first = ''] = paths
  return paths.size > 1 ? `${first} (+${paths.size - 1})` : first
}

function share(ms: number, of: number): string {
  return of === 0 ? '–' : `${Math.round((100 * ms) / of)} %`
}

function plural(count: number, name: string): string {
  return `${formatCount(count)} ${name}${count === 1 ? '' : 's'}`
}
