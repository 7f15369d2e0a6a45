import { EventEmitter, once } from 'node:events'
import type { Server as HttpServer } from 'node:http'
import { Server } from 'socket.io'

/** A prepared stream: a full state and deltas that take turns. */
export interface Recording {
  readonly storeName: string
  readonly full: Uint8Array
  readonly deltas: readonly Uint8Array[]
  /** Deltas that end a play and occur nowhere else: once the page shows one, it has shown everything. */
  readonly endings: readonly Uint8Array[]
}

/** Replays recordings to whoever subscribes. It never encodes while somebody measures. */
export interface ReplayHost {
  /** Sends `count` deltas of `storeName` at `perSecond`, the last one being that `ending`; resolves when it is on its way. */
  play(storeName: string, count: number, perSecond: number, ending: number): Promise<void>
  /** What it has from now on. */
  load(recordings: readonly Recording[]): void
  /** From now on full states wait for {@link ReplayHost.release}. */
  hold(): void
  /** Resolves once somebody waits for the full state of `storeName`. */
  awaited(storeName: string): Promise<void>
  /** Sends the full states that are waited for. */
  release(): void
  /** Closes the connections and the HTTP server. */
  close(): Promise<void>
}

/** A host on `http` that knows just enough of the protocol to serve whole stores. */
export function replayHost(http: HttpServer): ReplayHost {
  const io = new Server(http, { path: '/socket', serveClient: false, transports: ['websocket'] })
  const byName = new Map<string, Recording>()
  const sendings = new EventEmitter()
  let waiting: (() => void)[] = []
  let holding = false
  io.on('connection', (socket) => {
    socket.on('storesub', ({ storeName, action, key }: { storeName: string; action: number; key?: string }) => {
      if (action !== 0) return
      const recording = byName.get(storeName)
      // A silent host would leave the benchmark waiting for an answer that cannot come.
      if (recording === undefined || (key !== undefined && key !== '')) {
        socket.disconnect(true)
        return
      }
      void socket.join(storeName)
      const send = (): void => {
        socket.emit('storeupdate', { time: Date.now(), kind: 0, storeName, state: recording.full })
      }
      if (!holding) return send()
      waiting.push(send)
      sendings.emit(storeName)
    })
  })
  return {
    async play(storeName, count, perSecond, ending) {
      const recording = byName.get(storeName)
      if (recording === undefined) throw new Error(`There is no recording of ${storeName}.`)
      const { deltas, endings } = recording
      const start = performance.now()
      for (let i = 0; i < count; i++) {
        const due = start + (i * 1000) / perSecond
        const wait = due - performance.now()
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
        const partial = i === count - 1 ? endings[ending] : deltas[i % deltas.length]
        io.to(storeName).emit('storeupdate', { time: Date.now(), kind: 2, storeName, partial })
      }
    },
    load(recordings) {
      for (const recording of recordings) byName.set(recording.storeName, recording)
    },
    hold() {
      holding = true
    },
    async awaited(storeName) {
      await once(sendings, storeName)
    },
    release() {
      waiting.forEach((send) => send())
      waiting = []
    },
    close: () => io.close(),
  }
}
