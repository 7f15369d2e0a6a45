import { createElement } from 'react'
import { createRoot } from 'react-dom/client'
import { type ReactContestant, type RowState, Table } from './table.ts'
import { untilShown } from './until-shown.ts'

/** How many rows there are, how many change at once, how many updates are timed each time the table is mounted. */
export interface Plan {
  readonly rows: number
  readonly changed: number
  readonly warmUps: number
  readonly updates: number
}

/** Samples of one mounted table, milliseconds. */
export interface RoundSamples {
  readonly mount: number
  readonly updates: readonly number[]
}

const rowsOf = (count: number): RowState[] =>
  Array.from({ length: count }, (_, i) => ({ id: `r${i}`, name: `Row number ${i}`, value: 0 }))

/** A task of its own, after which React has run its passive effects and the browser had a chance to paint. */
function idle(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
}

/** Mounts one table, times its updates, unmounts it. */
export async function playRound(contestant: ReactContestant, plan: Plan): Promise<RoundSamples> {
  const rows = rowsOf(plan.rows)
  const model = await contestant.create(rows)
  const container = document.createElement('div')
  document.body.append(container)
  const root = createRoot(container)
  try {
    const mount = await untilShown(
      container,
      () => root.render(createElement(Table, { ids: rows.map(({ id }) => id), model })),
      () => container.querySelectorAll('li').length === plan.rows,
    )
    await idle()
    await model.mounted?.()
    await idle()
    const cells = new Map(
      Array.from(container.querySelectorAll('li'), (li) => [li.dataset.id, li.querySelector('b')] as const),
    )
    const updates: number[] = []
    for (let turn = 0; turn < plan.warmUps + plan.updates; turn++) {
      // Another place in the table every time, and a value that nothing has shown before.
      const ids = Array.from({ length: plan.changed }, (_, i) => {
        const row = rows[(Math.floor((i * plan.rows) / plan.changed) + turn * 7) % plan.rows]
        return row?.id ?? ''
      })
      const text = String(turn + 1)
      model.prepare?.(ids, turn + 1)
      const ms = await untilShown(
        container,
        () => model.set(ids, turn + 1),
        () => ids.every((id) => cells.get(id)?.textContent === text),
      )
      if (turn >= plan.warmUps) updates.push(ms)
      await idle()
    }
    return { mount, updates }
  } finally {
    root.unmount()
    container.remove()
    await model.dispose?.()
  }
}
