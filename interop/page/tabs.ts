import { type Client, type ClientOptions, createClient, type PathOf } from '@rivulet/client'
import type { Types } from '@rivulet/wire'
import { AccountStore, type AccountStoreState, Bell, Book, Tick } from '../src/generated/schema.ts'

// One of several tabs of an app. The test says what it does and reads what it got.

/** What a tab has seen since it was opened. */
export interface TabReport {
  readonly mode: string
  readonly connection: string
  readonly errors: readonly string[]
  /** By path: value and status. */
  readonly paths: Readonly<Record<string, readonly [value: unknown, status: string]>>
  /** Every status that a path has had, in order. */
  readonly statuses: readonly string[]
  readonly ticks: readonly number[]
  readonly bells: readonly number[]
  /** How often this tab has logged in. */
  readonly logins: number
  /** How often any path has notified. */
  readonly notified: number
}

export interface TabOptions extends Pick<ClientOptions, 'url' | 'tabs' | 'identity' | 'sessions' | 'worker'> {
  /** The tab logs in through `authenticate`; `hang` = it never finishes. */
  readonly login?: 'fine' | 'hang'
  /** Another definition of the store, as a later build of the app may have. */
  readonly otherSchema?: boolean
}

/** What the test calls. */
export interface Tab {
  open(options: TabOptions): void
  follow(path: PathOf<AccountStoreState>): void
  unfollow(): void
  listen(): void
  book(n: number): Promise<string>
  connect(): void
  disconnect(): void
  dispose(): Promise<void>
  report(): TabReport
}

declare global {
  interface Window {
    tab: Tab
  }
}

let client: Client | undefined
let def = AccountStore
let mode = ''
let logins = 0
let notified = 0
const errors: string[] = []
const statuses: string[] = []
const ticks: number[] = []
const bells: number[] = []
const followed = new Map<string, { readonly path: PathOf<AccountStoreState>; readonly stop: () => void }>()

function here(): Client {
  if (client === undefined) throw new Error('open the tab first')
  return client
}

/** The schema of a later build: one field more. */
function withNote([table = {}]: Types): Types {
  const { form = 'partial', fields = [] } = table['ledger.State'] ?? {}
  const note = { name: 'note', id: 9, type: { kind: 'string' } } as const
  return [{ ...table, 'ledger.State': { form, fields: [...fields, note] } }]
}

const plain = (value: unknown): unknown => (value instanceof Map ? Object.fromEntries(value) : value)

window.tab = {
  open({ login, otherSchema = false, ...options }) {
    if (otherSchema) def = { ...AccountStore, types: withNote(AccountStore.types) }
    client = createClient({
      ...options,
      reconnect: { minMs: 20, maxMs: 100 },
      graceMs: 20,
      onError: (e) => errors.push(`${e.code}: ${e.message}`),
      ...(login === undefined
        ? {}
        : {
            async authenticate(link) {
              logins++
              await link.emit('login', 'ann')
              if (login === 'hang') await new Promise(() => undefined)
              await link.once('welcome')
            },
          }),
    })
    void client.mode.then((m) => (mode = m))
  },
  follow(path) {
    const store = here().store(def)
    const key = JSON.stringify(path)
    const stop = store.subscribe(path, () => notified++)
    const note = (): void => void statuses.push(`${key} ${store.status(path)}`)
    const stopStatus = store.subscribeStatus(path, note)
    followed.set(key, {
      path,
      stop() {
        stop()
        stopStatus()
      },
    })
  },
  unfollow() {
    for (const { stop } of followed.values()) stop()
    followed.clear()
  },
  listen() {
    here().on(Tick, ({ n }) => ticks.push(n))
    here().on(Bell, 'door', ({ n }) => bells.push(n))
  },
  book: (n) =>
    here()
      .call(Book, { n })
      .then(
        (result) => `booked ${result}`,
        (e: { readonly code: string }) => e.code,
      ),
  connect: () => here().connect(),
  disconnect: () => here().disconnect(),
  dispose: () => here().dispose(),
  report() {
    const store = here().store(def)
    const paths = [...followed].map(([key, { path }]) => [key, [plain(store.get(path)), store.status(path)]] as const)
    return {
      mode,
      connection: here().connection.get().state,
      errors,
      paths: Object.fromEntries(paths),
      statuses,
      ticks,
      bells,
      logins,
      notified,
    }
  },
}
