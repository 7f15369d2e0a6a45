import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createHost, createStore, type Host, type HostOptions, type Store } from '@rivulet/server'
import { Server } from 'socket.io'
import { Credit, type LedgerStoreState, LedgerStore } from '../generated/schema.ts'

/** How a ledger is opened. */
export interface LedgerOptions {
  readonly epoch?: number
  /** A file that survives the host: calls are written there before they are answered, and read when the host comes back. */
  readonly journal?: string
  readonly rows?: number
  /** Engine.IO's heartbeat in milliseconds, where its own (25 s, 20 s) would take too long. */
  readonly heartbeat?: { readonly intervalMs: number; readonly timeoutMs: number }
  readonly host?: Omit<HostOptions, 'stores' | 'io' | 'server' | 'port'>
}

/** One store, served twice: viewers with sessions and viewers without cannot share an endpoint (session.md §7). */
export interface Ledger {
  readonly store: Store<LedgerStoreState>
  readonly hosts: Readonly<Record<HostKind, Host>>
  readonly ports: Readonly<Record<HostKind, number>>
  /** Changes `rows` rows and everything that depends on them, in one update. */
  step(rows?: number, noteBytes?: number): void
  close(): Promise<void>
}

/** `plain` forgets a viewer with its connection; `sessions` keeps it for 60 s. */
export type HostKind = 'plain' | 'sessions'

/** Opens both hosts on free ports. */
export async function openLedger(options: LedgerOptions = {}): Promise<Ledger> {
  const { epoch = 1, journal, rows = 20 } = options
  const credits = new Map<string, number>()
  if (journal !== undefined && existsSync(journal)) {
    for (const id of readFileSync(journal, 'utf8').split('\n'))
      if (id !== '') credits.set(id, (credits.get(id) ?? 0) + 1)
  }
  const names = Array.from({ length: rows }, (_, i) => `r${i}`)
  const store = createStore(LedgerStore, {
    epoch,
    tick: 0,
    mirror: 0,
    total: 0,
    rows: new Map(names.map((name) => [name, { left: 0, right: 0, note: '' }])),
    credits,
  })
  const plain = await openHost(store, options, {})
  const sessions = await openHost(store, options, {
    sessions: { identify: () => ({ ownerID: 'owner', scopeID: 'ledger', accessLevel: 0 }), perOwner: 10_000 },
  })
  for (const { host } of [plain, sessions]) {
    host.rpc(Credit, ({ id }) => {
      if (journal !== undefined) appendFileSync(journal, `${id}\n`)
      let ran = 0
      store.update((draft) => {
        ran = (draft.credits.get(id) ?? 0) + 1
        draft.credits.set(id, ran)
      })
      return ran
    })
  }
  let next = 0

  return {
    store,
    hosts: { plain: plain.host, sessions: sessions.host },
    ports: { plain: plain.port, sessions: sessions.port },
    step(count = 3, noteBytes = 0) {
      store.update((draft) => {
        draft.tick++
        draft.mirror = draft.tick
        for (let i = 0; i < count; i++) {
          const row = draft.rows.get(names[next++ % rows] as string)
          if (row === undefined) continue
          const left = (draft.tick * 7 + i * 3) % 1000
          draft.total += left - row.left
          row.left = left
          row.right = -left
          if (noteBytes > 0) row.note = String(draft.tick).padEnd(noteBytes, '.')
        }
      })
    },
    close: async () => {
      await Promise.all([plain.close(), sessions.close()])
    },
  }
}

async function openHost(
  store: Store<LedgerStoreState>,
  { heartbeat, host: extra }: LedgerOptions,
  more: Partial<HostOptions>,
): Promise<{ readonly host: Host; readonly port: number; close(): Promise<void> }> {
  const common = { stores: [store], path: '/socket', logger: null, ...extra, ...more }
  if (heartbeat === undefined) {
    const host = createHost({ ...common, port: 0, hostname: '127.0.0.1' })
    return { host, port: await host.listening, close: () => host.close() }
  }
  const http = createServer()
  await once(http.listen(0, '127.0.0.1'), 'listening')
  const io = new Server(http, {
    path: '/socket',
    serveClient: false,
    pingInterval: heartbeat.intervalMs,
    pingTimeout: heartbeat.timeoutMs,
  })
  const host = createHost({ ...common, io })
  return {
    host,
    port: (http.address() as AddressInfo).port,
    async close() {
      await host.close()
      // Connections that lead nowhere would keep it open.
      setImmediate(() => http.closeAllConnections())
      await io.close()
    },
  }
}
