import { EventEmitter } from 'node:events'
import * as fc from 'fast-check'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createHeartbeats, type Heartbeats } from '../../src/host/heartbeats.ts'
import type { Message } from '../../src/host/outbox.ts'
import { NotesStore } from '../support/notes-host.ts'

/** An Engine.IO connection whose peer answers when told to. */
class FakeConn extends EventEmitter {
  readyState = 'open'
  pings = 0
  sendPacket(type: string): void {
    this.pings++
    this.emit('packetCreate', { type })
  }
  pong(): void {
    this.emit('heartbeat')
  }
}

function rig(): { readonly conn: FakeConn; readonly beats: Heartbeats } {
  const conn = new FakeConn()
  return { conn, beats: createHeartbeats(conn as unknown as Parameters<typeof createHeartbeats>[0]) }
}

const update = (store: string, size = 1, whole = false): Message => {
  const bytes = new Uint8Array(size)
  const def = { ...NotesStore, name: store }
  return {
    event: 'storeupdate',
    body: { storeName: store, kind: whole ? 0 : 2, partial: bytes },
    update: { def, bytes, whole, full: () => bytes },
  }
}

describe('what a peer may not have received', () => {
  test('is everything since the last ping that it answered', () => {
    const { conn, beats } = rig()
    const [a, b, c] = [update('A'), update('A'), update('A')]
    beats.sent(a)
    conn.sendPacket('ping')
    beats.sent(b)
    conn.sendPacket('ping')
    beats.sent(c)
    expect([...beats.unconfirmed()]).toEqual([['A', [a, b, c]]])
    conn.pong()
    expect([...beats.unconfirmed()]).toEqual([['A', [b, c]]])
    conn.pong()
    expect([...beats.unconfirmed()]).toEqual([['A', [c]]])
    conn.sendPacket('ping')
    conn.pong()
    expect(beats.unconfirmed().size).toBe(0)
  })

  test('is not kept when it is a whole state, or more than 128 updates, or more than 64 kB; until that is confirmed', () => {
    const { conn, beats } = rig()
    beats.sent(update('whole', 1, true))
    for (let i = 0; i < 129; i++) beats.sent(update('many'))
    for (let i = 0; i < 3; i++) beats.sent(update('large', 30_000))
    expect([...beats.unconfirmed()]).toEqual([
      ['whole', null],
      ['many', null],
      ['large', null],
    ])
    const later = update('many')
    // The early ping of `many` went out before most of this.
    conn.pong()
    conn.sendPacket('ping')
    beats.sent(later)
    conn.pong()
    expect([...beats.unconfirmed()]).toEqual([['many', [later]]])
  })

  test('events and answers are none of it', () => {
    const { beats } = rig()
    beats.sent({ event: 'rpccallresp', body: {} })
    expect(beats.unconfirmed().size).toBe(0)
  })

  test('a lively store is asked about early, but by one ping at a time', () => {
    const { conn, beats } = rig()
    for (let i = 0; i < 64; i++) beats.sent(update('A'))
    expect(conn.pings).toBe(0)
    for (let i = 0; i < 500; i++) beats.sent(update('A'))
    expect(conn.pings).toBe(1)
    conn.pong()
    beats.sent(update('B', 40_000))
    expect(conn.pings).toBe(2)
    conn.readyState = 'closed'
    conn.pong()
    beats.sent(update('B', 40_000))
    expect(conn.pings).toBe(2)
  })

  test('what was sent is asked about as soon as the turn is over, once', async () => {
    const { conn, beats } = rig()
    for (let i = 0; i < 10; i++) beats.sent(update('A'))
    expect(conn.pings).toBe(0)
    await Promise.resolve()
    expect(conn.pings).toBe(1)
    // What comes before the answer is asked about after it.
    beats.sent(update('B'))
    await Promise.resolve()
    expect(conn.pings).toBe(1)
    conn.pong()
    await Promise.resolve()
    expect(conn.pings).toBe(2)
    conn.pong()
    await Promise.resolve()
    expect([conn.pings, beats.unconfirmed().size]).toEqual([2, 0])
  })

  test('when updates never end, the peer is asked 20 times a second after the first 32', async () => {
    vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const { conn, beats } = rig()
    const aSecond = async (): Promise<number> => {
      const before = conn.pings
      for (let ms = 0; ms < 1000; ms++) {
        beats.sent(update('A'))
        await Promise.resolve()
        conn.pong()
        await Promise.resolve()
        vi.advanceTimersByTime(1)
      }
      return conn.pings - before
    }
    expect(await aSecond()).toBeLessThanOrEqual(32 + 21)
    for (let i = 0; i < 3; i++) expect(await aSecond()).toBeLessThanOrEqual(21)
    expect(await aSecond()).toBeGreaterThanOrEqual(18)
    beats.stop()
    const asked = conn.pings
    vi.advanceTimersByTime(1000)
    expect(conn.pings).toBe(asked)
  })

  test('agrees with a list of everything, whatever is sent, asked and answered', () => {
    const steps = fc.array(
      fc.oneof(
        {
          weight: 6,
          arbitrary: fc.record({ kind: fc.constant('send'), store: fc.constantFrom('A', 'B'), whole: fc.boolean() }),
        },
        { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('ping', 'pong') }) },
      ),
      { maxLength: 400 },
    )
    fc.assert(
      fc.property(steps, (all) => {
        const { conn, beats } = rig()
        let sent: Message[] = []
        // For every ping that is out, what it will confirm.
        const out: number[] = []
        conn.on('packetCreate', () => out.push(sent.length))
        for (const step of all) {
          if (!('store' in step)) {
            if (step.kind === 'ping') conn.sendPacket('ping')
            else {
              const known = out.shift() ?? 0
              conn.pong()
              sent = sent.slice(known)
              for (let i = 0; i < out.length; i++) out[i] = (out[i] as number) - known
            }
            continue
          }
          const message = update(step.store, 1, step.whole && sent.length % 7 === 0)
          sent.push(message)
          beats.sent(message)
        }
        for (const store of ['A', 'B']) {
          const mine = sent.filter((message) => message.update?.def.name === store)
          const got = beats.unconfirmed().get(store)
          const mayBeNull = mine.length > 128 || mine.some((message) => message.update?.whole)
          expect(got === null && mayBeNull ? mine : (got ?? [])).toEqual(mine)
        }
      }),
    )
  })
})

describe('asking', () => {
  test('resolves with what is still open once the answer is back, at the end, or in time', async () => {
    const { conn, beats } = rig()
    await expect(beats.probe(1)).resolves.toEqual(new Map())
    beats.sent(update('A'))
    const answered = beats.probe(60_000)
    beats.sent(update('B'))
    conn.pong()
    expect([...(await answered).keys()]).toEqual(['B'])
    const never = beats.probe(1)
    expect([...(await never).keys()]).toEqual(['B'])
    const ended = beats.probe(60_000)
    conn.readyState = 'closed'
    beats.stop()
    expect([...(await ended).keys()]).toEqual(['B'])
    expect(conn.listenerCount('heartbeat') + conn.listenerCount('packetCreate')).toBe(0)
  })
})
