import { io } from 'socket.io-client'
import type { OpenLive, Position } from '../live-model.ts'
import { createRecords } from './records.ts'

/** Socket.IO, JSON and zustand on the page: what an application builds with what it has. */
export const openJson: OpenLive = (url) => {
  const useRecords = createRecords()
  const socket = io(url, { transports: ['websocket'] })
  socket.on('state', (rows: readonly (Position & { readonly id: string })[]) => {
    useRecords.setState({ entities: Object.fromEntries(rows.map((row) => [row.id, row])) })
  })
  socket.on('moved', (moves: readonly (readonly [string, number, number])[]) => {
    useRecords.setState(({ entities }) => {
      const after: Record<string, Position> = { ...entities }
      for (const [id, x, y] of moves) {
        const entity = after[id]
        if (entity !== undefined) after[id] = { ...entity, x, y }
      }
      return { entities: after }
    })
  })
  return {
    useEntity: (id) => useRecords(({ entities }) => entities[id]),
    close: () => void socket.disconnect(),
  }
}
