import { createElement, type ReactNode, useSyncExternalStore } from 'react'
import { Cell } from './cell.ts'

/** One request, one answer in JSON, nothing live afterwards. */
export function startFetch(port: number): ReactNode {
  const listeners = new Set<() => void>()
  let x: number | undefined
  void load()
  async function load(): Promise<void> {
    const answer = await fetch(`http://127.0.0.1:${port}/`)
    const rows = (await answer.json()) as readonly (readonly [string, { readonly x: number }])[]
    x = new Map(rows).get('e0')?.x
    for (const listener of listeners) listener()
  }
  const subscribe = (listener: () => void): (() => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  const Row = (): ReactNode => createElement(Cell, { x: useSyncExternalStore(subscribe, () => x) })
  return createElement(Row)
}
