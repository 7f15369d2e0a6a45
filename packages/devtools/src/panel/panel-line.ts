import {
  RivuletError,
  type EventDef,
  type KeyedEventDef,
  type RpcDef,
  type SendDef,
  type StoreDef,
} from '@rivulet/wire'
import {
  type AgentAnswer,
  type AgentMessage,
  type ClientInfo,
  PANEL_VERSION,
  type PanelTransport,
} from '../protocol.ts'
import type { ClientModel } from './client-model.ts'
import { createClientModel, type LiveModel } from './create-client-model.ts'
import { createPending } from './pending.ts'

/** The panel's end of a transport: which clients there are, and a model for each that was opened. */
export interface PanelLine {
  /** Those that are there now, oldest first. */
  readonly clients: readonly ClientInfo[]
  /** Whether the agent has said hello. */
  readonly greeted: boolean
  /** Why nothing more will come. */
  readonly problem: string | undefined
  /** Clients that are on the page and cannot be looked into, and why. */
  readonly notes: readonly string[]
  /** Attaches to a client; the same model each time. Undefined for one that was never there. What was opened stays open, with its logs, also when the client has ended. */
  open(client: string): ClientModel | undefined
  /** Ends everything that the panel asked for. */
  close(): void
}

/** Ended clients whose logs can still be looked at. */
const MAX_ENDED = 5

/**
 * Speaks with the agent at the other end of `transport`. `changed` is called after every change of anything here or in a model; it should only make a note of it.
 *
 * @example
 * const line = createPanelLine(transport, () => schedule())
 */
export function createPanelLine(transport: PanelTransport, changed: () => void): PanelLine {
  let clients: readonly ClientInfo[] = []
  let greeted = false
  let notes: readonly string[] = []
  let problem: string | undefined
  const models = new Map<string, LiveModel>()
  const ended = new Set<string>()
  const pending = createPending<AgentAnswer>()
  const registered = {
    requests: [] as readonly (RpcDef | SendDef)[],
    events: [] as readonly (EventDef | KeyedEventDef)[],
    stores: [] as readonly StoreDef[],
  }
  let listener = 0

  const stop = (why: string): void => {
    if (problem !== undefined) return
    problem = why
    clients = []
    pending.fail(new RivuletError('disconnected', why))
    for (const model of models.values()) model.end(why)
    changed()
  }
  const gone = (id: string): void => {
    clients = clients.filter((client) => client.id !== id)
    const model = models.get(id)
    if (model === undefined) return
    model.end('the client has ended')
    ended.add(id)
    for (const oldest of ended) {
      if (ended.size <= MAX_ENDED) break
      ended.delete(oldest)
      models.delete(oldest)
    }
  }
  const forgetPage = (): void => {
    pending.fail(new RivuletError('disconnected', 'the page was loaded again'))
    for (const model of models.values()) model.end('the page was loaded again')
    models.clear()
    ended.clear()
    notes = []
    registered.requests = registered.events = registered.stores = []
  }
  const note = (message: object): void => {
    const { type, url, version, expected } = message as Readonly<Record<string, unknown>>
    if (type !== 'mismatch') return
    const said = `${String(url)} has devtools version ${String(version)} where ${String(expected)} is needed`
    if (!notes.includes(said)) notes = [...notes.slice(-9), said]
  }
  const made = (client: ClientInfo): void => {
    clients = [...clients.filter(({ id }) => id !== client.id), client]
  }
  const hear = (message: AgentMessage): void => {
    if (problem !== undefined) return
    switch (message.type) {
      case 'hello':
        if (message.version !== PANEL_VERSION)
          return stop(`this panel speaks version ${PANEL_VERSION}, the page version ${message.version}`)
        // An agent greets once: this is another page, whose clients may have the same names.
        if (greeted) forgetPage()
        greeted = true
        clients = message.clients
        break
      case 'client':
        if (message.step === 'made') made(message.client)
        else gone(message.client.id)
        break
      case 'feed':
        return models.get(message.client)?.feed(message.message)
      case 'engine-gone':
        return models.get(message.client)?.engineGone(message.why)
      case 'page':
        return models.get(message.client)?.happened(message.events)
      case 'answer':
        return pending.answer(message.id, message.answer)
      case 'schema':
        registered.requests = [...registered.requests, ...message.requests].slice(-10_000)
        registered.events = [...registered.events, ...message.events].slice(-10_000)
        registered.stores = [...registered.stores, ...storesOf(message)].slice(-10_000)
        for (const model of models.values()) model.schema(message.requests, message.events, storesOf(message))
        return
      default:
        // Another agent may say more than this panel knows of, and some of it in words that are simple enough.
        note(message)
    }
    changed()
  }
  transport.listen(hear)
  transport.closed(() => stop('the page is gone'))

  return {
    get clients() {
      return clients
    },
    get greeted() {
      return greeted
    },
    get notes() {
      return notes
    },
    get problem() {
      return problem
    },
    open(id) {
      const known = models.get(id)
      if (known !== undefined) return known
      const info = clients.find((client) => client.id === id)
      if (info === undefined) return undefined
      const model = createClientModel(info, {
        send: (message, transfer) => {
          if (problem === undefined) transport.send(message, transfer)
        },
        ask: (question, transfer) =>
          problem === undefined
            ? pending.ask((number) => transport.send(question(number), transfer))
            : Promise.reject(new RivuletError('disconnected', problem)),
        nextListener: () => ++listener,
        changed,
      })
      models.set(id, model)
      model.schema(registered.requests, registered.events, registered.stores)
      transport.send({ type: 'attach', client: id })
      return model
    },
    close() {
      if (problem === undefined)
        for (const { id } of clients) if (models.has(id)) transport.send({ type: 'detach', client: id })
      stop('the panel was closed')
      transport.close()
    },
  }
}

/** Stores that the app has registered; not every agent tells of them. */
function storesOf(message: object): readonly StoreDef[] {
  return (message as { readonly stores?: readonly StoreDef[] }).stores ?? []
}
