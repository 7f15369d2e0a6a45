import { createHost, createStore, type HostOptions } from '@rivulet/server'
import { WorldStore } from '../../generated/schema.ts'
import { AWAY_S, movesOf, rowsOf, type LiveHost, type Setting, type StartLiveHost } from '../live-host.ts'

async function start(setting: Setting, options: Partial<HostOptions>): Promise<LiveHost> {
  const world = createStore(WorldStore, { entities: new Map(rowsOf(setting)) })
  const host = createHost({ port: 0, hostname: '127.0.0.1', stores: [world], logger: null, ...options })
  const moves = movesOf(setting)
  return {
    port: await host.listening,
    connected: () => host.viewers.length,
    change(round) {
      world.update(({ entities }) => {
        for (const { id, x, y } of moves(round)) {
          const row = entities.get(id)
          if (row === undefined) throw new Error(`The world has no entity ${id}.`)
          row.x = x
          row.y = y
        }
      })
    },
  }
}

/** Rivulet's host as it comes: who comes back subscribes again. */
export const startRivulet: StartLiveHost = (setting) => start(setting, {})

/** With sessions: who comes back gets what has changed meanwhile. */
export const startRivuletSessions: StartLiveHost = (setting) => {
  const identify = (): { ownerID: string; scopeID: string } => ({ ownerID: 'bench', scopeID: 'bench' })
  return start(setting, { sessions: { identify, perOwner: 10_000, detachedMs: AWAY_S * 1000 } })
}
