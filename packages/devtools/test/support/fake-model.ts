import type {
  FeedEntry,
  FrameEntry,
  FrameKind,
  PatchEntry,
  ProbeOrigin,
  ProbeSubscriber,
} from '@rivulet/client/inspect'
import type { EventDef, KeyedEventDef, RpcDef, SendDef, StoreDef } from '@rivulet/wire'
import type { ClientModel } from '../../src/panel/client-model.ts'
import { createLog, type Log } from '../../src/panel/log.ts'
import type { PageEvent, PanelWrite } from '../../src/protocol.ts'
import { Add, Horn, Ping, Poke, YardStore } from './yard.ts'

/** An entry without what the model gives it; of a union, of each of its members. */
type Bare<T> = T extends FeedEntry ? Omit<T, 'seq' | 'at'> & { readonly at?: number } : never

type Draft<T> = { -readonly [K in keyof T]: T[K] }

/** A model without a panel, an agent and an engine: tests put into it what passed, and see what was asked for. */
export interface FakeModel extends ClientModel {
  readonly entries: Log<FeedEntry>
  readonly page: Log<PageEvent>
  readonly origins: Map<number, ProbeOrigin>
  readonly stores: Map<string, StoreDef>
  readonly requests: Map<string, RpcDef | SendDef>
  readonly events: Map<string, EventDef | KeyedEventDef>
  hello: Draft<NonNullable<ClientModel['hello']>>
  gone: string | undefined
  paused: boolean
  version: number
  /** Adds an entry with the next number. */
  add<T extends FeedEntry = FeedEntry>(entry: Bare<T>): T
  /** Adds a message with these bytes. */
  frame(kind: FrameKind, dir: 'in' | 'out', more?: Partial<FrameEntry>, bytes?: Uint8Array): FrameEntry
  patch(number: number, from?: number, to?: number): PatchEntry
  happened(event: PageEvent): void
  /** Messages whose bytes were asked for, one row for each request. */
  readonly asked: (readonly number[])[]
  /** Set: requests fail with it. */
  failure: Error | undefined
  /** Set: requests for bytes wait for it. */
  hold: Promise<void> | undefined
  /** Forgets the bytes of a message. */
  forget(seq: number): void
  readonly calls: { readonly name: string; readonly args: Uint8Array }[]
  /** What a call answers. */
  answer: (name: string, args: Uint8Array) => Uint8Array
  /** Listeners that are active, as `name key`. */
  readonly listening: Map<string, (at: number, packet: Uint8Array) => void>
  subscribed: readonly ProbeSubscriber[]
}

/** Makes one that knows the yard (yard.ts). */
export function createFakeModel(limit = 20_000): FakeModel {
  const payloads = new Map<number, Uint8Array>()
  let seq = 0
  let now = 1_800_000_000_000
  const fails = (): void => {
    if (model.failure !== undefined) throw model.failure
  }
  const model: FakeModel = {
    info: { id: 'a', url: 'http://localhost', page: 'Yard' },
    hello: {
      type: 'hello',
      version: 1,
      since: now,
      config: {} as never,
      status: { state: 'connected', since: now, attempt: 0, clockOffset: 0 },
      pages: [1],
      you: 1,
      ringBytes: 4 << 20,
      seq: 1,
    },
    gone: undefined,
    version: 0,
    entries: createLog<FeedEntry>(limit),
    page: createLog<PageEvent>(limit),
    origins: new Map(),
    stores: new Map([[YardStore.name, YardStore as StoreDef]]),
    requests: new Map<string, RpcDef | SendDef>([
      [Add.name, Add],
      [Poke.name, Poke],
    ]),
    events: new Map<string, EventDef | KeyedEventDef>([
      [Ping.name, Ping],
      [`${Horn.store}.${Horn.name}`, Horn],
    ]),
    paused: false,
    asked: [],
    failure: undefined,
    hold: undefined,
    calls: [],
    answer: () => new Uint8Array(),
    listening: new Map(),
    subscribed: [],
    shown: new Map<string, readonly PanelWrite[]>(),
    add<T extends FeedEntry = FeedEntry>(entry: Bare<T>): T {
      const added = { at: (now += 1), ...entry, seq: ++seq } as unknown as T
      model.entries.add(added)
      model.version++
      return added
    },
    frame(kind, dir, more = {}, bytes = new Uint8Array()) {
      const entry = model.add<FrameEntry>({ type: 'frame', kind, dir, bytes: bytes.length, ...more })
      if (bytes.length > 0) payloads.set(entry.seq, bytes)
      return entry
    },
    patch: (number, from, to) =>
      model.add<PatchEntry>({
        type: 'patch',
        page: 1,
        number,
        bytes: 20,
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
      }),
    happened(event) {
      model.page.add(event)
      model.version++
    },
    clear() {
      model.entries.clear()
      model.page.clear()
      model.version++
    },
    forget: (gone) => void payloads.delete(gone),
    async bytes(seqs) {
      model.asked.push(seqs)
      fails()
      await model.hold
      return seqs.map((wanted) => payloads.get(wanted) ?? null)
    },
    async subscribers() {
      fails()
      return model.subscribed
    },
    async call(def, args) {
      fails()
      model.calls.push({ name: def.name, args })
      return { took: 12.5, response: model.answer(def.name, args) }
    },
    listen(def, key, heard) {
      fails()
      const id = `${def.name} ${key ?? ''}`
      model.listening.set(id, heard)
      return () => void model.listening.delete(id)
    },
    feedStores: async () => [],
    state: async () => null,
    ring: async () => ({ first: 0, last: 0, entries: [], payloads: [], checkpoints: [] }),
    keep: () => undefined,
    show: async () => undefined,
  }
  return model
}
