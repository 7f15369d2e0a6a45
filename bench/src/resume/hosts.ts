import { createHost, createStore, type HostOptions } from '@rivulet/server'
import { encodeDelta, encodeState } from '@rivulet/wire'
import { Server } from 'socket.io'
import { WorldStore } from '../generated/schema.ts'
import { listening } from '../hosts/listening.ts'
import { AWAY_S, changesOf, rowsOf, type ResumeHost, type Setting, type StartResumeHost } from './resume-host.ts'

async function rivulet(setting: Setting, options: Partial<HostOptions>): Promise<ResumeHost> {
  const world = createStore(WorldStore, { entities: new Map(rowsOf(setting)) })
  const host = createHost({ port: 0, hostname: '127.0.0.1', stores: [world], ...options })
  const movesOf = changesOf(setting)
  return {
    port: await host.listening,
    connected: () => host.viewers.length,
    change(round) {
      world.update(({ entities }) => {
        for (const { id, x, y } of movesOf(round)) Object.assign(entities.get(id) ?? {}, { x, y })
      })
    },
  }
}

/** The session keeps one merged change per viewer. */
const startSessions: StartResumeHost = (setting) => {
  const identify = (): { ownerID: string; scopeID: string } => ({ ownerID: 'bench', scopeID: 'bench' })
  return rivulet(setting, { sessions: { identify, perOwner: 10_000, detachedMs: AWAY_S * 1000 } })
}

/** Without sessions: whoever comes back subscribes again and gets the whole state. */
const startResubscribed: StartResumeHost = (setting) => rivulet(setting, {})

/** Connection state recovery: the adapter keeps every packet, and sends those that were missed. */
const startSocketIo: StartResumeHost = async (setting) => {
  const { http, port } = await listening()
  const io = new Server(http, {
    path: '/socket',
    serveClient: false,
    connectionStateRecovery: { maxDisconnectionDuration: AWAY_S * 1000 },
  })
  const storeName = WorldStore.name
  const state = Buffer.from(encodeState(WorldStore, { entities: new Map(rowsOf(setting)) }))
  const movesOf = changesOf(setting)
  io.on('connection', (socket) => {
    socket.on('storesub', () => socket.emit('storeupdate', { time: Date.now(), kind: 0, storeName, state }))
  })
  return {
    port,
    connected: () => io.sockets.sockets.size,
    change(round) {
      const mods = new Map(movesOf(round).map(({ id, x, y }) => [id, { x: { set: x }, y: { set: y } }]))
      const partial = Buffer.from(encodeDelta(WorldStore, { entities: { mods } }))
      io.emit('storeupdate', { time: Date.now(), kind: 2, storeName, partial })
    },
  }
}

/** The hosts by name. */
export const hosts: Readonly<Record<string, () => Promise<StartResumeHost>>> = {
  'rivulet, session': async () => startSessions,
  'rivulet, subscribed again': async () => startResubscribed,
  'socket.io': async () => startSocketIo,
  colyseus: async () => (await import('./colyseus-host.ts')).startColyseus,
}
