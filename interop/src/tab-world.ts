import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { createHost, createStore, type Host, type HostOptions, type Store } from '@rivulet/server'
import { Server } from 'socket.io'
import { freshAccount } from './fresh-account.ts'
import { AccountStore, type AccountStoreState, Bell, Book, Tick } from './generated/schema.ts'

/** A host for several tabs, which knows who is connected and what they follow. */
export interface TabWorld {
  readonly url: string
  readonly host: Host
  readonly ledger: Store<AccountStoreState>
  /** Connections there are now. */
  connections(): number
  /** Connections there have ever been. */
  readonly accepted: number
  /** Bytes sent to browsers so far. */
  bytes(): number
  /** Keys of the ledger that are subscribed on the connections there are now, sorted. */
  keys(): string[]
  /** Calls that came, in order. */
  readonly booked: readonly number[]
  tick(n: number): void
  bell(n: number): void
  /** Ends every connection from the host's side. */
  cut(): void
  close(): Promise<void>
}

/** Starts one; `login` = viewers have to say `login` first. */
export async function tabWorld(options: { readonly login?: boolean } & Partial<HostOptions> = {}): Promise<TabWorld> {
  const { login = false, ...more } = options
  const http: HttpServer = createServer()
  const io = new Server(http, { path: '/socket', serveClient: false, pingInterval: 1000, pingTimeout: 5000 })
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done))
  const ledger = createStore(AccountStore, { ...freshAccount(), rows: new Map(rows()) })
  const booked: number[] = []
  const keys = new Map<string, Map<string, number>>()
  let accepted = 0
  let ended = 0
  const lines = new Set<Socket>()
  http.on('connection', (line: Socket) => {
    lines.add(line)
    line.on('close', () => {
      ended += line.bytesWritten
      lines.delete(line)
    })
  })
  io.use((socket, next) => {
    accepted++
    const mine = new Map<string, number>()
    keys.set(socket.id, mine)
    socket.on('storesub', ({ key = '', action }: { readonly key?: string; readonly action: number }) => {
      mine.set(key, (mine.get(key) ?? 0) + (action === 0 ? 1 : -1))
    })
    if (login) socket.on('login', () => socket.emit('welcome'))
    socket.on('disconnect', () => keys.delete(socket.id))
    next()
  })
  const host = createHost({ io, stores: [ledger], access: () => 1, logger: null, ...more })
  host.rpc(Book, ({ n }) => {
    booked.push(n)
    return n
  })
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    host,
    ledger,
    connections: () => io.engine.clientsCount,
    get accepted() {
      return accepted
    },
    bytes: () => [...lines].reduce((sum, { bytesWritten }) => sum + bytesWritten, ended),
    keys: () =>
      [...keys.values()]
        .flatMap((mine) => [...mine].filter(([, count]) => count > 0).map(([key]) => key))
        .toSorted((a, b) => (a < b ? -1 : 1)),
    booked,
    tick: (n) => host.emit(Tick, { n }),
    bell: (n) => host.keyedEvent(Bell).emit('door', { n }),
    cut: () => io.disconnectSockets(true),
    async close() {
      await host.close()
      await io.close()
    },
  }
}

function rows(): [string, number][] {
  return Array.from({ length: 10 }, (_, i) => [`r${i}`, i])
}
