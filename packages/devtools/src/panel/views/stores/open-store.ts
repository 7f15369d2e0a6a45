import type { FeedStore, ProbeSubscriber } from '@rivulet/client/inspect'
import { decodeState, type Path, reconcile, type StoreDef, stateNode } from '@rivulet/wire'
import { applyWrites } from '../../apply-writes.ts'
import type { OnceLoaded } from '../../../once-loaded.ts'
import type { PanelWrite } from '../../../protocol.ts'
import type { ClientModel } from '../../client-model.ts'
import { formatPath } from '../../format-value.ts'
import { fill, h, messageOf, text } from '../../h.ts'
import type { LateParts } from '../../late-parts.ts'
import { createTree, type Tree, type TreeMark, type TreeRow } from '../../tree.ts'
import { valueInTree } from '../../tree-rows.ts'
import { describePlace } from './details.ts'
import type { FindLastChange, LastChange } from './last-change.ts'
import { isWithin, pathKey, withEdit, withoutEdit } from './local-edits.ts'

/** What is loaded when a place is first selected, and when one is first edited. */
export interface StoreParts {
  readonly lastChange: OnceLoaded<Awaited<ReturnType<LateParts['lastChange']>>>
  readonly valueEditor: OnceLoaded<Awaited<ReturnType<LateParts['valueEditor']>>>
}

/** The part of the view about one store. */
export interface OpenStore {
  readonly element: HTMLElement
  readonly def: StoreDef
  /** Asks for what may be new; resolves to how long it kept the thread, in milliseconds. */
  refresh(store: FeedStore | undefined, hasNews: boolean): Promise<number>
  /** Whether there are other local values than before. */
  drawEdits(): boolean
  /** Selects a place, as soon as there is a state. */
  select(path: Path): void
  destroy(): void
}

/** One array for all: whether the local values are others is told by identity. */
const NO_EDITS: readonly PanelWrite[] = []

/** Shows one store. `ask` asks for a refresh soon. */
export function openStore(model: ClientModel, def: StoreDef, parts: StoreParts, ask: () => void): OpenStore {
  let findLastChange: FindLastChange | undefined
  let store: FeedStore | undefined
  let subscribers: readonly ProbeSubscriber[] = []
  let counts: ReadonlyMap<string, number> = new Map()
  let host: unknown
  let shown: unknown
  let before: unknown
  const editsNow = (): readonly PanelWrite[] => model.shown.get(def.name) ?? NO_EDITS
  let edits = editsNow()
  let asked: typeof edits | undefined
  let change: LastChange | undefined
  let wanted: Path | undefined
  /** Counts what is shown in place of the editor: one that comes later than something else is not shown. */
  let turn = 0
  let ended = false

  const mark = (row: TreeRow): TreeMark | undefined => {
    const listening = counts.get(pathKey(row.path)) ?? 0
    const onWire = store?.keys.some(({ path }) => pathKey(path) === pathKey(row.path)) === true
    const notes = [onWire && '⇄', listening > 0 && `${listening} ◉`].filter(Boolean)
    return {
      note: notes.join(' '),
      class: edits.some(({ path }) => isWithin(row.path, path)) ? 'edited' : '',
    }
  }
  const details = h('div', { class: 'rv-details', role: 'region', 'aria-label': 'Selected place', tabIndex: 0 })
  const about = h('div')
  /** The editor, or the buttons. */
  const editing = h('div')
  /** What of them failed: beneath them, for the next try. */
  const failure = h('div', { class: 'bad', role: 'alert' })
  const changeFailure = h('div', { class: 'bad', role: 'alert' })
  details.append(editing, failure, about, changeFailure)
  const banner = h('div', { class: 'bar rv-local', role: 'status', hidden: true })
  const misfit = h('span', { class: 'bad' })
  const tree: Tree = createTree({
    label: `State of ${def.name}`,
    root: def.name,
    mark,
    chosen: (row) => {
      change = undefined
      text(changeFailure, '')
      closeEditor()
      drawDetails()
      void drawChange(row)
    },
    activated: () => openEditor(),
  })
  const body = h('div', { class: 'rv-place' }, tree.element, details)
  const nothing = h('div', { class: 'empty' }, 'Asking…')
  const element = h('div', { class: 'col' }, banner, nothing)

  const drawChange = async (row: TreeRow): Promise<void> => {
    if (row.inside) return
    const isLeft = (): boolean =>
      ended || tree.selected === undefined || pathKey(tree.selected.path) !== pathKey(row.path)
    try {
      findLastChange ??= (await parts.lastChange.get())(model, def)
      const found = await findLastChange(row.path, host)
      if (isLeft()) return
      change = found
      text(changeFailure, '')
      drawDetails()
    } catch (error) {
      // That the engine is gone the header says.
      if (model.hello !== undefined && !isLeft())
        text(changeFailure, `Its last change is not known: ${messageOf(error)}`)
    }
  }
  const drawDetails = (): void => {
    const row = tree.selected
    if (row === undefined) {
      closeEditor()
      return fill(about, h('div', { class: 'dim' }, 'Select a place to see who wants it, and to try other values.'))
    }
    const edited = edits.some(({ path }) => isWithin(row.path, path))
    // Links keep the focus: nothing is drawn again that is the same.
    const next = h(
      'div',
      {},
      ...describePlace({ def, row, store, subscribers, you: model.hello?.you, change, edited }).filter(
        (part) => part !== false,
      ),
    )
    if (next.textContent !== about.textContent) about.replaceChildren(...next.childNodes)
    if (editing.querySelector('form') === null) drawActions()
  }
  const say = (error: unknown): void => text(failure, messageOf(error))
  /**
   * Puts the buttons for what is selected in the editor's place. Those that are there stay while they are the same: a click is a press and a release of one element, so each asks what is selected when it is clicked.
   */
  const drawActions = (): void => {
    const row = tree.selected
    const next = row === undefined ? h('div') : actionsOf(row)
    if (next.textContent === editing.textContent) return
    const focused = editing.querySelector(':focus')
    fill(editing, next)
    if (focused === null) return
    const same = [...next.querySelectorAll('button')].find(({ textContent }) => textContent === focused.textContent)
    if (same === undefined) tree.focus()
    else same.focus()
  }
  const actionsOf = (row: TreeRow): HTMLElement => {
    if (row.inside) return h('div', { class: 'dim' }, 'This is inside a dynamic value, which is edited as a whole.')
    const own = edits.some(({ path }) => pathKey(path) === pathKey(row.path))
    return h(
      'div',
      { class: 'rv-buttons' },
      !row.member && h('button', { onclick: () => openEditor(), title: 'Enter' }, 'Edit on this page'),
      isRemovable(row) &&
        h('button', { onclick: () => attemptHere((all, path) => withEdit(all, { path, bytes: null })) }, 'Remove'),
      own && h('button', { onclick: () => attemptHere(withoutEdit) }, 'Undo'),
    )
  }
  const isRemovable = (row: TreeRow): boolean => {
    if (row.member) return true
    if (row.path.length === 0) return false
    const above = valueInTree(def.types, stateNode(def), shown, row.path.slice(0, -1))?.node.kind
    return above === 'map' || (above === 'array' && row.position === row.siblings)
  }
  const closeEditor = (): void => {
    turn++
    text(failure, '')
    drawActions()
  }
  const openEditor = (): void => {
    const row = tree.selected
    if (row === undefined || row.inside || row.member) return
    text(failure, row.children > 20_000 ? 'This is too large to be edited as a whole: edit an entry of it.' : '')
    if (row.children <= 20_000) void fillEditor(++turn)
  }
  const fillEditor = async (mine: number): Promise<void> => {
    try {
      const createValueEditor = await parts.valueEditor.get()
      // As it is by now.
      const row = tree.selected
      if (ended || mine !== turn || row === undefined) return
      const label = row.path.length === 0 ? def.name : formatPath(row.path)
      const editor = createValueEditor(
        { types: def.types, node: row.node, value: row.value, label },
        (bytes) => show((all) => withEdit(all, { path: row.path, bytes })),
        // The page may answer when another place is edited already.
        () => mine === turn && closeEditor(),
      )
      fill(editing, editor)
      editor.querySelector<HTMLElement>('input,textarea,select')?.focus()
    } catch (error) {
      if (!ended && mine === turn) say(error)
    }
  }
  const show = async (edit: (all: typeof edits) => typeof edits): Promise<void> => {
    // Counts from what was asked for last, which the page may not have answered yet.
    asked = edit(asked ?? editsNow())
    const mine = asked
    try {
      await model.show(def.name, mine)
    } finally {
      if (asked === mine) asked = undefined
    }
    ask()
  }
  const attempt = (edit: Parameters<typeof show>[0]): void => {
    text(failure, '')
    show(edit).catch(say)
  }
  const attemptHere = (edit: (all: typeof edits, path: Path) => typeof edits): void => {
    const path = tree.selected?.path
    if (path !== undefined) attempt((all) => edit(all, path))
  }
  const drawBanner = (): void => {
    banner.hidden = edits.length === 0
    fill(
      banner,
      h(
        'span',
        { class: 'warn' },
        `✎ ${edits.length} local ${edits.length === 1 ? 'value' : 'values'}, on this page only:`,
      ),
      ...edits.slice(0, 8).map(({ path }) => {
        const name = path.length === 0 ? 'everything' : formatPath(path)
        return h(
          'span',
          { class: 'rv-chip mono' },
          name,
          ' ',
          h(
            'button',
            {
              class: 'rv-link',
              'aria-label': `Undo ${name}`,
              onclick: () => attempt((all) => withoutEdit(all, path)),
            },
            '×',
          ),
        )
      }),
      edits.length > 8 && h('span', { class: 'dim' }, `and ${edits.length - 8} more`),
      misfit,
      h('span', { class: 'grow' }),
      h('button', { onclick: () => attempt(() => []) }, 'Undo all'),
    )
  }
  /** The host's state with the local values over it; without those where they do not fit, which is said. */
  const stateShown = (): unknown => {
    try {
      text(misfit, '')
      return applyWrites(def, host, edits)
    } catch (error) {
      text(misfit, messageOf(error))
      return host
    }
  }
  const drawTree = (): void => {
    const next = host === undefined ? undefined : reconcile(def, shown, stateShown())
    if (next === undefined) {
      text(
        nothing,
        store === undefined || store.keys.length === 0
          ? 'Nobody follows this store, so the engine has no state of it.'
          : 'No state has arrived yet.',
      )
      if (body.isConnected) body.replaceWith(nothing)
      shown = before = undefined
      return
    }
    // What changed stays marked until something else changes.
    if (next !== shown) before = shown
    shown = next
    if (!body.isConnected) nothing.replaceWith(body)
    tree.show(def.types, stateNode(def), shown, before)
    if (wanted !== undefined && tree.select(wanted)) wanted = undefined
    drawDetails()
  }

  drawBanner()
  return {
    element,
    def,
    async refresh(next, hasNews) {
      store = next
      subscribers = await model.subscribers(def.name)
      counts = new Map(subscribers.map(({ path, origins }) => [pathKey(path), origins.length]))
      if (ended) return 0
      if (!hasNews && host !== undefined) {
        const from = performance.now()
        tree.redraw()
        drawDetails()
        return performance.now() - from
      }
      const checkpoint = await model.state(def.name)
      if (ended) return 0
      const from = performance.now()
      if (checkpoint === null || store === undefined || store.keys.length === 0) host = undefined
      else {
        const fresh = decodeState(def, checkpoint.state)
        host = host === undefined ? fresh : reconcile(def, host, fresh)
      }
      drawTree()
      const row = tree.selected
      if (row !== undefined) void drawChange(row)
      return performance.now() - from
    },
    drawEdits() {
      const next = editsNow()
      if (next === edits) return false
      edits = next
      drawBanner()
      drawTree()
      return true
    },
    select(path) {
      wanted = tree.select(path) ? undefined : path
    },
    destroy() {
      ended = true
      tree.destroy()
    },
  }
}
