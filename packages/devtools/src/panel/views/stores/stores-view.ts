import type { FeedStore } from '@rivulet/client/inspect'
import { parseAttributedPath } from '../../attributed-path.ts'
import { onceLoaded } from '../../../once-loaded.ts'
import type { ClientModel } from '../../client-model.ts'
import { fill, h, messageOf, text } from '../../h.ts'
import { createSplit } from '../../split.ts'
import { createTail } from '../../tail.ts'
import { createThrottle } from '../../throttle.ts'
import type { LateParts } from '../../late-parts.ts'
import type { MountedView, View } from '../../view.ts'
import { createVirtualList } from '../../virtual-list.ts'
import { openStore, type OpenStore, type StoreParts } from './open-store.ts'
import { STATUS_CLASS, storeStatus } from './store-status.ts'
import { storesCss } from './stores.css.ts'

/** At most four times a second. */
const REFRESH_MS = 250

/** Which store was looked at last, for each client: views are built anew whenever their tab is opened. */
const lastStore = new WeakMap<ClientModel, string>()

/** Every store with its state, who wants what of it, and values to try out; `late` loads what is wanted when a place is selected or edited. */
export function createStoresView(late: Pick<LateParts, 'lastChange' | 'valueEditor'>): View {
  const parts: StoreParts = { lastChange: onceLoaded(late.lastChange), valueEditor: onceLoaded(late.valueEditor) }
  return { id: 'stores', title: 'Stores', css: storesCss, mount: (root, model) => mount(root, model, parts) }
}

function mount(root: HTMLElement, model: ClientModel, parts: StoreParts): MountedView {
  let known: ReadonlyMap<string, FeedStore> = new Map()
  let names: readonly string[] = []
  let chosen: OpenStore | undefined
  /** Stores that have got messages since their state was last asked for. */
  const stale = new Set<string>()
  const readNews = createTail(model.entries, (entry) => {
    if (entry.type === 'resync' || (entry.type === 'frame' && entry.kind === 'storeupdate' && entry.dir === 'in'))
      if (entry.store !== undefined) stale.add(entry.store)
  })
  let seen = -1

  const list = createVirtualList({
    height: 26,
    label: 'Stores',
    draw: (row, index) => drawStore(row, names[index] ?? '', known.get(names[index] ?? ''), model),
    chosen: (index) => choose(names[index]),
  })
  const problem = h('div', { class: 'bar bad', role: 'alert', hidden: true })
  const place = h('div', { class: 'col rv-stores' }, h('div', { class: 'empty' }, 'Choose a store.'))
  root.append(problem, createSplit('stores', 'Width of the list of stores', 0.22, list.element, place))

  const say = (error: unknown): void => {
    problem.hidden = error === undefined
    text(problem, error === undefined ? '' : messageOf(error))
  }
  const refresh = createThrottle(
    REFRESH_MS,
    async () => {
      const stores = await model.feedStores()
      known = new Map(stores.map((store) => [store.name, store]))
      drawList()
      const took = (await chosen?.refresh(known.get(chosen.def.name), stale.delete(chosen.def.name))) ?? 0
      say(undefined)
      return took
    },
    // While there is no engine the header says so.
    (error) => say(model.hello === undefined ? undefined : error),
  )
  const drawList = (): void => {
    names = [...new Set([...model.stores.keys(), ...known.keys()])].toSorted()
    list.follow = false
    list.update(names.length)
    if (chosen === undefined) choose(names.find((name) => name === lastStore.get(model)) ?? names[0])
    const at = names.indexOf(chosen?.def.name ?? '')
    if (at !== list.selected) list.select(at)
  }
  const choose = (name: string | undefined): void => {
    const def = model.stores.get(name ?? '')
    if (name === undefined || name === chosen?.def.name) return
    chosen?.destroy()
    chosen = undefined
    if (def === undefined) {
      fill(place, h('div', { class: 'empty' }, `${name}: its schema is not known yet.`))
      return
    }
    lastStore.set(model, name)
    chosen = openStore(model, def, parts, () => refresh.ask())
    fill(place, chosen.element)
    stale.add(name)
    refresh.ask()
  }

  return {
    update() {
      let asks = seen < 0
      const { added } = model.entries
      asks ||= added !== seen
      seen = added
      readNews()
      // An engine that has just come has said nothing yet; its stores are there all the same.
      if (model.hello !== undefined && known.size === 0) asks = true
      if (asks) refresh.ask()
      if (chosen?.drawEdits() === true) drawList()
    },
    goto({ path }) {
      if (path === undefined) return
      for (const def of model.stores.values()) {
        const found = parseAttributedPath(def, path)
        if (found === undefined) continue
        choose(def.name)
        chosen?.select(found)
        return
      }
    },
    destroy() {
      refresh.stop()
      chosen?.destroy()
      list.destroy()
    },
  }
}

function drawStore(row: HTMLElement, name: string, store: FeedStore | undefined, model: ClientModel): void {
  const status = store === undefined ? 'idle' : storeStatus(store, model.hello?.status.state)
  const edits = model.shown.get(name)?.length ?? 0
  const followed = store === undefined ? 0 : store.watches.length
  row.className = 'rv-row rv-store-row'
  row.title = `${status}${store?.error === undefined ? '' : `: ${store.error.what}`}`
  fill(
    row,
    h('span', { class: `rv-dot ${STATUS_CLASS[status]}` }),
    h('span', { class: 'rv-name' }, name),
    edits > 0 && h('span', { class: 'warn', title: `${edits} local values` }, '✎'),
    store?.fullStore === true &&
      h('span', { class: 'dim', title: 'The host sends whole states, whatever is asked for' }, 'whole'),
    h('span', { class: STATUS_CLASS[status] }, status),
    h(
      'span',
      { class: 'dim num', title: `${store?.keys.length ?? 0} keys asked of the host, ${followed} paths followed` },
      `${store?.keys.length ?? 0}⇄ ${followed}`,
    ),
  )
}
