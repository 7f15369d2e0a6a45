import { ReStreamSocket } from '@boatkit-io/restream'
import { io } from 'socket.io-client'
import { token } from './token.ts'

export const rss = new ReStreamSocket(io('https://harbour.example', { path: '/socket' }), {
  authenticate: async (link) => {
    await link.emit('login', token())
    await link.once('welcome')
  },
})
