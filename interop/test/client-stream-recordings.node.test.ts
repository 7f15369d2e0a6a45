import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Client, createClient, type DataStream } from '@rivulet/client'
import { Server, type Socket } from 'socket.io'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { eventually } from '../../packages/client/test/support/eventually.ts'
import { type RecordedStep, recordings } from '../src/recording.ts'

// The data-stream conversations of the real Go server: its side is played as recorded, our client is driven as the recorded viewer was. It chooses ids of its own, so they are matched, not compared.

interface StreamSub {
  readonly subscriptionID: string
  readonly storeName: string
  readonly streamName: string
  readonly key: string
  readonly action: 0 | 1
}

interface Answer {
  readonly subscriptionID: string
  readonly endpoint?: { readonly leaseID: string; readonly url: string; readonly token: string }
  readonly error?: string
}

/** A data connection that opens and stays silent: the recorded addresses do not exist. */
class SilentSocket extends EventTarget {
  static opened: { readonly url: string; readonly protocols: readonly string[] }[] = []

  constructor(url: string, protocols: readonly string[]) {
    super()
    SilentSocket.opened.push({ url, protocols })
    queueMicrotask(() => this.dispatchEvent(new Event('open')))
  }

  close(): void {
    // Nobody is at the other end.
  }
}

afterEach(() => {
  vi.unstubAllGlobals()
  SilentSocket.opened = []
})

/** The recorded server and our client, step by step. */
interface Replay {
  readonly client: Client
  readonly sent: StreamSub[]
  /** By recorded id. */
  readonly streams: Map<string, DataStream>
  /** What each recorded id was answered last; those that our client could not ask are left out. */
  readonly answers: Map<string, Answer>
  /** Recorded ids whose stream our client had open already: it shares that one's subscription (row 163). */
  readonly shared: Set<string>
  readonly errors: Error[]
}

async function replay(name: string): Promise<Replay> {
  vi.stubGlobal('WebSocket', SilentSocket)
  const recording = recordings.find((r) => r.name === name)
  if (recording === undefined) throw new Error(`there is no recording ${name}`)
  const sent: StreamSub[] = []
  let socket: Socket | undefined
  const http = createServer()
  const io = new Server(http, { path: '/socket', serveClient: false })
  io.on('connection', (connection) => {
    socket = connection
    connection.on('datastreamsub', (message: StreamSub) => sent.push(message))
  })
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done))
  const errors: Error[] = []
  const client = createClient({
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    worker: 'inline',
    graceMs: 0,
    autoConnect: false,
    onError: (e) => errors.push(e),
  })
  onTestFinished(async () => {
    await client.dispose()
    await io.close()
  })
  const streams = new Map<string, DataStream>()
  const answers = new Map<string, Answer>()
  const shared = new Set<string>()
  const ourIDs = new Map<string, string>()
  const open = (id: string): boolean => (streams.get(id)?.status.get().state ?? 'closed') !== 'closed'

  const isHeld = (sub: Pick<StreamSub, 'storeName' | 'streamName' | 'key'>): boolean =>
    [...streams].some(
      ([id, s]) => open(id) && s.def.store === sub.storeName && s.def.name === sub.streamName && s.key === sub.key,
    )

  async function subscribe({
    subscriptionID: id,
    storeName: store,
    streamName,
    key,
    action,
  }: StreamSub): Promise<void> {
    // With an id that is taken the recorded viewer wanted to see an error; our client never uses one twice.
    if (open(id)) {
      ourIDs.delete(id)
      return
    }
    const isShared = isHeld({ storeName: store, streamName, key })
    if (isShared) shared.add(id)
    const before = sent.length
    streams.set(id, client.stream({ kind: 'stream', store, name: streamName }, key, {}))
    if (isShared || isRefusedHere(store, streamName, key)) return
    const message = await eventually(() => sent[before] ?? expect.unreachable())
    ourIDs.set(id, message.subscriptionID)
    expect(message).toEqual({ subscriptionID: message.subscriptionID, storeName: store, streamName, key, action })
  }

  async function unsubscribe(asked: StreamSub, ours = ourIDs.get(asked.subscriptionID)): Promise<void> {
    const before = sent.length
    streams.get(asked.subscriptionID)?.close()
    if (isHeld(asked)) return
    const message = await eventually(() => sent[before] ?? expect.unreachable())
    expect(message).toEqual({ ...asked, subscriptionID: ours ?? message.subscriptionID })
  }

  async function play({ dir, event, json }: RecordedStep): Promise<void> {
    if (dir === 'C>S' && event === '$connect') client.connect()
    if (dir === 'C>S' && event === '$disconnect') client.disconnect()
    if (dir === 'S>C' && event === '$connected') {
      await eventually(() => expect(client.connection.get().state).toBe('connected'))
    }
    if (event === 'datastreamsub') await ((json as StreamSub).action === 0 ? subscribe : unsubscribe)(json as StreamSub)
    if (event !== 'datastreamendpoint') return
    const answer = json as Answer
    const subscriptionID = ourIDs.get(answer.subscriptionID)
    if (subscriptionID === undefined) return
    answers.set(answer.subscriptionID, answer)
    socket?.emit(event, { ...answer, subscriptionID })
    // Before the next step, which may be about it.
    const status = (): unknown => streams.get(answer.subscriptionID)?.status.get()
    await eventually(() => expect(status()).toMatchObject({ state: answer.error === undefined ? 'live' : 'error' }))
  }

  for (const step of recording.steps) await play(step)
  return { client, sent, streams, answers, shared, errors }
}

/** Names and keys that every host refuses: our client does not even ask. */
function isRefusedHere(store: string, name: string, key: string): boolean {
  return [store, name, key].some((text, i) => text.trim() === '' || text.length > (i === 2 ? 4096 : 256))
}

describe('a Rivulet client in data-stream conversations recorded from the real Go server', () => {
  test('feature 162: datastream-endpoint: endpoints are read as they come, one lease per stream, refusals have the text of the broker', async () => {
    const { streams, answers, shared, sent, errors } = await replay('datastream-endpoint')
    expect(shared).toEqual(new Set(['stream-2']))
    expect(sent.map((m) => [m.action, m.key])).toEqual([
      [0, 'bow'],
      [0, 'brief é'],
      [0, 'fail-1'],
    ])
    expect(SilentSocket.opened).toEqual(
      ['stream-1', 'stream-3'].map((id) => {
        const { url, token } = answers.get(id)?.endpoint ?? {}
        return { url, protocols: ['rsd1', token] }
      }),
    )
    expect(streams.get('stream-4')?.status.get().error).toMatchObject({
      code: 'denied',
      what: 'no such camera: fail-1',
    })
    expect(streams.get('stream-1')?.status.get().state).toBe('closed')
    await eventually(() => expect(streams.get('stream-3')?.status.get().state).toBe('reconnecting'))
    expect(errors).toEqual([])
  })

  test('feature 162: datastream-errors: what the host refuses is `denied`, what every host refuses is not asked; the connection stays', async () => {
    const { client, streams, sent, answers, errors } = await replay('datastream-errors')
    const codes = (): unknown => Array.from(streams.values(), (s) => s.status.get().error?.code)
    await eventually(() =>
      expect(codes()).toEqual([
        'denied',
        'denied',
        ...Array.from({ length: 5 }, () => 'invalid-value'),
        'denied',
        'denied',
      ]),
    )
    expect(sent).toHaveLength(3)
    for (const [id, { error }] of answers) expect(streams.get(id)?.status.get().error?.what).toBe(error)
    expect(client.connection.get().state).toBe('connected')
    expect(errors).toEqual([])
  })

  test('datastream-duplicate-id: closed and opened again, it is another lease', async () => {
    const { streams, sent } = await replay('datastream-duplicate-id')
    expect(sent.map((m) => m.action)).toEqual([0, 1, 0])
    expect(new Set(sent.map((m) => m.subscriptionID)).size).toBe(2)
    expect(streams.get('stream-1')?.status.get()).toMatchObject({ state: 'live', lease: { leaseID: 'lease-2' } })
  })

  test('datastream-no-broker: the host says that it has none', async () => {
    const { streams, client } = await replay('datastream-no-broker')
    expect(streams.get('stream-1')?.status.get()).toMatchObject({
      state: 'error',
      error: { code: 'denied', what: 'data streaming is not available' },
    })
    expect(client.connection.get().state).toBe('connected')
  })

  test('datastream-unsubscribe-while-opening: given up in time, the next one opens', async () => {
    const { streams, sent } = await replay('datastream-unsubscribe-while-opening')
    expect(sent.map((m) => [m.action, m.key])).toEqual([
      [0, 'slow-1'],
      [1, 'slow-1'],
      [0, 'slow-2'],
    ])
    expect(sent[1]?.subscriptionID).toBe(sent[0]?.subscriptionID)
    expect(streams.get('stream-2')?.status.get()).toMatchObject({ state: 'live', lease: { leaseID: 'lease-1' } })
  })
})
