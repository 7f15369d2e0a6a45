import { Client } from '@colyseus/sdk'
import { createElement, type ReactNode, useSyncExternalStore } from 'react'
import { Cell } from './cell.ts'

interface World {
  readonly entities: ReadonlyMap<string, { readonly x: number }>
}

/** Joins the room and shows what its first state has. */
export function startColyseus(port: number): ReactNode {
  const listeners = new Set<() => void>()
  let world: World | undefined
  void join()
  async function join(): Promise<void> {
    const room = await new Client(`http://127.0.0.1:${port}`).joinOrCreate<World>('world', { row: null })
    room.onStateChange((state) => {
      world = state
      for (const listener of listeners) listener()
    })
  }
  const subscribe = (listener: () => void): (() => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  const Row = (): ReactNode =>
    createElement(Cell, { x: useSyncExternalStore(subscribe, () => world?.entities.get('e0')?.x) })
  return createElement(Row)
}
