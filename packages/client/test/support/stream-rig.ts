import { encodeUnit, frameUnit, type StreamUnit } from '@rivulet/wire'
import { onTestFinished } from 'vitest'
import type { StreamHandlers } from '../../src/engine/streams/handlers.ts'
import { createStreams, type Streams } from '../../src/engine/streams/streams.ts'
import type { PlainError } from '../../src/protocol.ts'
import type { StreamConfig, StreamEngineMessage, StreamPageMessage, StreamStatus } from '../../src/stream-protocol.ts'
import { type FakeClock, fakeClock } from './fake-clock.ts'
import { CONFIG } from './rig.ts'

export const VIDEO = { kind: 'stream', store: 'Cam', name: 'Video' } as const

/** A scripted data connection: the test plays the data plane. */
class FakeDataSocket extends EventTarget {
  readonly url: string
  readonly protocols: readonly string[]
  binaryType: BinaryType = 'blob'
  closed = false

  constructor(url: string, protocols: readonly string[]) {
    super()
    this.url = url
    this.protocols = protocols
  }

  close(): void {
    this.closed = true
  }

  accept(): void {
    this.dispatchEvent(new Event('open'))
  }

  /** A unit, or whatever a hostile data plane sends. */
  send(data: StreamUnit | ArrayBuffer | string): void {
    const isRaw = typeof data === 'string' || data instanceof ArrayBuffer
    this.dispatchEvent(new MessageEvent('message', { data: isRaw ? data : encodeUnit(data).buffer }))
  }

  hangUp(code = 1006, reason = ''): void {
    this.dispatchEvent(Object.assign(new Event('close'), { code, reason }))
  }
}

/** The page's end of one stream. */
interface PageEnd {
  readonly statuses: StreamStatus[]
  readonly units: StreamUnit[]
  readonly lost: number[]
  readonly messages: unknown[]
  readonly state: string | undefined
  readonly error: PlainError | undefined
  numbers(): number[]
  say(message: StreamPageMessage): void
  closed: boolean
}

/** The streams of an engine, without the engine: a scripted host, scripted data connections and a clock of their own. */
export interface StreamRig {
  readonly streams: Streams
  readonly clock: FakeClock
  /** What was emitted, as `+id key` and `-id key`. */
  readonly asked: string[]
  readonly sockets: FakeDataSocket[]
  readonly errors: PlainError[]
  readonly last: FakeDataSocket
  /** Makes opening a data connection throw. */
  refuseSockets: Error | null
  /** A session begins to attach: the manifest goes out. */
  attach(): void
  /** The connection is open; `carried` = with the manifest of an attach, of this moment unless `attach` was called. */
  connect(carried?: boolean): void
  disconnect(): void
  /** Opens a stream; the page takes what comes at once, unless `stalled`. */
  open(
    key: string,
    options?: { config?: Partial<StreamConfig>; stalled?: boolean; name?: string; seat?: number },
  ): PageEnd
  /** The host answers with an endpoint. */
  endpoint(subscriptionID: string, lease: string, more?: Record<string, unknown>): Promise<void>
  refuse(subscriptionID: string, error: string): void
}

export function streamRig(handlers?: StreamHandlers): StreamRig {
  const clock = fakeClock()
  const asked: string[] = []
  const sockets: FakeDataSocket[] = []
  const errors: PlainError[] = []
  let open = false
  let attaching = false
  const self: StreamRig = {
    streams: createStreams({
      config: CONFIG,
      clock,
      emit(event, message) {
        if (!open) return false
        const m = message as Record<string, unknown>
        if (event !== 'datastreamsub') throw new Error(`unexpected ${event}`)
        asked.push(`${m['action'] === 0 ? '+' : '-'}${String(m['subscriptionID'])} ${String(m['key'])}`)
        return true
      },
      isOpen: () => open,
      report: (error) => errors.push(error),
      handlers,
      openSocket(url, protocols) {
        if (self.refuseSockets !== null) throw self.refuseSockets
        const socket = new FakeDataSocket(url, protocols)
        sockets.push(socket)
        return socket
      },
    }),
    clock,
    asked,
    sockets,
    errors,
    refuseSockets: null,
    get last() {
      const socket = sockets.at(-1)
      if (socket === undefined) throw new Error('no data connection was opened')
      return socket
    },
    attach() {
      attaching = true
      self.streams.manifest()
    },
    connect(carried = false) {
      if (carried && !attaching) self.streams.manifest()
      attaching = false
      open = true
      self.streams.opened(carried)
    },
    disconnect() {
      open = false
      self.streams.closed()
    },
    open(key, { config = {}, stalled = false, name = VIDEO.name, seat = 0 } = {}) {
      const end = pageEnd(stalled)
      const bounds = { maxUnits: 256, maxBytes: 1 << 24, maxSilenceMs: 0, ...config }
      self.streams.open({ ...VIDEO, name }, key, end.port as unknown as MessagePort, bounds, seat)
      return end
    },
    async endpoint(subscriptionID, lease, more = {}) {
      const endpoint = {
        leaseID: lease,
        url: `ws://data.test/${lease}`,
        token: `t-${lease}`,
        expiresAtUnixMilli: 0,
        ...more,
      }
      self.streams.answer({ subscriptionID, endpoint })
      await idsChecked()
    },
    refuse: (subscriptionID, error) => self.streams.answer({ subscriptionID, error }),
  }
  onTestFinished(() => self.streams.dispose())
  return self
}

/** The id check of a data connection may be computed by the platform, which takes a while that no clock of ours counts. */
export async function idsChecked(): Promise<void> {
  // Several threads compute them, in no certain order: more in a row than there are threads leave none behind.
  for (let i = 0; i < 8; i++) {
    await crypto.subtle.digest('SHA-256', new Uint8Array(1))
    await new Promise((done) => setImmediate(done))
  }
}

function pageEnd(stalled: boolean): PageEnd & { readonly port: object } {
  const listeners = new Set<(event: { data: StreamPageMessage }) => void>()
  const end = {
    statuses: [] as StreamStatus[],
    units: [] as StreamUnit[],
    lost: [] as number[],
    messages: [] as unknown[],
    closed: false,
    get state() {
      return end.statuses.at(-1)?.state
    },
    get error() {
      return end.statuses.at(-1)?.error
    },
    numbers: () => end.units.map((unit) => Number(unit.sequence)),
    say(message: StreamPageMessage) {
      for (const listener of listeners) listener({ data: message })
    },
    port: {
      addEventListener: (_: string, listener: (event: { data: StreamPageMessage }) => void) => listeners.add(listener),
      removeEventListener: (_: string, listener: (event: { data: StreamPageMessage }) => void) =>
        listeners.delete(listener),
      start: () => undefined,
      postMessage(message: StreamEngineMessage, transfer: Transferable[] = []) {
        const got = structuredClone(message, { transfer })
        if (got.type === 'status') end.statuses.push(got.status)
        else if (got.type === 'post') end.messages.push(got.message)
        else {
          end.units.push(got.unit)
          end.lost.push(got.lost)
          if (!stalled) end.say({ type: 'taken', units: 1, bytes: got.unit.payload.length })
        }
      },
      close() {
        end.closed = true
      },
    },
  }
  return end
}

/** Frame number `n` of generation 1. */
export function frame(n: number, more: Partial<StreamUnit> = {}): StreamUnit {
  const ids = { generation: 1n, sequence: BigInt(n), frameID: BigInt(n), timestamp: 0n }
  return { ...frameUnit({ streamID: 'cam', format: 'raw', ...ids, payload: new Uint8Array(10).fill(n) }), ...more }
}

/** A block of a set of 100, number `n` of generation 1. */
export function block(n: number, more: Partial<StreamUnit> = {}): StreamUnit {
  return frame(n, { type: 'blockSet', firstIndex: 0, itemCount: 1, totalItemCount: 100, ...more })
}
