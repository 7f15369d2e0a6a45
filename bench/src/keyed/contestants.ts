import type { Setting } from './setting.ts'

/** A host with a tick that the benchmark gives. */
export interface KeyedHost {
  readonly port: number
  /** Changes x of every row, and has it sent. */
  tick(tick: number): void
}

/** A viewer that counts messages. */
export interface KeyedViewer {
  /** Resolves once that many have arrived since it joined. */
  reach(messages: number): Promise<void>
  close(): void
}

/** One way to look at ten fields. */
export interface Contestant {
  readonly name: string
  readonly packageName: string
  readonly ours: boolean
  readonly note: string
  /** Whoever sends everything in the same form. */
  readonly wholeOf?: string
  /** How many messages a tick is. */
  messages(setting: Setting): number
  start(setting: Setting): Promise<KeyedHost>
  join(port: number, ids: readonly string[]): Promise<KeyedViewer>
}

const one = (): number => 1

/** Ours first. */
export const contestants: readonly Contestant[] = [
  {
    name: 'rivulet, ten keys',
    packageName: '@rivulet/server',
    ours: true,
    note: 'what useStore on ten fields asks for',
    wholeOf: 'rivulet, whole store',
    messages: one,
    start: async (setting) => (await import('./hosts/rivulet.ts')).start(setting),
    join: async (port, ids) => (await import('./hosts/rivulet.ts')).join(port, ids),
  },
  {
    name: 'rivulet, whole store',
    packageName: '@rivulet/server',
    ours: true,
    note: "delivery: 'store'",
    messages: one,
    start: async (setting) => (await import('./hosts/rivulet.ts')).start(setting),
    join: async (port) => (await import('./hosts/rivulet.ts')).join(port, null),
  },
  {
    name: 'colyseus, StateView',
    packageName: '@colyseus/core',
    ours: false,
    note: 'a view with the ten rows for each client',
    wholeOf: 'colyseus, everything',
    messages: one,
    start: async (setting) => (await import('./hosts/colyseus.ts')).start(setting, true),
    join: async (port, ids) => (await import('./hosts/colyseus.ts')).join(port, ids),
  },
  {
    name: 'colyseus, everything',
    packageName: '@colyseus/core',
    ours: false,
    note: 'as it comes',
    messages: one,
    start: async (setting) => (await import('./hosts/colyseus.ts')).start(setting, false),
    join: async (port, ids) => (await import('./hosts/colyseus.ts')).join(port, ids),
  },
  {
    name: 'socket.io JSON, a room per field',
    packageName: 'socket.io',
    ours: false,
    note: 'ten messages',
    wholeOf: 'socket.io JSON, everything',
    messages: ({ watched }) => watched,
    start: async (setting) => (await import('./hosts/json.ts')).start(setting),
    join: async (port, ids) => (await import('./hosts/json.ts')).join(port, ids),
  },
  {
    name: 'socket.io JSON, everything',
    packageName: 'socket.io',
    ours: false,
    note: 'one message of [id, x] pairs',
    messages: one,
    start: async (setting) => (await import('./hosts/json.ts')).start(setting),
    join: async (port) => (await import('./hosts/json.ts')).join(port, null),
  },
]
