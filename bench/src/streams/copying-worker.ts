import { decodeUnit } from '@rivulet/wire'
import type { Endpoint } from './format.ts'

// "Put it into a worker" without a plan: decoded there, and posted as it is, so every payload is copied.
addEventListener('message', ({ data }: MessageEvent<Endpoint>) => {
  const socket = new WebSocket(data.url, ['rsd1', data.token])
  socket.binaryType = 'arraybuffer'
  socket.addEventListener('message', (event) => {
    const { sequence, payload } = decodeUnit(event.data)
    postMessage({ sequence, payload })
  })
})
