import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { until } from '../../../packages/server/test/support/until.ts'
import { createFaultyLink, type FaultyLink } from '../../src/faulty-link.ts'

/** A raw peer on either side: what it heard, and how its connection ended. */
interface Peer {
  readonly socket: Socket
  readonly heard: () => string
  readonly size: () => number
  readonly ended: () => 'end' | 'reset' | null
}

let link: FaultyLink
let port: number
let accepted: Peer[]
let stop: () => Promise<void>

beforeEach(async () => {
  accepted = []
  const server = createServer({ allowHalfOpen: true }, (socket) => void accepted.push(peerOf(socket)))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  port = (server.address() as AddressInfo).port
  link = await createFaultyLink(port)
  stop = async () => {
    for (const { socket } of accepted) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
})

afterEach(async () => {
  await link.close()
  await stop()
})

function peerOf(socket: Socket): Peer {
  const chunks: Buffer[] = []
  let ended: 'end' | 'reset' | null = null
  let size = 0
  socket.on('data', (bytes) => {
    size += bytes.length
    if (size < 1e6) chunks.push(bytes)
  })
  socket.on('end', () => (ended ??= 'end'))
  socket.on('error', () => (ended = 'reset'))
  return { socket, heard: () => Buffer.concat(chunks).toString(), size: () => size, ended: () => ended }
}

async function pair(): Promise<{ readonly viewer: Peer; readonly host: Peer }> {
  const before = accepted.length
  const socket = connect({ port: link.port, host: '127.0.0.1', allowHalfOpen: true })
  const viewer = peerOf(socket)
  await once(socket, 'connect')
  const host = await until(() => accepted[before], 'the host to be reached')
  return { viewer, host }
}

/** Sends through the link and waits until it arrived. */
async function passes(from: Peer, to: Peer, text: string): Promise<void> {
  from.socket.write(text)
  await until(() => to.heard().endsWith(text), `"${text}" to arrive`)
}

test('passes bytes both ways, and counts them', async () => {
  const { viewer, host } = await pair()
  await passes(viewer, host, 'question')
  await passes(host, viewer, 'answer')
  expect(link.bytes).toEqual({ taken: { up: 8, down: 6 }, passed: { up: 8, down: 6 }, lost: { up: 0, down: 0 } })
  expect(link.connections).toBe(1)
})

test('a goodbye reaches the other side behind the last byte; the other direction stays open', async () => {
  const { viewer, host } = await pair()
  viewer.socket.end('last')
  await until(() => host.ended(), 'the goodbye')
  expect([host.heard(), host.ended()]).toEqual(['last', 'end'])
  await passes(host, viewer, 'still here')
  host.socket.end()
  await until(() => link.connections === 0, 'the link to forget the connection')
})

test('a side that vanishes resets the other', async () => {
  const { viewer, host } = await pair()
  host.socket.resetAndDestroy()
  await until(() => viewer.ended(), 'the viewer to notice')
  expect(viewer.ended()).toBe('reset')
})

describe('cut', () => {
  test.each(['reset', 'end'] as const)('by %s: both sides see it, and so does whoever tries again', async (how) => {
    const { viewer, host } = await pair()
    await passes(viewer, host, 'x')
    link.set({ kind: 'cut', how })
    await until(() => viewer.ended() !== null && host.ended() !== null, 'both to notice')
    expect([viewer.ended(), host.ended()]).toEqual([how, how])
    const again = peerOf(connect(link.port, '127.0.0.1'))
    await until(() => again.ended(), 'the next one to be turned away')
    expect(accepted).toHaveLength(1)
    link.set({ kind: 'pass' })
    const next = await pair()
    await passes(next.viewer, next.host, 'back')
    expect(link.accepted).toBe(3)
  })
})

describe('silent', () => {
  test.each([
    ['up', 'down'],
    ['down', 'up'],
  ] as const)('%s: nothing arrives, no goodbye either, and the other direction works', async (lost, kept) => {
    const { viewer, host } = await pair()
    const [from, to] = lost === 'up' ? [viewer, host] : [host, viewer]
    link.set({ kind: 'silent', direction: lost })
    from.socket.write('vanishes')
    await until(() => link.bytes.lost[lost] === 8, 'the link to swallow it')
    await passes(to, from, 'arrives')
    from.socket.end()
    from.socket.resetAndDestroy()
    await until(() => from.socket.closed, 'that side to be gone')
    // By the time a connection past the link has been made and used, the link has heard of it.
    const past = peerOf(connect(port, '127.0.0.1'))
    past.socket.write('fence')
    await until(() => accepted[1]?.heard() === 'fence', 'the fence')
    expect([to.heard(), to.ended(), link.bytes.lost[kept]]).toEqual(['', null, 0])
    link.set({ kind: 'pass' })
    await until(() => to.ended(), 'a stream with a hole to end')
    expect(to.ended()).toBe('reset')
  })

  test.each(['up', 'down'] as const)('%s: a side that vanishes is noticed by the other way only', async (lost) => {
    const { viewer, host } = await pair()
    const [from, to] = lost === 'up' ? [host, viewer] : [viewer, host]
    link.set({ kind: 'silent', direction: lost })
    from.socket.resetAndDestroy()
    await until(() => to.ended(), 'the other side to notice')
    expect(to.ended()).toBe('reset')
  })

  test('both: even a new connection is made, and leads nowhere', async () => {
    link.set({ kind: 'silent', direction: 'both' })
    const viewer = peerOf(connect(link.port, '127.0.0.1'))
    await once(viewer.socket, 'connect')
    viewer.socket.write('anybody?')
    await until(() => link.bytes.lost.up === 8, 'it to vanish')
    expect([accepted.length, viewer.ended()]).toEqual([0, null])
    link.set({ kind: 'pass' })
    await until(() => viewer.ended(), 'it to be reset')
  })

  test('a connection that lost nothing goes on', async () => {
    const { viewer, host } = await pair()
    link.set({ kind: 'silent', direction: 'both' })
    link.set({ kind: 'pass' })
    await passes(viewer, host, 'nothing happened')
    expect([viewer.ended(), host.ended()]).toEqual([null, null])
  })
})

describe('stalled', () => {
  test.each(['down', 'both'] as const)('%s: the sender is held back, and nothing is lost', async (direction) => {
    const { viewer, host } = await pair()
    link.set({ kind: 'stalled', direction })
    const all = 32 * 1024 * 1024
    host.socket.write(Buffer.alloc(all))
    await until(() => host.socket.writableNeedDrain && host.socket.bytesWritten > 0, 'the buffers to fill')
    expect(viewer.size()).toBe(0)
    expect(link.bytes.taken.down).toBeLessThanOrEqual(256 * 1024)
    if (direction === 'down') await passes(viewer, host, 'this way is open')
    link.set({ kind: 'pass' })
    await until(() => viewer.size() === all, 'everything to arrive', 20_000)
    expect(link.bytes.lost).toEqual({ up: 0, down: 0 })
  })
})

describe('slow', () => {
  test('no faster than allowed, in order, and pushes back', async () => {
    const { viewer, host } = await pair()
    link.set({ kind: 'slow', bytesPerSecond: 400_000, latencyMs: 50 })
    const began = performance.now()
    host.socket.write(Buffer.alloc(200_000))
    host.socket.write('end')
    await until(() => viewer.size() === 200_003, 'all of it', 20_000)
    // Only from below: how long it takes on a busy machine says nothing.
    expect(performance.now() - began).toBeGreaterThan(500)
    expect(viewer.heard().endsWith('end')).toBe(true)
  })

  test('what is on its way arrives at once when the link is fast again, ahead of what comes later', async () => {
    const { viewer, host } = await pair()
    link.set({ kind: 'slow', bytesPerSecond: 1, latencyMs: 60_000 })
    host.socket.write('first ')
    await until(() => link.bytes.taken.down === 6, 'it to be on its way')
    expect(viewer.heard()).toBe('')
    link.set({ kind: 'pass' })
    host.socket.write('second')
    await until(() => viewer.size() === 12, 'both')
    expect(viewer.heard()).toBe('first second')
  })
})

test('a new target is for new connections', async () => {
  const { viewer, host } = await pair()
  link.target = 1
  await passes(viewer, host, 'as before')
  const next = peerOf(connect(link.port, '127.0.0.1'))
  await until(() => next.ended(), 'nobody to be there')
  link.target = port
  await pair()
  expect(accepted).toHaveLength(2)
})

test('a closed link leaves nothing open', async () => {
  const { viewer, host } = await pair()
  link.set({ kind: 'stalled', direction: 'both' })
  await link.close()
  await until(() => viewer.socket.destroyed && host.socket.destroyed, 'both ends to be gone')
  expect(link.connections).toBe(0)
})
