import type { FeedAnswer, FeedEntry, FeedMessage, FeedRequest, ProbeOrigin } from '@rivulet/client/inspect'
import {
  type EventDef,
  type KeyedEventDef,
  RivuletError,
  type RivuletErrorCode,
  type RpcDef,
  type SendDef,
  type StoreDef,
} from '@rivulet/wire'
import type { AgentAnswer, ClientInfo, PageEvent, PanelMessage, PanelWrite } from '../protocol.ts'
import { createBytesMemory } from './bytes-memory.ts'
import type { ClientModel } from './client-model.ts'
import { createEntryNumbers } from './entry-numbers.ts'
import { createLog } from './log.ts'
import { onNextFrame } from './next-frame.ts'
import { createPending } from './pending.ts'

/** Entries and page events that are kept, each. */
export const LOG_LIMIT = 20_000
const SESSION_LIMIT = 1000
/** Of binary parts that were looked at. */
const BYTES_LIMIT = 8 << 20
/** Components and descriptors that are known by name, each: more than any app has. */
const NAMES_LIMIT = 10_000

/** What a model needs of the line to the agent. */
export interface ModelLine {
  send(message: PanelMessage, transfer?: readonly Transferable[]): void
  /** Asks the agent something under an id of the line. */
  ask(question: (id: number) => PanelMessage, transfer?: readonly Transferable[]): Promise<AgentAnswer>
  /** Numbers of event listeners, one row for all clients of the line. */
  nextListener(): number
  /** Something in the model is not what it was. */
  changed(): void
}

/** A model with the side that the line speaks to. */
export interface LiveModel extends ClientModel {
  /** From the client's engine. */
  feed(message: FeedMessage): void
  /** From the client's page. */
  happened(events: readonly PageEvent[]): void
  schema(
    requests: readonly (RpcDef | SendDef)[],
    events: readonly (EventDef | KeyedEventDef)[],
    stores: readonly StoreDef[],
  ): void
  /** There is no engine now. */
  engineGone(why: string): void
  /** The client or its page is gone for good: everything that waits is rejected. */
  end(why: string): void
}

/**
 * Makes the model of one client, which the line has attached to.
 *
 * The engine is asked for the next batch of entries when the one before was taken in and a frame has passed since: a panel that cannot keep up, or is hidden, gets less and says how much it missed, and never falls
 * behind. An engine that takes another's place greets anew; its numbers are put behind the other's (`createEntryNumbers`).
 */
export function createClientModel(info: ClientInfo, line: ModelLine): LiveModel {
  const numbers = createEntryNumbers()
  const entries = createLog<FeedEntry>(LOG_LIMIT)
  const session = createLog<FeedEntry>(SESSION_LIMIT)
  const page = createLog<PageEvent>(LOG_LIMIT)
  const origins = new Map<number, ProbeOrigin>()
  const stores = new Map<string, StoreDef>()
  const requests = new Map<string, RpcDef | SendDef>()
  const events = new Map<string, EventDef | KeyedEventDef>()
  const shown = new Map<string, readonly PanelWrite[]>()
  const listeners = new Map<number, (at: number, packet: Uint8Array) => void>()
  const memory = createBytesMemory(BYTES_LIMIT)
  const asked = new Map<number, Promise<Uint8Array | null>>()
  const pending = createPending<FeedAnswer>()
  let hello: ClientModel['hello']
  let gone: string | undefined
  let ended = false
  let version = 0
  let lost = 0
  let cancelMore: (() => void) | undefined

  const changed = (): void => {
    version++
    line.changed()
  }
  const request = (message: FeedRequest): void => line.send({ type: 'feed', client: info.id, request: message })
  const takeMore = (): void => {
    cancelMore?.()
    cancelMore = onNextFrame(() => request({ type: 'more' }))
  }
  /** Asks the engine; resolves to the answer of the wanted type. */
  const askEngine = async <T extends FeedAnswer['type']>(
    type: T,
    question: (id: number) => FeedRequest,
  ): Promise<Extract<FeedAnswer, { type: T }>> => {
    if (hello === undefined) throw absent(gone)
    const answer = await pending.ask((id) => request(question(id)))
    if (answer.type === 'error') {
      const { code, what, ...place } = answer.error
      throw new RivuletError(code, what, place)
    }
    if (answer.type !== type) throw new RivuletError('protocol', `asked for ${type}, got ${answer.type}`)
    return answer as Extract<FeedAnswer, { type: T }>
  }
  const askAgent = async <T extends AgentAnswer['type']>(
    type: T,
    question: (id: number) => PanelMessage,
    transfer?: readonly Transferable[],
  ): Promise<Extract<AgentAnswer, { type: T }>> => {
    if (ended) throw absent(gone)
    const answer = await line.ask(question, transfer)
    if (answer.type === 'error') throw new RivuletError(answer.code as RivuletErrorCode, answer.message)
    if (answer.type !== type) throw new RivuletError('protocol', `asked for ${type}, got ${answer.type}`)
    return answer as Extract<AgentAnswer, { type: T }>
  }
  const learn = (
    requestDefs: readonly (RpcDef | SendDef)[],
    eventDefs: readonly (EventDef | KeyedEventDef)[],
  ): void => {
    for (const def of requestDefs) keep(requests, def.name, def)
    for (const def of eventDefs) keep(events, def.kind === 'event' ? def.name : `${def.store}.${def.name}`, def)
  }
  const add = <T>(log: { add(item: T): void }, item: T): void => {
    if (model.paused) lost++
    else log.add(item)
  }
  const engineLeft = (why: string): void => {
    cancelMore?.()
    hello = undefined
    gone = why
    asked.clear()
    pending.fail(absent(why))
    changed()
  }

  const model: LiveModel = {
    info,
    entries,
    session,
    page,
    origins,
    stores,
    requests,
    events,
    shown,
    paused: false,
    get hello() {
      return hello
    },
    get gone() {
      return gone
    },
    get version() {
      return version
    },
    get eras() {
      return numbers.eras
    },
    get lost() {
      return lost
    },
    clear() {
      entries.clear()
      page.clear()
      lost = 0
      changed()
    },
    feedStores: async () => (await askEngine('stores', (id) => ({ type: 'stores', id }))).stores.map(numbers.store),
    async state(store) {
      const { checkpoint } = await askEngine('state', (id) => ({ type: 'state', id, store }))
      return checkpoint === null ? null : numbers.checkpoint(checkpoint)
    },
    ring: async () => numbers.ring((await askEngine('ring', (id) => ({ type: 'ring', id }))).ring),
    bytes(seqs) {
      const wanted = seqs.filter(
        (seq) => memory.get(seq) === undefined && !asked.has(seq) && numbers.inEngine(seq) !== undefined,
      )
      if (wanted.length > 0) {
        const question = wanted.map((seq) => numbers.inEngine(seq) as number)
        const answer = askEngine('bytes', (id) => ({ type: 'bytes', id, seqs: question }))
        for (const [i, seq] of wanted.entries()) {
          const one = answer.then(({ bytes }) => {
            const found = bytes[i]
            if (found === undefined || found === null) return null
            const view = new Uint8Array(found)
            memory.set(seq, view)
            return view
          })
          asked.set(seq, one)
          const forget = (): void => {
            if (asked.get(seq) === one) asked.delete(seq)
          }
          void one.then(forget, forget)
        }
      }
      return Promise.all(seqs.map(async (seq) => (await asked.get(seq)) ?? memory.get(seq) ?? null))
    },
    keep(ringBytes) {
      if (hello === undefined) throw absent(gone)
      request({ type: 'keep', ringBytes })
      // The engine does as it is told and says nothing of it.
      hello = { ...hello, ringBytes }
      changed()
    },
    async subscribers(store) {
      const answer = await askAgent('subscribers', (id) => ({ type: 'subscribers', id, client: info.id, store }))
      return answer.subscribers
    },
    async show(store, writes) {
      await askAgent('done', (id) => ({ type: 'show', id, client: info.id, store, writes }))
      if (writes.length > 0) shown.set(store, writes)
      else shown.delete(store)
      changed()
    },
    async call(def, args) {
      const buffer = args.slice().buffer
      const message = (id: number): PanelMessage => ({ type: 'call', id, client: info.id, def, args: buffer })
      const { took, response } = await askAgent('called', message, [buffer])
      return { took, response: new Uint8Array(response) }
    },
    listen(def, key, heard) {
      const listener = line.nextListener()
      listeners.set(listener, heard)
      const where = key === undefined ? {} : { key }
      line.send({ type: 'listen', client: info.id, listener, def, ...where })
      return () => {
        if (listeners.delete(listener) && !ended) line.send({ type: 'unlisten', client: info.id, listener })
      }
    },
    feed(message) {
      switch (message.type) {
        case 'hello': {
          // The same engine again: what it told before is here.
          const past = numbers.begin(message.since)
          if (past) {
            // Bytes are known by number, and these are another engine's numbers now.
            memory.clear()
            asked.clear()
            pending.fail(absent('another engine took its place'))
          }
          hello = { ...message, seq: message.seq + (numbers.eras.at(-1)?.seq ?? 1) - 1 }
          gone = undefined
          request(past ? { type: 'more', past } : { type: 'more' })
          break
        }
        case 'entries':
          lost += message.lost
          for (const entry of message.entries) take(numbers.entry(entry))
          takeMore()
          break
        case 'defs':
          for (const def of message.stores) keep(stores, def.name, def)
          learn(message.requests, message.events)
          break
        case 'answer':
          return pending.answer(message.id, message.answer)
      }
      changed()
    },
    happened(batch) {
      for (const event of batch) {
        if (event.type === 'origins') for (const origin of event.origins) keep(origins, origin.id, origin)
        else if (event.type === 'heard') listeners.get(event.listener)?.(event.at, new Uint8Array(event.packet))
        else add(page, numbers.page(event))
      }
      changed()
    },
    schema(requestDefs, eventDefs, storeDefs) {
      for (const def of storeDefs) if (!stores.has(def.name)) keep(stores, def.name, def)
      learn(requestDefs, eventDefs)
      changed()
    },
    engineGone: engineLeft,
    end(why) {
      ended = true
      // With the page goes what was shown on it.
      shown.clear()
      listeners.clear()
      engineLeft(why)
    },
  }
  /** The greeting is kept up to date by what passes. */
  const take = (entry: FeedEntry): void => {
    if (hello !== undefined && entry.type === 'connection') hello = { ...hello, status: entry.status }
    if (hello !== undefined && entry.type === 'page') {
      const others = hello.pages.filter((seat) => seat !== entry.page)
      hello = { ...hello, pages: entry.step === 'joined' ? [...others, entry.page] : others }
    }
    if (entry.type !== 'frame' && entry.type !== 'patch' && entry.type !== 'call') session.add(entry)
    add(entries, entry)
  }
  return model
}

function absent(why: string | undefined): RivuletError {
  return new RivuletError('disconnected', `the engine is not there: ${why ?? 'it has not answered yet'}`, {
    hint: 'It comes back when the client connects again.',
  })
}

/** Adds a name; the oldest goes when there are too many. */
function keep<K, V>(map: Map<K, V>, name: K, value: V): void {
  map.set(name, value)
  if (map.size > NAMES_LIMIT) map.delete(map.keys().next().value as K)
}
