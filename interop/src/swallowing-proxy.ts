import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A TCP proxy whose connections can fall silent: both ends believe in them, and what they write is gone. */
export interface SwallowingProxy {
  readonly port: number
  /** Connections so far. */
  readonly accepted: number
  /** From now on the newest connection passes only so many bytes on, to the client and to the host; the rest is swallowed. */
  swallow(toClient?: number, toHost?: number): void
  /** Tells an end that the newest connection is gone; the other goes on believing in it. */
  cut(end: 'client' | 'host' | 'both'): void
  close(): Promise<void>
}

interface Pair {
  readonly client: Socket
  readonly host: Socket
  toClient: number
  toHost: number
}

/** Forwards to `target` on this machine. */
export async function swallowingProxy(target: number): Promise<SwallowingProxy> {
  const pairs: Pair[] = []
  const server = createServer((client) => {
    const host = connect(target, '127.0.0.1')
    const pair: Pair = { client, host, toClient: Infinity, toHost: Infinity }
    pairs.push(pair)
    client.setNoDelay(true)
    host.setNoDelay(true)
    host.on('data', (data) => {
      const part = data.subarray(0, Math.min(data.length, pair.toClient))
      pair.toClient -= part.length
      if (part.length > 0 && !client.destroyed) client.write(part)
    })
    client.on('data', (data) => {
      const part = data.subarray(0, Math.min(data.length, pair.toHost))
      pair.toHost -= part.length
      if (part.length > 0 && !host.destroyed) host.write(part)
    })
    // The news of an end is swallowed with everything else.
    host.on('close', () => {
      if (pair.toClient > 0) client.destroy()
    })
    client.on('close', () => {
      if (pair.toHost > 0) host.destroy()
    })
    for (const socket of [client, host]) socket.on('error', () => socket.destroy())
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const newest = (): Pair => {
    const pair = pairs.at(-1)
    if (pair === undefined) throw new Error('nobody has connected')
    return pair
  }
  return {
    port: (server.address() as AddressInfo).port,
    get accepted() {
      return pairs.length
    },
    swallow(toClient = 0, toHost = 0) {
      const pair = newest()
      pair.toClient = toClient
      pair.toHost = toHost
    },
    cut(end) {
      const pair = newest()
      // Whatever it still would pass on is lost too.
      pair.toClient = 0
      pair.toHost = 0
      if (end !== 'host') pair.client.destroy()
      if (end !== 'client') pair.host.destroy()
    },
    async close() {
      for (const { client, host } of pairs) {
        client.destroy()
        host.destroy()
      }
      await new Promise<void>((done) => server.close(() => done()))
    },
  }
}
