import { io, type Socket } from 'socket.io-client'

/** The host's message: a full state or a delta. */
export interface StoreUpdate {
  readonly storeName: string
  readonly kind: number
  readonly state?: ArrayBuffer
  readonly partial?: ArrayBuffer
}

/** Follows the whole store `storeName` by hand, for the contestants that have no client of their own in this comparison. */
export function followStore(url: string, storeName: string, onUpdate: (update: StoreUpdate) => void): Socket {
  const socket = io(url, { path: '/socket', transports: ['websocket'] })
  socket.on('connect', () => socket.emit('storesub', { storeName, action: 0, key: '' }))
  socket.on('storeupdate', onUpdate)
  return socket
}
