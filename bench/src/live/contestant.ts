import type { LiveHostName } from './live-host.ts'

/** The contestants by name. */
export type LiveName =
  | 'rivulet'
  | 'rivulet, session'
  | 'rivulet, shared worker'
  | 'rivulet, leader'
  | 'colyseus'
  | 'naive worker and zustand'
  | 'socket.io, JSON and zustand'

/** One way to bring a host's state into React, as the bench knows it; what it does on the page is in `open`. */
export interface LiveContestant {
  readonly name: LiveName
  readonly packageName: string
  readonly ours: boolean
  readonly note: string
  readonly host: LiveHostName
}

/** Everybody who is compared, ours first. Those that share an engine among tabs are in `memory` only. */
export const liveContestants: readonly LiveContestant[] = [
  {
    name: 'rivulet, session',
    packageName: '@rivulet/react',
    ours: true,
    note: 'useStore, a path per row; the host keeps sessions',
    host: 'rivulet, sessions',
  },
  { name: 'rivulet', packageName: '@rivulet/react', ours: true, note: 'useStore, a path per row', host: 'rivulet' },
  {
    name: 'colyseus',
    packageName: '@colyseus/sdk',
    ours: false,
    note: 'callbacks per entity and useSyncExternalStore',
    host: 'colyseus',
  },
  {
    name: 'naive worker and zustand',
    packageName: 'zustand',
    ours: false,
    note: "Rivulet's decoder in a worker, posts {path, value} objects",
    host: 'rivulet',
  },
  {
    name: 'socket.io, JSON and zustand',
    packageName: 'socket.io-client',
    ours: false,
    note: 'on the page; a selector per row',
    host: 'json',
  },
]
