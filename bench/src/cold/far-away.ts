import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** The way to a server that is not next door. */
export interface FarAway {
  readonly port: number
  close(): Promise<void>
}

function carry(from: Socket, to: Socket, ms: number): void {
  from.on('data', (bytes) => void setTimeout(() => to.write(bytes), ms))
  from.on('close', () => void setTimeout(() => to.destroy(), ms))
  // The other end hears of it through 'close'.
  from.on('error', () => undefined)
}

/** Leads to the local port `port`, with `ms` milliseconds each way. The handshake of TCP itself takes no time. */
export async function farAway(port: number, ms: number): Promise<FarAway> {
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    for (const socket of [near, far]) {
      socket.setNoDelay(true)
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
    }
    carry(near, far, ms)
    carry(far, near, ms)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
