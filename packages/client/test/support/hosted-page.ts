import { encodeDelta, encodeState, type Delta } from '@rivulet/wire'
import type { EngineLink, StartEngine } from '../../src/bridge/engine-link.ts'
import { createEngine } from '../../src/engine/create-engine.ts'
import { createClientWith } from '../../src/page/create-client.ts'
import type { Client, ClientOptions, PageStore } from '../../src/page/types.ts'
import { type Board, BoardStore } from './board.ts'
import { fakeNet } from './fake-socket.ts'
import { Host } from './mini-host.ts'
import { liveOn } from './page.ts'

/** A whole client, page and engine, on a host in miniature; only the worker and the network are missing. */
export interface HostedPage {
  readonly client: Client
  readonly store: PageStore<Board>
  readonly errors: Error[]
  /** The host's state, which the page has when all is quiet. */
  readonly host: Host
  /** Messages that carried a patch. */
  readonly patches: readonly ArrayBuffer[]
  /** The host changes its state and says so at once. */
  readonly change: (delta: Delta) => void
  /** The connection dies; it comes back by itself. */
  readonly drop: () => void
  /** The host sends bytes that mean nothing, which makes the engine ask for everything again. */
  readonly nonsense: () => void
  /** How often a key was subscribed: once more after a connection or a state was lost. */
  readonly subscribed: number
}

const open = new Set<Client>()

/** Opens a page; {@link closeHostedPages} disposes it. */
export function openHostedPage(state: Board, options: Partial<ClientOptions> = {}): HostedPage {
  const errors: Error[] = []
  const patches: ArrayBuffer[] = []
  const host = new Host('by key')
  host.state = state
  const net = fakeNet((socket) => {
    socket.connect = () => void setTimeout(() => socket.receive('connect'))
    socket.react = (event, message) => {
      if (event !== 'storesub') return
      if (message['action'] === 0) subscribed++
      host.subscribe((message['key'] as string | undefined) ?? '', message['action'])
      setTimeout(() => host.deliver())
    }
  })
  const update = (message: Record<string, unknown>): void =>
    net.last.receive('storeupdate', { time: 1, storeName: 'BoardStore', ...message })
  host.rig = {
    full: (whole) => update({ kind: 0, state: encodeState(BoardStore, whole as Board) }),
    partial: (delta) => update({ kind: 2, partial: encodeDelta(BoardStore, delta) }),
    raw: (message) => net.last.receive('storeupdate', message),
  }
  let subscribed = 0
  const start: StartEngine = async ({ config, hooks }) => {
    const control = createEngine({ io: net.factory })
    const { port1, port2 } = new MessageChannel()
    port1.addEventListener('message', ({ data }) => {
      if (data.type === 'patch') patches.push(data.buffer)
    })
    await control.start(config, port2, hooks)
    const link: EngineLink = {
      mode: 'inline',
      control,
      port: port1,
      terminate() {
        port1.close()
        void control.dispose()
      },
    }
    return link
  }
  const client = createClientWith(
    {
      url: 'http://host.test',
      graceMs: 20,
      reconnect: { minMs: 5, maxMs: 10 },
      onError: (e) => errors.push(e),
      ...options,
    },
    liveOn(start),
  )
  open.add(client)
  return {
    client,
    store: client.store(BoardStore),
    errors,
    host,
    patches,
    change(delta) {
      host.change(delta)
      host.deliver()
    },
    drop() {
      host.lost()
      net.last.receive('disconnect', 'transport close')
    },
    nonsense() {
      host.rig?.raw({ time: 1, storeName: 'BoardStore', kind: 2, partial: new Uint8Array([9, 1, 2]) })
    },
    get subscribed() {
      return subscribed
    },
  }
}

export async function closeHostedPages(): Promise<void> {
  await Promise.all([...open].map((client) => client.dispose()))
  open.clear()
}
