import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createLine } from '../src/harness/line.ts'
import { type Relay, startRelay } from '../src/harness/relay.ts'

let echo: Server
let relay: Relay | undefined
const hosted = new Set<Socket>()

beforeEach(async () => {
  echo = createServer((socket) => {
    hosted.add(socket)
    socket.on('close', () => hosted.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.on('data', (piece) => socket.write(piece))
    socket.on('end', () => socket.end())
  })
  echo.listen(0, '127.0.0.1')
  await once(echo, 'listening')
})

afterEach(async () => {
  await relay?.close()
  relay = undefined
  const closed = once(echo, 'close')
  echo.close()
  hosted.forEach((socket) => socket.destroy())
  await closed
})

const target = (): number => (echo.address() as AddressInfo).port

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  return socket
}

async function received(socket: Socket, length: number): Promise<Buffer> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of socket.iterator({ destroyOnReturn: false })) {
    pieces.push(piece as Buffer)
    size += (piece as Buffer).length
    if (size >= length) break
  }
  return Buffer.concat(pieces)
}

describe('relay', () => {
  test('passes everything on in order, and counts what went down', async () => {
    relay = await startRelay(target())
    const socket = await open(relay.port)
    const sent = Buffer.from(Array.from({ length: 300_000 }, (_, i) => i % 251))
    socket.write(sent)
    expect((await received(socket, sent.length)).equals(sent)).toBe(true)
    expect(relay.bytesDown()).toBe(sent.length)
    socket.destroy()
  })

  test('cut: every connection ends on both sides and no new one lives, until it is mended', async () => {
    relay = await startRelay(target())
    const socket = await open(relay.port)
    socket.write('x')
    await received(socket, 1)
    const ended = once(socket, 'close').catch(() => undefined)
    socket.on('error', () => undefined)
    relay.cut()
    await ended
    await expect.poll(() => hosted.size).toBe(0)
    const refused = connect(relay.port, '127.0.0.1')
    refused.on('error', () => undefined)
    await new Promise((resolve) => refused.once('close', resolve))

    const before = performance.now()
    const mended = relay.mended()
    const again = await open(relay.port)
    expect(await mended).toBeGreaterThanOrEqual(before)
    again.write('y')
    expect((await received(again, 1)).toString()).toBe('y')
    again.destroy()
  })

  test('a line takes its round trip and its bandwidth, and keeps the order', async () => {
    // 50 kB down at 800 kbit/s are half a second; a round trip, and the one in which TCP connects.
    const rttMs = 40
    relay = await startRelay(target(), createLine({ rttMs, downKbps: 800, upKbps: 1_000_000 }))
    const socket = await open(relay.port)
    const sent = Buffer.from(Array.from({ length: 50_000 }, (_, i) => i % 253))
    const start = performance.now()
    socket.write(sent)
    expect((await received(socket, sent.length)).equals(sent)).toBe(true)
    // Timers may end a millisecond early.
    expect(performance.now() - start).toBeGreaterThanOrEqual(500 + 2 * rttMs - 5)
    socket.destroy()
  })
})
