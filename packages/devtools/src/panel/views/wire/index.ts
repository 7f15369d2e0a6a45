import type { FeedEntry } from '@rivulet/client/inspect'
import type { ClientModel } from '../../client-model.ts'
import { formatBytes, formatCount, formatMs, formatTime } from '../../format-units.ts'
import { fill, h, text } from '../../h.ts'
import type { GotoTarget, View } from '../../view.ts'
import { createVirtualList } from '../../virtual-list.ts'
import { cellsOf, createChoice, createSearch } from '../parts/cells.ts'
import { createGraph } from '../parts/graph.ts'
import { partsCss } from '../parts/parts.css.ts'
import { createTail } from '../../tail.ts'
import { createPicked } from '../parts/picked.ts'
import { createDetail } from './detail.ts'
import { describeEntry, errorOf, type Filter, kindOf, passes, storeOf } from './describe-entry.ts'
import { createEntryWarnings } from './entry-warnings.ts'
import { createSampler } from './sampler.ts'
import { createTraffic } from './traffic.ts'
import { type Warning, type WarningCode, WARNINGS } from './warnings.ts'
import { wireCss } from './wire.css.ts'

const CELLS = ['time dim', 'dir', 'kind', 'what', 'size num', 'took num dim', 'flag warn']
const ARROWS = { in: '← in', out: '→ out', page: '⇢ page', engine: '·' } as const
const GRAPH_MS = 500

/** Every message between engine and host, and what the engine made of it, down to the byte. */
export const wireView: View = { id: 'wire', title: 'Wire', css: partsCss + wireCss, mount }

function mount(root: HTMLElement, model: ClientModel): ReturnType<View['mount']> {
  let filter: Filter = { dir: '', kind: '', store: '', text: '' }
  let only: WarningCode | '' = ''
  let selected: FeedEntry | undefined
  let stale = false
  const shown = createPicked<FeedEntry>()
  // Those of entries that the log forgets are forgotten here.
  const warnings = new WeakMap<FeedEntry, readonly Warning[]>()
  const sums = new Map<WarningCode, number>()
  const traffic = createTraffic()
  const judge = createEntryWarnings((store) => model.stores.get(store))

  const warn = (entry: FeedEntry, found: readonly Warning[]): void => {
    const before = warnings.get(entry) ?? []
    const fresh = found.filter(({ code }) => !before.some((warning) => warning.code === code))
    for (const code of new Set(fresh.map((warning) => warning.code))) sums.set(code, (sums.get(code) ?? 0) + 1)
    warnings.set(entry, [...before, ...found])
  }
  const sampler = createSampler(model, (entry, found) => {
    warn(entry, found)
    stale ||= only !== ''
    refresh()
  })
  const wanted = (entry: FeedEntry): boolean =>
    passes(filter, entry) && (only === '' || warnings.get(entry)?.some(({ code }) => code === only) === true)

  let size = 0
  const read = createTail(model.entries, (entry, position) => {
    traffic.add(entry, model.hello?.you)
    kinds.offer(kindOf(entry))
    const store = storeOf(entry)
    if (store !== undefined) stores.offer(store)
    const found = judge(entry)
    if (found.length > 0) warn(entry, found)
    if (entry.type === 'frame' && entry.kind === 'storeupdate') sampler.add(entry)
    if (wanted(entry)) shown.add(entry, position)
  })

  const change = (next: Partial<Filter>): void => {
    filter = { ...filter, ...next }
    rebuild()
  }
  /** Everything that is kept is looked at again: only when what is wanted changed. */
  const rebuild = (): void => {
    stale = false
    shown.clear()
    const oldest = model.entries.added - model.entries.size
    for (let i = 0; i < model.entries.size; i++) {
      const entry = model.entries.at(i) as FeedEntry
      if (wanted(entry)) shown.add(entry, oldest + i)
    }
    refresh()
    list.select(shown.findLast((entry) => entry === selected))
  }
  const refresh = (): void => {
    list.update(shown.size)
    text(count, `${formatCount(shown.size)} of ${formatCount(model.entries.size)}`)
    empty.hidden = shown.size > 0
    text(empty, model.entries.size > 0 ? 'Nothing passes the filter.' : (model.gone ?? 'Nothing has passed yet.'))
    drawSums()
  }

  const kinds = createChoice('Kind', 'every kind', (kind) => change({ kind }))
  const stores = createChoice('Store', 'every store', (store) => change({ store }))
  const directions = createChoice('Direction', 'both ways', (dir) => change({ dir }))
  for (const dir of ['in', 'out', 'page', 'engine']) directions.offer(dir)
  const search = createSearch('Search name or key', (value) => change({ text: value }))
  const count = h('span', { class: 'dim num', role: 'status' })
  const pause = h('button', { 'aria-pressed': 'false', onclick: () => setPaused(!model.paused) }, 'Pause')
  const setPaused = (paused: boolean): void => {
    model.paused = paused
    pause.ariaPressed = String(paused)
  }
  const follow = h('button', { 'aria-pressed': 'true', onclick: () => setFollow(!list.follow) }, 'Follow')
  const setFollow = (on: boolean): void => {
    list.follow = on
    refresh()
    follow.ariaPressed = String(on)
  }
  const clear = h('button', { onclick: () => (model.clear(), view.update()) }, 'Clear')

  const graphs = {
    inMessages: createGraph('messages ←', '--in'),
    outMessages: createGraph('→', '--out'),
    inBytes: createGraph('bytes ←', '--in'),
    outBytes: createGraph('→', '--out'),
  } as const
  const conflation = createGraph('updates per patch', '--good')
  const chips = h('span', { class: 'rv-chips' })
  const sampled = h('span', { class: 'dim' })
  let drawn = ''
  const drawSums = (): void => {
    const now = JSON.stringify([...sums, only])
    if (now === drawn) return
    drawn = now
    fill(
      chips,
      ...[...sums].map(([code, times]) => {
        const [title, advice] = WARNINGS[code]
        const toggle = (): void => {
          only = only === code ? '' : code
          rebuild()
        }
        return h(
          'button',
          { title: advice, 'aria-pressed': String(only === code), onclick: toggle },
          h('span', { class: 'warn' }, '⚠ '),
          `${formatCount(times)} ${title}`,
        )
      }),
    )
  }
  const drawGraphs = (): void => {
    traffic.advance(Date.now())
    for (const flow of ['inMessages', 'outMessages'] as const)
      graphs[flow].draw(traffic.rates(flow), `${formatCount(traffic.now(flow))}/s`)
    for (const flow of ['inBytes', 'outBytes'] as const)
      graphs[flow].draw(traffic.rates(flow), `${formatBytes(Math.round(traffic.now(flow)))}/s`)
    conflation.draw(traffic.conflation(), traffic.nowConflation.toFixed(1))
    text(
      sampled,
      sampler.passed > 0
        ? `bytes of ${formatCount(sampler.looked)} updates judged, ${formatCount(sampler.passed)} not`
        : '',
    )
  }
  const timer = setInterval(() => {
    if (root.isConnected && !document.hidden) drawGraphs()
  }, GRAPH_MS)

  const list = createVirtualList({ height: 22, label: 'Messages', draw, chosen: (index) => select(shown.at(index)) })
  const empty = h('div', { class: 'empty' })
  const detail = createDetail(model)
  const select = (entry: FeedEntry | undefined, path?: string): void => {
    selected = entry
    follow.ariaPressed = String(list.follow)
    detail.show(entry, entry === undefined ? [] : (warnings.get(entry) ?? []), path)
  }
  list.element.addEventListener('scroll', () => (follow.ariaPressed = String(list.follow)), { passive: true })

  function draw(row: HTMLElement, index: number): void {
    const entry = shown.at(index)
    if (entry === undefined) return
    const { dir, kind, what, bytes, took } = describeEntry(entry)
    const found = warnings.get(entry)
    const values = [
      formatTime(entry.at),
      ARROWS[dir],
      kind,
      what,
      bytes === undefined ? '' : formatBytes(bytes),
      took === undefined ? '' : formatMs(took),
      found === undefined ? '' : '⚠',
    ]
    for (const [i, cell] of cellsOf(row, CELLS).entries()) text(cell, values[i] as string)
    row.dataset['dir'] = dir
    row.classList.toggle('failed', errorOf(entry) !== undefined)
    row.title = found === undefined ? '' : found.map(({ code }) => WARNINGS[code][0]).join(', ')
  }

  root.append(
    h(
      'div',
      { class: 'col rv-wire' },
      h(
        'div',
        { class: 'bar' },
        directions.element,
        kinds.element,
        stores.element,
        search,
        count,
        h('span', { class: 'grow' }),
        follow,
        pause,
        clear,
      ),
      h(
        'div',
        { class: 'bar' },
        ...Object.values(graphs).map((graph) => graph.element),
        conflation.element,
        chips,
        sampled,
      ),
      h('div', { class: 'split' }, h('div', { class: 'col rv-messages' }, empty, list.element), detail.element),
    ),
  )

  const view = {
    update(): void {
      // Only clearing makes it smaller.
      if (model.entries.size < size) {
        sums.clear()
        sampler.clear()
      }
      const oldest = read()
      size = model.entries.size
      const gone = shown.dropBefore(oldest)
      if (gone > 0) list.drop(gone)
      pause.ariaPressed = String(model.paused)
      if (stale) rebuild()
      else refresh()
    },
    goto({ seq, path }: GotoTarget): void {
      view.update()
      const test = (entry: FeedEntry): boolean => entry.seq === seq
      if (shown.findLast(test) < 0) {
        for (const field of [directions.element, kinds.element, stores.element, search]) field.value = ''
        only = ''
        change({ dir: '', kind: '', store: '', text: '' })
      }
      const index = shown.findLast(test)
      list.follow = false
      list.select(index)
      select(shown.at(index), path)
    },
    destroy(): void {
      clearInterval(timer)
      sampler.destroy()
      detail.destroy()
      list.destroy()
    },
  }
  view.update()
  drawGraphs()
  return view
}
