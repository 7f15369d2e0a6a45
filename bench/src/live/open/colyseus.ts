import { Callbacks, Client } from '@colyseus/sdk'
import { useCallback, useSyncExternalStore } from 'react'
import type { OpenLive, Position } from '../live-model.ts'

interface EntityState extends Position {
  readonly id: string
}

interface WorldState {
  readonly entities: { get(id: string): EntityState | undefined }
}

/** Colyseus's SDK: its callbacks on the entities that are shown, read by React's own hook for outside stores. */
export const openColyseus: OpenLive = async (url) => {
  const room = await new Client(url).joinOrCreate('world')
  // By default a room that has been up for less than five seconds is not returned to.
  room.reconnection.minUptime = 0
  await new Promise<void>((resolve) => {
    room.onStateChange.once(() => resolve())
  })
  const state = room.state as unknown as WorldState
  const callbacks = Callbacks.get(room as never) as unknown as {
    onChange(instance: EntityState, listener: () => void): () => void
  }
  const images = new Map<string, Position>()
  // Colyseus changes its objects in place; React wants another one only when something else is to be shown.
  const read = (id: string): Position | undefined => {
    const entity = state.entities.get(id)
    const image = images.get(id)
    if (entity === undefined || (image?.x === entity.x && image.y === entity.y)) return image
    const { x, y } = entity
    images.set(id, { x, y })
    return images.get(id)
  }
  const follow = (id: string, listener: () => void): (() => void) => {
    const entity = state.entities.get(id)
    if (entity === undefined) throw new Error(`The state has no entity ${id}.`)
    return callbacks.onChange(entity, listener)
  }
  return {
    useEntity(id) {
      // Another function would make React subscribe again after every render.
      const subscribe = useCallback((listener: () => void) => follow(id, listener), [id])
      return useSyncExternalStore(subscribe, () => read(id))
    },
    close: async () => void (await room.leave()),
  }
}
