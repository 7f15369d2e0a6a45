import { type Delta, encodeDelta, encodeState, type Path, type StoreDef } from '@rivulet/wire'
import { allExtras } from '../../src/engine/all-extras.ts'
import { createHub, type Hub, type HubDeps } from '../../src/engine/create-hub.ts'
import type { ConnectionStatus, EngineControl, EngineMessage, PageHooks, PlainError } from '../../src/protocol.ts'
import { BoardStore } from './board.ts'
import { type FakeClock, fakeClock } from './fake-clock.ts'
import { type FakeNet, fakeNet } from './fake-socket.ts'
import { PageModel, type Seen } from './page-model.ts'
import { CONFIG, NO_HOOKS, settled } from './rig.ts'

/** One page at a hub. Its store number is 1, as in every other page. */
export interface HubPage {
  readonly control: EngineControl
  readonly model: PageModel
  readonly statuses: ConnectionStatus[]
  readonly errors: PlainError[]
  readonly refusals: PlainError[]
  /** Listener and time of each event. */
  readonly events: [number, number][]
  readonly port: { closed: boolean }
  watch(id: number, path: Path): Promise<void>
  unwatch(id: number): Promise<void>
  credit(): void
  /** What a watch shows after one more credit; without one, ask the model. */
  seen(id: number): Seen
}

/** A hub on a scripted network, and as many pages as a test wants. */
export interface HubRig {
  readonly hub: Hub
  readonly net: FakeNet
  readonly clock: FakeClock
  join(options?: {
    readonly def?: StoreDef
    readonly hooks?: Partial<PageHooks>
    readonly hasAuthenticate?: boolean
    readonly lock?: string
  }): Promise<HubPage>
  /** Lets the host say yes to the connection that was asked for last. */
  welcome(): Promise<void>
  full(state: unknown): void
  partial(delta: Delta): void
  /** Keys that are subscribed at the host. */
  keys(): string[]
}

export function hubRig(deps: Partial<HubDeps> = {}): HubRig {
  const net = fakeNet()
  const clock = fakeClock()
  const hub = createHub({ extras: allExtras, io: net.factory, clock, ...deps })

  return {
    hub,
    net,
    clock,
    async join({ def = BoardStore, hooks, hasAuthenticate = false, lock } = {}) {
      const model = new PageModel()
      const listeners = new Set<(event: { data: unknown }) => void>()
      const page: HubPage = {
        control: hub.control(),
        model,
        statuses: [],
        errors: [],
        refusals: [],
        events: [],
        port: { closed: false },
        async watch(id, path) {
          model.watch(id, def, path)
          await page.control.watch([{ id, store: 1, path }])
        },
        async unwatch(id) {
          model.unwatch(id)
          await page.control.unwatch([id])
        },
        credit() {
          for (const listener of listeners) listener({ data: { type: 'credit' } })
        },
        seen(id) {
          page.credit()
          return model.get(id)
        },
      }
      const port = {
        addEventListener: (_: 'message', listener: (event: { data: unknown }) => void) => void listeners.add(listener),
        removeEventListener: (_: 'message', listener: (event: { data: unknown }) => void) =>
          void listeners.delete(listener),
        start: () => undefined,
        postMessage(message: EngineMessage, transfer: Transferable[]) {
          const got = structuredClone(message, { transfer })
          if (got.type === 'patch') model.take(got.buffer)
          else if (got.type === 'error') page.errors.push(got.error)
          else if (got.type === 'refused') page.refusals.push(got.error)
          else if (got.type === 'connection') page.statuses.push(got.status)
          else page.events.push([got.listener, got.time])
        },
        close() {
          page.port.closed = true
        },
      }
      const config = { ...CONFIG, hasAuthenticate, graceMs: 0 }
      await page.control.start(config, port as unknown as MessagePort, { ...NO_HOOKS, ...hooks }, lock)
      await page.control.define(1, def)
      await page.control.connect()
      page.credit()
      await settled()
      return page
    },
    async welcome() {
      net.last.receive('connect')
      await settled()
    },
    full: (state) =>
      net.last.receive('storeupdate', {
        time: clock.now(),
        kind: 0,
        storeName: BoardStore.name,
        state: encodeState(BoardStore, state),
      }),
    partial: (delta) =>
      net.last.receive('storeupdate', {
        time: clock.now(),
        kind: 2,
        storeName: BoardStore.name,
        partial: encodeDelta(BoardStore, delta),
      }),
    keys() {
      const held = new Set<string>()
      for (const { key = '', action } of net.last.sent('storesub') as { key?: string; action: number }[]) {
        if (action === 0) held.add(key)
        else held.delete(key)
      }
      return [...held].toSorted((a, b) => (a < b ? -1 : 1))
    },
  }
}
