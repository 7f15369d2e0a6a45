import { Client } from '@colyseus/sdk'
import { useSyncExternalStore } from 'react'
import type { UseX } from './page.ts'

interface World {
  readonly entities: ReadonlyMap<string, { readonly x: number }>
}

/** Joins the room and shows what its first state has. */
export function startColyseus(port: number): UseX {
  const listeners = new Set<() => void>()
  let world: World | undefined
  void new Client(`http://127.0.0.1:${port}`).joinOrCreate<World>('world', { row: null }).then((room) => {
    room.onStateChange((state) => {
      world = state
      for (const listener of listeners) listener()
    })
  })
  const subscribe = (listener: () => void): (() => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  return () => useSyncExternalStore(subscribe, () => world?.entities.get('e0')?.x)
}
