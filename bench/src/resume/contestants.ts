import { type Child, startChild } from '../harness/child.ts'
import type { Setting } from './resume-host.ts'

/** Who takes part. */
export interface Contestant {
  readonly name: string
  readonly packageName: string
  readonly ours: boolean
  readonly note: string
}

/** Ours first is what the others are compared with. */
export const contestants: readonly Contestant[] = [
  { name: 'rivulet, session', packageName: '@rivulet/server', ours: true, note: 'one merged change' },
  { name: 'rivulet, subscribed again', packageName: '@rivulet/server', ours: true, note: 'the whole state' },
  { name: 'socket.io', packageName: 'socket.io', ours: false, note: 'state recovery: every packet that was missed' },
  { name: 'colyseus', packageName: '@colyseus/core', ours: false, note: 'allowReconnection: the whole state' },
]

/** How much is done. */
export interface Effort {
  readonly setting: Setting
  readonly viewers: number
  /** Changes while everybody is away: 20 a second for a minute. */
  readonly changes: number
  readonly rounds: number
}

/** The effort of a normal run, and of one that only proves that everything works. */
export function effortOf(short: boolean): Effort {
  return short
    ? { setting: { rows: 500, moved: 20 }, viewers: 10, changes: 40, rounds: 1 }
    : { setting: { rows: 10_000, moved: 100 }, viewers: 100, changes: 1200, rounds: 3 }
}

/** A contestant in its processes. */
export interface Running extends Contestant {
  readonly host: Child
  readonly viewers: Child
  /** For the first time. */
  connectAll(): Promise<void>
  close(): Promise<void>
}

/** Starts a host and makes its viewers, who are not connected yet. */
export async function run(contestant: Contestant, setting: Setting, count: number): Promise<Running> {
  const host = startChild(new URL('host-process.ts', import.meta.url), [contestant.name])
  const viewers = startChild(new URL('viewers-process.ts', import.meta.url), [contestant.name])
  const close = async (): Promise<void> => {
    await Promise.all([host.close(), viewers.close()])
  }
  try {
    const port = await host.ask<number>('start', { contestant: contestant.name, setting })
    await viewers.ask('make', { contestant: contestant.name, port, count })
  } catch (error) {
    await close()
    throw error
  }
  return {
    ...contestant,
    host,
    viewers,
    close,
    async connectAll() {
      for (let index = 0; index < count; index++) await viewers.ask('connect', { index, missed: 0 })
    },
  }
}
