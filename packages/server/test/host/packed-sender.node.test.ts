import { once } from 'node:events'
import { createServer } from 'node:http'
import { assert, asyncProperty, constantFrom, integer, oneof, string } from 'fast-check'
import { Server, type ServerOptions } from 'socket.io'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Heard, type NotesHost, notesHost } from '../support/notes-host.ts'
import { until } from '../support/until.ts'

/** An Engine.IO packet as far as it matters here. */
interface Packet {
  readonly type: string
  readonly data?: unknown
  readonly options?: { readonly wsPreEncodedFrame?: readonly Buffer[] }
}

/** What the host hands to Engine.IO for its only viewer from now on. */
function packetsOf({ host }: NotesHost): Packet[] {
  const packets: Packet[] = []
  host.viewers[0]?.socket.conn.on('packetCreate', (packet: Packet) => {
    if (packet.type === 'message') packets.push(packet)
  })
  return packets
}

const isPacked = ({ options }: Packet): boolean => options?.wsPreEncodedFrame !== undefined

/** An application's own Socket.IO server. */
async function ownServer(options: Partial<ServerOptions>): Promise<Server> {
  const http = createServer()
  const io = new Server(http, { path: '/socket', ...options })
  http.listen(0)
  await once(http, 'listening')
  onTestFinished(() => io.close())
  return io
}

async function hear(app: NotesHost, page: Awaited<ReturnType<NotesHost['page']>>, text: string): Promise<Buffer> {
  const before = page.received.length
  app.host.emit(Heard, { text })
  await until(() => page.received.length > before, 'the event')
  expect(page.received).toHaveLength(before + 1)
  const { event, body } = page.received.at(-1) ?? {}
  expect(event).toBe('event')
  return body?.['event'] as Buffer
}

describe('a message with bytes', () => {
  test('leaves as one write of ready-made frames', async () => {
    const app = await notesHost()
    const page = await app.page()
    const packets = packetsOf(app)
    await hear(app, page, 'hello')
    expect(packets).toHaveLength(1)
    const [{ options }] = packets as [Packet]
    expect(options?.wsPreEncodedFrame).toHaveLength(1)
    const frames = options?.wsPreEncodedFrame?.[0] as Buffer
    // Text and final, its length, Engine.IO's message, Socket.IO's binary event with one attachment.
    expect(frames[0]).toBe(0x81)
    expect(frames.toString('latin1', 2, 7)).toBe('451-[')
    expect(frames[2 + (frames[1] ?? 0)]).toBe(0x82)
  })

  test('is made once for all its viewers', async () => {
    const app = await notesHost()
    const pages = await Promise.all([app.page(), app.page(), app.page()])
    const made = new Set<unknown>()
    for (const { socket } of app.host.viewers) {
      socket.conn.on('packetCreate', ({ options }: Packet) => void made.add(options?.wsPreEncodedFrame))
    }
    app.host.emit(Heard, { text: 'for all' })
    await Promise.all(pages.map((page) => page.messages('event')))
    expect([...made]).toEqual([[expect.any(Buffer)]])
  })

  test('arrives whole, whatever its length and its letters', async () => {
    const app = await notesHost()
    const page = await app.page()
    const packets = packetsOf(app)
    // Around the three forms of a frame's length, and around what is not packed any more.
    const length = oneof(
      constantFrom(0, 1, 120, 125, 126, 127, 65_527, 65_535, 65_536, 65_540, 70_000),
      integer({ min: 0, max: 300 }),
    )
    await assert(
      asyncProperty(length, string({ minLength: 0, maxLength: 5, unit: 'binary' }), async (repeat, letters) => {
        const text = 'a'.repeat(repeat) + letters
        const bytes = await hear(app, page, text)
        expect(Buffer.from(bytes).includes(Buffer.from(text))).toBe(true)
      }),
      { numRuns: 60 },
    )
    expect(packets.some(isPacked)).toBe(true)
    // Nothing large is copied.
    expect(
      packets.every((packet) => !isPacked(packet) || (packet.options?.wsPreEncodedFrame?.[0]?.length ?? 0) < 66_000),
    ).toBe(true)
  })

  test('arrives in a namespace of its own', async () => {
    const io = await ownServer({})
    const app = await notesHost({ io: io.of('/notes') as never })
    const { port } = io.httpServer.address() as { port: number }
    const { io: connect } = await import('socket.io-client')
    const socket = connect(`http://localhost:${port}/notes`, {
      path: '/socket',
      transports: ['websocket'],
      forceNew: true,
    })
    onTestFinished(() => void socket.disconnect())
    const heard: unknown[] = []
    socket.on('event', (body) => heard.push(body))
    await until(() => app.host.viewers.length === 1, 'the page')
    const packets = packetsOf(app)
    app.host.emit(Heard, { text: 'there' })
    await until(() => heard.length === 1, 'the event')
    expect(packets.map(isPacked)).toEqual([true])
  })
})

describe('what could be noticed goes the ordinary way', () => {
  test('over polling', async () => {
    const app = await notesHost()
    const page = await app.page({ transports: ['polling'] })
    const packets = packetsOf(app)
    expect(Buffer.from(await hear(app, page, 'poll')).includes('poll')).toBe(true)
    expect(packets.map(isPacked)).toEqual([false, false])
  })

  test('while it moves from polling to a WebSocket, in order', async () => {
    const app = await notesHost()
    const page = await app.page({ transports: ['polling', 'websocket'] })
    const packets = packetsOf(app)
    let n = 0
    await until(() => {
      app.host.emit(Heard, { text: `n${n++}.` })
      return packets.some(isPacked)
    }, 'the first that is packed')
    const all = await page.messages('event', n)
    expect(all.map(({ event }, i) => Buffer.from(event as Buffer).includes(`n${i}.`))).toEqual(all.map(() => true))
  })

  test('with compression', async () => {
    const io = await ownServer({ perMessageDeflate: { threshold: 1 } })
    const app = await notesHost({ io })
    const page = await app.page({ perMessageDeflate: { threshold: 1 } })
    const packets = packetsOf(app)
    expect(Buffer.from(await hear(app, page, 'press')).includes('press')).toBe(true)
    expect(packets.map(isPacked)).toEqual([false, false])
  })

  test('with connection state recovery, which keeps every packet', async () => {
    const io = await ownServer({ connectionStateRecovery: {} })
    const app = await notesHost({ io })
    const page = await app.page()
    const packets = packetsOf(app)
    await hear(app, page, 'kept')
    expect(packets.map(isPacked)).toEqual([false, false])
    expect(String(packets[0]?.data)).toMatch(/^51-\["event",\{.*\},"[^"]+"\]$/)
  })

  test('while the application listens to what is sent', async () => {
    const app = await notesHost()
    const page = await app.page()
    const packets = packetsOf(app)
    const sent: string[] = []
    const listener = (event: string): void => void sent.push(event)
    app.host.viewers[0]?.socket.onAnyOutgoing(listener)
    await hear(app, page, 'one')
    app.host.viewers[0]?.socket.offAnyOutgoing(listener)
    await hear(app, page, 'two')
    expect(sent).toEqual(['event'])
    expect(packets.map(isPacked)).toEqual([false, false, true])
  })
})
