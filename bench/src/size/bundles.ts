import type { Bundle } from './bundle-size.ts'

/** One row of the size benchmark. */
export interface SizedBundle extends Bundle {
  readonly scenario: string
  readonly contestant: string
  readonly packageName: string
  readonly ours: boolean
  readonly note?: string
}

const react = /^react(-dom)?(\/|$)/
const socket = /^socket\.io-client$/
// The worker as text and the engine for the page's own thread: loaded only where a worker file cannot be started.
const inline = /(^|\/)inline(-engine)?(\.[jt]s)?$/

// Loaded when it is first wanted: data streams, lists, sessions, kept states, tabs that share, askInitial, forgetOffline, and what devtools look into.
const onDemand =
  /\/(streams|prefetch|offline-database|create-tab-start|create-list-view|create-offline|resumption|serve-channel|attach-probe|inspect\/tap)\.ts$/

const app = 'page: what a small app imports'
const all = 'page: every export'
const worker = 'worker: fetched beside the page, run off its thread'
const total = 'all that a small app fetches, transport included'

const ours = { packageName: '@rivulet/client', ours: true, external: [react, inline] } as const
const small = { ...ours, external: [react, inline, onDemand] } as const
const page = { contestant: 'rivulet client + react', note: 'comlink included; two chunks' } as const
const toRender = {
  ...small,
  contestant: 'rivulet, the first chunk',
  note: 'enough to render; the second comes while the worker starts',
  upFront: true,
} as const
const peer = { ours: false, external: [react] } as const
const convex = { ...peer, packageName: 'convex', contestant: 'convex/react' } as const
const colyseus = { ...peer, packageName: '@colyseus/sdk', contestant: '@colyseus/sdk' } as const
const zustand = {
  ...peer,
  packageName: 'zustand',
  contestant: 'zustand',
  note: 'local state only, no network',
} as const

const inApp = {
  rivulet: new URL('entries/app/rivulet.ts', import.meta.url),
  convex: new URL('entries/app/convex.ts', import.meta.url),
  colyseus: new URL('entries/app/colyseus.ts', import.meta.url),
  zustand: new URL('entries/app/zustand.ts', import.meta.url),
  rivuletWithWorker: new URL('entries/app/rivulet-with-worker.ts', import.meta.url),
}
const whole = {
  rivulet: new URL('entries/all/rivulet.ts', import.meta.url),
  convex: new URL('entries/all/convex.ts', import.meta.url),
  colyseus: new URL('entries/all/colyseus.ts', import.meta.url),
  zustand: new URL('entries/all/zustand.ts', import.meta.url),
}
const inWorker = {
  rivulet: new URL('entries/worker/rivulet.ts', import.meta.url),
  socketIo: new URL('entries/worker/socket-io.ts', import.meta.url),
}

/** All bundles that are weighed. */
export const bundles: readonly SizedBundle[] = [
  { ...small, ...page, scenario: app, entry: inApp.rivulet },
  { ...toRender, scenario: app, entry: inApp.rivulet },
  { ...convex, scenario: app, entry: inApp.convex },
  { ...colyseus, scenario: app, entry: inApp.colyseus },
  { ...zustand, scenario: app, entry: inApp.zustand },
  { ...ours, ...page, note: 'comlink included; also what is loaded on demand', scenario: all, entry: whole.rivulet },
  { ...convex, scenario: all, entry: whole.convex },
  { ...colyseus, scenario: all, entry: whole.colyseus },
  { ...zustand, scenario: all, entry: whole.zustand },
  {
    ...ours,
    scenario: worker,
    contestant: 'rivulet worker, without socket.io-client',
    note: 'stores, calls, events',
    entry: inWorker.rivulet,
    external: [socket, onDemand],
  },
  {
    ...ours,
    scenario: worker,
    contestant: 'rivulet worker, with socket.io-client',
    note: 'stores, calls, events',
    entry: inWorker.rivulet,
    external: [onDemand],
  },
  {
    ...ours,
    scenario: worker,
    contestant: 'rivulet worker, with everything',
    note: 'and lists, sessions, kept states, streams, tabs, devtools; in one file',
    entry: inWorker.rivulet,
    external: [],
    onePiece: true,
  },
  {
    ...peer,
    scenario: worker,
    contestant: 'socket.io-client',
    packageName: 'socket.io-client',
    note: 'alone, for scale',
    entry: inWorker.socketIo,
  },
  {
    ...small,
    scenario: total,
    contestant: 'rivulet page + worker',
    note: 'page and worker weighed as one',
    entry: inApp.rivuletWithWorker,
  },
  { ...convex, scenario: total, entry: inApp.convex },
  { ...colyseus, scenario: total, entry: inApp.colyseus },
]
