import { ReStreamSocket } from '@boatkit-io/restream'
import { io } from 'socket.io-client'

const socket = io('https://harbour.example', { path: '/socket' })
export const rss = new ReStreamSocket(socket)

socket.on('connect', () => {
  void rss.markAuthenticated()
})
