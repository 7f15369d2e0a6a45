import { nodeAt, stateNode, type TypeNode } from '@rivulet/wire'
import { diffMoments, type Difference } from '../../../recording/diff-moments.ts'
import { historyOf } from '../../../recording/history.ts'
import type { Recording } from '../../../recording/recording.ts'
import { formatPath, previewValue } from '../../format-value.ts'
import { h, text } from '../../h.ts'
import { createVirtualList } from '../../virtual-list.ts'

/** A list of what differs between two moments. */
export interface DifferenceList {
  readonly element: HTMLElement
  show(recording: Recording, a: number, b: number, store: string): void
  destroy(): void
}

/** Makes the list; `chosen` hears of a place that somebody selects. */
export function createDifferenceList(chosen: (difference: Difference) => void): DifferenceList {
  let changes: readonly Difference[] = []
  let recording: Recording | undefined
  const summary = h('span', { role: 'status' })
  const preview = ({ store, path }: Difference, value: unknown): string => {
    if (value === undefined || recording === undefined) return '–'
    const { def } = historyOf(recording, store)
    const node: TypeNode | null = path.length === 0 ? stateNode(def) : nodeAt(def.types, stateNode(def), path)
    return node === null ? '–' : previewValue(def.types, node, value, 60)
  }
  const list = createVirtualList({
    height: 22,
    label: 'Differences',
    draw(row, index) {
      const change = changes[index]
      if (change === undefined) return
      if (row.childElementCount === 0)
        row.append(
          h('span', { class: 'path mono' }),
          h('span', { class: 'old mono' }),
          h('span', { class: 'new mono' }),
        )
      const [path, before, after] = row.children as unknown as [Element, Element, Element]
      text(path, `${change.store}.${formatPath(change.path)}`.replace(/\.(\[|$)/, '$1'))
      text(before, preview(change, change.before))
      text(after, preview(change, change.after))
    },
    chosen: (index) => {
      const change = changes[index]
      if (change !== undefined) chosen(change)
    },
  })
  return {
    element: h('div', { class: 'col rv-diff' }, h('div', { class: 'bar' }, summary), list.element),
    show(next, a, b, store) {
      recording = next
      const [from, to] = a < b ? [a, b] : [b, a]
      const found = diffMoments(next, from, to, store === '' ? {} : { store })
      changes = found.changes
      const count = changes.length + found.more
      const more = found.more > 0 ? `, the first ${changes.length} of them here` : ''
      text(
        summary,
        `${count === 0 ? 'Nothing differs' : `${count} ${count === 1 ? 'place differs' : 'places differ'}`} between messages ${from} and ${to}${more}`,
      )
      list.follow = false
      list.update(changes.length)
      list.element.scrollTop = 0
    },
    destroy: () => list.destroy(),
  }
}
