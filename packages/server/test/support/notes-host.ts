import {
  decodeValue,
  encodeValue,
  type EventDef,
  type KeyedEventDef,
  type RpcDef,
  type SendDef,
  type StoreDef,
  type Types,
} from '@rivulet/wire'
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client'
import { createHost, createStore, type Host, type HostOptions, type Store } from '../../src/index.ts'
import { onTestFinished } from 'vitest'
import { until } from './until.ts'

/** A row of the notes. */
interface Note {
  readonly text: string
  readonly stars: number
}

/** The state of both test stores. */
export interface NotesState {
  readonly title: string
  readonly count: number
  readonly notes: ReadonlyMap<string, Note> | null
}

const text = { kind: 'string' } as const
const types: Types = [
  {
    'notes.Note': {
      form: 'partial',
      fields: [
        { name: 'text', id: 1, type: text },
        { name: 'stars', id: 2, type: { kind: 'int32' } },
      ],
    },
    'notes.State': {
      form: 'partial',
      fields: [
        { name: 'title', id: 1, type: text },
        { name: 'count', id: 2, type: { kind: 'int32' } },
        {
          name: 'notes',
          id: 3,
          type: { kind: 'map', key: text, value: { kind: 'struct', ref: 'notes.Note' } },
          mod: true,
        },
      ],
    },
    'notes.Text': { form: 'flat', fields: [{ name: 'text', type: text }] },
    'notes.TextResult': {
      form: 'flat',
      fields: [
        { name: 'result', type: text },
        { name: 'error', type: { kind: 'pointer', elem: text } },
      ],
    },
  },
]

/** A store for everybody. */
export const NotesStore: StoreDef<NotesState> = { kind: 'store', name: 'NotesStore', state: 'notes.State', types }
/** A store that needs level 5. */
const SecretStore: StoreDef<NotesState> = { ...NotesStore, name: 'SecretStore', access: 5 }
/** A call from text to text. */
export const Echo: RpcDef<{ text: string }, string> = {
  kind: 'rpc',
  name: 'Echo',
  request: 'notes.Text',
  response: 'notes.TextResult',
  types,
}
/** A call without response. */
export const Shout: SendDef<{ text: string }> = { kind: 'send', name: 'Shout', request: 'notes.Text', types }
/** An event for everybody. */
export const Heard: EventDef<{ text: string }> = { kind: 'event', name: 'Heard', packet: 'notes.Text', types }
/** An event of the secret store. */
export const Whisper: KeyedEventDef<{ text: string }> = {
  kind: 'keyedEvent',
  store: 'SecretStore',
  name: 'Whisper',
  packet: 'notes.Text',
  types,
}

/** A message that a page received. */
interface Received {
  readonly event: string
  readonly body: Readonly<Record<string, unknown>>
}

/** A page: the stock client, with everything it received. */
interface Page {
  readonly socket: Socket
  readonly received: Received[]
  /** Why the connection ended; undefined while it is open. */
  readonly ended: () => string | undefined
  /** Waits for `count` messages of `event`. */
  messages(event: string, count?: number): Promise<readonly Received['body'][]>
  /** Waits until the host has dealt with everything sent so far. */
  fence(): Promise<void>
  call(text: unknown, name?: string): Promise<{ result?: string; error: string | null; refused?: unknown }>
}

/** A host with both stores. */
export interface NotesHost {
  readonly host: Host
  readonly notes: Store<NotesState>
  readonly secret: Store<NotesState>
  readonly warnings: string[]
  readonly details: unknown[]
  readonly errors: unknown[]
  page(options?: Partial<ManagerOptions & SocketOptions>): Promise<Page>
}

/** The first state of both stores. */
export function someNotes(): NotesState {
  return {
    title: 'title',
    count: 1,
    notes: new Map([
      ['a', { text: 'first', stars: 1 }],
      ['b', { text: 'second', stars: 2 }],
    ]),
  }
}

/** Starts a host on a free port, until the test is over; `level` of a page is its `auth.level`. */
export async function notesHost(options: Partial<HostOptions> = {}): Promise<NotesHost> {
  const notes = createStore(NotesStore, someNotes())
  const secret = createStore(SecretStore, someNotes())
  const warnings: string[] = []
  const details: unknown[] = []
  const errors: unknown[] = []
  const transport = options.io === undefined && options.server === undefined ? { port: 0 } : {}
  const host = createHost({
    ...transport,
    stores: [notes, secret],
    access: ({ auth }) => Number(auth['level'] ?? 0),
    logger: {
      warn(message, detail) {
        warnings.push(message)
        details.push(detail)
      },
      error: (message) => errors.push(message),
    },
    onError: (error) => errors.push(error),
    ...options,
  })
  const port = await host.listening
  const sockets: Socket[] = []
  let lastCall = 0

  async function page(client: Partial<ManagerOptions & SocketOptions> = {}): Promise<Page> {
    const socket = io(`http://localhost:${port}`, {
      path: '/socket',
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      ...client,
    })
    sockets.push(socket)
    const received: Received[] = []
    let ended: string | undefined
    socket.onAny((event: string, body: Received['body']) => received.push({ event, body }))
    socket.on('disconnect', (reason) => (ended = reason))
    await until(() => socket.connected, 'the page to connect')

    const call: Page['call'] = async (value, name = 'Echo') => {
      const callID = ++lastCall
      const request = encodeValue(types, { kind: 'struct', ref: 'notes.Text' }, { text: value })
      socket.emit('rpccall', { callID, methodName: name, request })
      const isMine = (m: Received): boolean => m.event === 'rpccallresp' && m.body['callID'] === callID
      await until(() => received.some(isMine) || ended !== undefined, `the answer to ${name}`)
      const answer = received.find(isMine)?.body
      if (answer === undefined) throw new Error('disconnected')
      if (answer['error'] !== null) return { error: null, refused: answer['error'] }
      const response = decodeValue(types, { kind: 'struct', ref: 'notes.TextResult' }, answer['response'])
      return response as { result: string; error: string | null }
    }

    return {
      socket,
      received,
      ended: () => ended,
      call,
      async messages(event, count = 1) {
        const mine = (): Received[] => received.filter((m) => m.event === event)
        await until(() => mine().length >= count, `${count} × ${event}`)
        return mine().map((m) => m.body)
      },
      async fence() {
        // An unsubscription of what was never subscribed is ignored, and an answer to a call proves that it was read.
        await call('fence', 'Fence')
      },
    }
  }

  host.rpc({ ...Echo, name: 'Fence' }, ({ text: value }) => value)
  onTestFinished(async () => {
    for (const socket of sockets) socket.disconnect()
    await host.close()
  })
  return {
    host,
    notes,
    secret,
    warnings,
    details,
    errors,
    page,
  }
}
