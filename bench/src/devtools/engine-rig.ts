import { encodeState } from '@rivulet/wire'
import { serialize } from 'node:v8'
import { createEngine } from '../../../packages/client/src/engine/create-engine.ts'
import type { EngineSocket } from '../../../packages/client/src/engine/socket.ts'
import type { EngineConfig, EngineControl } from '../../../packages/client/src/protocol.ts'
import { WorldStore } from '../generated/schema.ts'
import { makeWorld } from '../decode/world.ts'

/** How an engine is inspected. */
export type Inspected = 'never' | 'was' | 'ring' | 'inspector' | 'ring and inspector'

/** The real engine, in this thread, between a network and a page that are not there. */
export interface EngineRig {
  /** The host sends this update. A tenth of a millisecond later, and the page draws every hundred messages. */
  update(partial: Uint8Array): void
  close(): Promise<void>
}

const RING_BYTES = 4 * 1024 * 1024
const STEP_MS = 0.1
const MESSAGES_PER_FRAME = 100

const CONFIG: EngineConfig = {
  url: 'http://host.test',
  path: '/socket',
  transports: ['websocket'],
  hasAuth: false,
  hasAuthenticate: false,
  authenticateTimeoutMs: 30_000,
  delivery: 'safe',
  reconnectMinMs: 100,
  reconnectMaxMs: 10_000,
  callTimeoutMs: 30_000,
  graceMs: 1_000,
  maxCallsInFlight: 4,
  maxCallsQueued: 8,
}

interface Timer {
  readonly at: number
  readonly run: () => void
}

/** A clock that goes on when it is told to: no time passes while nothing is measured. */
function createClock() {
  const timers = new Set<Timer>()
  let now = 1_000_000
  return {
    now: () => now,
    random: () => 0.5,
    after(ms: number, run: () => void) {
      const timer = { at: now + ms, run }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    step(ms: number) {
      now += ms
      for (const timer of timers) {
        if (timer.at > now || !timers.delete(timer)) continue
        timer.run()
      }
    },
  }
}

/** A port that pays for what is posted as a real one does, and throws it away. */
function createPort(posted: (message: { readonly type: string }) => void) {
  const listeners = new Set<(event: { readonly data: unknown }) => void>()
  const port = {
    addEventListener: (type: string, listener: (event: { readonly data: unknown }) => void) => {
      if (type === 'message') listeners.add(listener)
    },
    removeEventListener: (_: string, listener: (event: { readonly data: unknown }) => void) =>
      void listeners.delete(listener),
    start: () => undefined,
    close: () => listeners.clear(),
    postMessage(message: { readonly type: string }, transfer: readonly unknown[]) {
      // What is transferred is not copied.
      if (transfer.length === 0) serialize(message)
      posted(message)
    },
  }
  const say = (data: unknown): void => {
    for (const listener of listeners) listener({ data })
  }
  return { port: port as unknown as MessagePort, say }
}

/** Opens an engine whose page follows a whole world of `rows` entities. */
export async function openEngine(rows: number, inspected: Inspected): Promise<EngineRig> {
  const clock = createClock()
  const handlers = new Map<string, (message: unknown) => void>()
  const any = new Set<(event: string) => void>()
  const socket: EngineSocket = {
    on: (event, listener) => void handlers.set(event, listener),
    off: () => undefined,
    onAny: (listener) => void any.add(listener),
    offAny: (listener) => (listener === undefined ? any.clear() : void any.delete(listener)),
    emit: () => undefined,
    connect: () => undefined,
    disconnect: () => undefined,
  }
  const receive = (event: string, message?: unknown): void => {
    for (const listener of any) listener(event)
    handlers.get(event)?.(message)
  }
  const engine: EngineControl = createEngine({ io: () => socket, clock })
  const page = createPort(() => undefined)
  const ring = inspected.startsWith('ring') ? { ringBytes: RING_BYTES } : {}
  await engine.start({ ...CONFIG, ...ring }, page.port, { auth: async () => ({}), authenticate: async () => null })
  await engine.define(0, WorldStore)
  await engine.watch([{ id: 1, store: 0, path: ['entities'] }])
  await engine.connect()
  await new Promise((resolve) => setImmediate(resolve))
  receive('connect')
  receive('storeupdate', {
    time: 1,
    kind: 0,
    storeName: WorldStore.name,
    state: encodeState(WorldStore, { entities: makeWorld(rows) }),
  })
  page.say({ type: 'credit' })
  const inspector = createPort(({ type }) => {
    if (type === 'entries') inspector.say({ type: 'more' })
  })
  if (inspected === 'was' || inspected.endsWith('inspector')) {
    await engine.inspect(inspector.port)
    inspector.say({ type: 'more' })
    if (inspected === 'was') inspector.say({ type: 'bye' })
  }
  let messages = 0
  return {
    update(partial) {
      receive('storeupdate', { time: clock.now(), kind: 2, storeName: WorldStore.name, partial })
      clock.step(STEP_MS)
      if (++messages % MESSAGES_PER_FRAME === 0) page.say({ type: 'credit' })
    },
    close: () => engine.dispose(),
  }
}
