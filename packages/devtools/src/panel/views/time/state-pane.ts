import { isRivuletError, type Path, stateNode } from '@rivulet/wire'
import { changedPaths, type History, historyOf } from '../../../recording/history.ts'
import type { Recording } from '../../../recording/recording.ts'
import { formatPath } from '../../format-value.ts'
import { fill, h } from '../../h.ts'
import { createTree, type Tree } from '../../tree.ts'

/** The state of a store at a moment, with what the moment changed. */
export interface StatePane {
  readonly element: HTMLElement
  show(recording: Recording, store: string, seq: number): void
  select(path: Path): void
  destroy(): void
}

/** Changed places that are named. */
const NAMED = 6

/** Makes the pane. It keeps a tree per store, so that what is unfolded stays when stores take turns. */
export function createStatePane(): StatePane {
  const trees = new Map<string, Tree>()
  const changed = h('div', { class: 'rv-changed mono', 'aria-label': 'Changed by this message' })
  const body = h('div', { class: 'col' })
  let current: Tree | undefined

  const treeOf = (store: string): Tree => {
    let tree = trees.get(store)
    if (tree === undefined) trees.set(store, (tree = createTree({ label: `State of ${store}`, root: store })))
    return tree
  }
  const say = (text: string): void => {
    current = undefined
    fill(changed)
    fill(body, h('div', { class: 'empty' }, text))
  }

  return {
    element: h('div', { class: 'col' }, changed, body),
    show(recording, store, seq) {
      try {
        const history = historyOf(recording, store)
        // The moment before first: neighbours share what is equal, and the tree marks the rest.
        const before = stateBefore(history, seq)
        const state = history.at(seq)
        if (state === undefined) return say(`Nothing is known of ${store} at this moment.`)
        const tree = treeOf(store)
        if (current !== tree) fill(body, tree.element)
        current = tree
        tree.show(history.def.types, stateNode(history.def), state, before)
        const paths = changedPaths(history.def, before, state)
        const names = paths
          .slice(0, NAMED)
          .map((path) =>
            h(
              'button',
              { title: `Shows ${formatPath(path)}`, onclick: () => tree.select(path) },
              formatPath(path) || 'everything',
            ),
          )
        const more = paths.length - names.length
        fill(
          changed,
          h('span', { class: 'dim' }, paths.length === 0 ? 'Changes nothing' : 'Changed:'),
          ...names,
          more > 0 && h('span', { class: 'dim' }, `and ${more} more`),
        )
      } catch (e) {
        say(e instanceof Error ? e.message : String(e))
      }
    },
    select: (path) => void current?.select(path),
    destroy() {
      for (const tree of trees.values()) tree.destroy()
    },
  }
}

/** A message before that could not be read does not keep a whole state from being shown. */
function stateBefore(history: History, seq: number): unknown {
  try {
    return history.at(seq - 1)
  } catch (e) {
    if (isRivuletError(e)) return undefined
    throw e
  }
}
