import { formatBytes, formatTime } from '../../format-units.ts'
import { h, text } from '../../h.ts'
import { createVirtualList } from '../../virtual-list.ts'
import type { Moment } from './moments.ts'

/** The moments as a list, of which only visible rows are elements. */
export interface MomentList {
  readonly element: HTMLElement
  show(moments: readonly Moment[]): void
  select(index: number): void
  destroy(): void
}

/** Makes the list; `chosen` hears of the index that somebody selects. */
export function createMomentList(chosen: (index: number) => void): MomentList {
  let moments: readonly Moment[] = []
  const list = createVirtualList({
    height: 22,
    label: 'Moments',
    draw(row, at) {
      const moment = moments[at]
      if (moment === undefined) return
      if (row.childElementCount === 0)
        row.append(h('span', { class: 'dim num' }), h('span', { class: 'what' }), h('span', { class: 'dim num' }))
      const [time, what, size] = row.children as unknown as [Element, Element, Element]
      text(time, formatTime(moment.at))
      text(what, moment.store === undefined ? moment.what : `${moment.store} ${moment.what}`)
      what.className = `what ${moment.kind === 'resync' ? 'bad' : moment.kind === 'connection' ? 'warn' : ''}`
      text(size, moment.kind === 'update' ? formatBytes(moment.bytes) : '')
    },
    chosen,
  })
  list.follow = false
  return {
    element: list.element,
    show(next) {
      moments = next
      list.update(moments.length)
    },
    select: (index) => list.select(index),
    destroy: () => list.destroy(),
  }
}
