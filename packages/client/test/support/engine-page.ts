import { applyDelta, type Delta, encodeDelta, encodeState, type StoreDef } from '@rivulet/wire'
import type { StartEngine } from '../../src/bridge/engine-link.ts'
import { createEngine } from '../../src/engine/create-engine.ts'
import { createClientWith } from '../../src/page/create-client.ts'
import { createLive } from '../../src/page/create-live.ts'
import type { Client } from '../../src/page/types.ts'
import type { EngineMessage } from '../../src/protocol.ts'
import { type FakeSocket, fakeNet } from './fake-socket.ts'

/** A real engine and a real page on one thread, with a host that a test speaks for. All whole stores: what is measured is what reaches the page. */
export interface EnginePage<S> {
  readonly client: Client
  readonly errors: Error[]
  /** What the engine has been told, newest last. */
  readonly states: readonly S[]
  /** Messages of the engine that were patches, with what was decoded until the next. */
  readonly patches: number[]
  /** Values that the page has decoded. */
  readonly reads: () => number
  full(state: S): void
  partial(delta: Delta): void
  /** The host hangs up and is there again. */
  drop(): void
}

const open = new Set<Client>()

export async function closeEnginePages(): Promise<void> {
  await Promise.all([...open].map((client) => client.dispose()))
  open.clear()
}

export function openEnginePage<S>(def: StoreDef<S>, first: S): EnginePage<S> {
  const errors: Error[] = []
  const states: S[] = [first]
  const patches: number[] = []
  let reads = 0
  let socket: FakeSocket | undefined
  let subscribed = false
  const send = (kind: 0 | 2, bytes: Uint8Array): void => {
    if (!subscribed) return
    const body = kind === 0 ? { state: bytes } : { partial: bytes }
    socket?.receive('storeupdate', { time: Date.now(), kind, storeName: def.name, ...body })
  }
  const net = fakeNet((made) => {
    socket = made
    subscribed = false
    made.react = (event, { action }) => {
      if (event !== 'storesub') return
      subscribed = action === 0
      // A host answers later, not in the middle of the question.
      if (subscribed) queueMicrotask(() => send(0, encodeState(def, states.at(-1) as S)))
    }
    queueMicrotask(() => made.receive('connect'))
  })
  const start: StartEngine = async (request) => {
    const engine = createEngine({ io: net.factory })
    const { port1, port2 } = new MessageChannel()
    await engine.start(request.config, port2, request.hooks)
    port1.addEventListener('message', ({ data }: MessageEvent<EngineMessage>) => {
      if (data.type === 'patch') patches.push(data.buffer.byteLength)
    })
    return { mode: 'inline', control: engine, port: port1, terminate: () => port1.close() }
  }
  const client = createClientWith(
    {
      url: 'http://host.test',
      delivery: 'store',
      graceMs: 20,
      reconnect: { minMs: 1 },
      onError: (e) => errors.push(e),
    },
    () => (setup) => {
      const live = createLive(start, setup)
      return {
        ...live,
        readSlot(slot, types, node) {
          reads++
          return live.readSlot(slot, types, node)
        },
      }
    },
  )
  open.add(client)
  return {
    client,
    errors,
    states,
    patches,
    reads: () => reads,
    full(state) {
      states.push(state)
      send(0, encodeState(def, state))
    },
    partial(delta) {
      states.push(applyDelta(def, states.at(-1) as S, delta).state)
      send(2, encodeDelta(def, delta))
    },
    drop() {
      subscribed = false
      socket?.receive('disconnect', 'transport close')
    },
  }
}
