import { encodeUnit } from '@rivulet/wire'
import { describe, expect, test } from 'vitest'
import { frame, idsChecked, streamRig, type StreamRig } from '../../support/stream-rig.ts'

const RESTART = { recovery: true, discontinuity: true }

/** A rig with one live stream of key `k`. */
async function live(
  more: Record<string, unknown> = {},
): Promise<{ rig: StreamRig; page: ReturnType<StreamRig['open']> }> {
  const rig = streamRig()
  rig.connect()
  const page = rig.open('k')
  await rig.endpoint('stream-1', 'a', more)
  rig.last.accept()
  return { rig, page }
}

/** Lets a pending retry run, and the data connection after it. */
async function later(rig: StreamRig, ms: number): Promise<void> {
  rig.clock.advance(ms)
  await idsChecked()
}

describe('opening', () => {
  test('asks when the connection opens, reads where the host says, with the token in a subprotocol', async () => {
    const rig = streamRig()
    const page = rig.open('k')
    expect([page.state, rig.asked]).toEqual(['opening', []])
    rig.connect()
    expect(rig.asked).toEqual(['+stream-1 k'])
    await rig.endpoint('stream-1', 'a', { metadata: { fps: '30', bad: 7 } })
    expect([rig.last.url, rig.last.protocols, rig.last.binaryType]).toEqual([
      'ws://data.test/a',
      ['rsd1', 't-a'],
      'arraybuffer',
    ])
    expect(page.state).toBe('opening')
    rig.last.accept()
    expect(page.statuses.at(-1)).toEqual({
      state: 'live',
      since: rig.clock.now(),
      lease: { leaseID: 'a', expiresAtUnixMilli: 0, metadata: { fps: '30' } },
    })
    rig.last.send(frame(1))
    expect(page.units[0]?.payload).toEqual(new Uint8Array(10).fill(1))
    page.say({ type: 'close' })
    expect([page.state, page.closed, rig.last.closed, rig.asked.at(-1)]).toEqual(['closed', true, true, '-stream-1 k'])
    expect(rig.clock.pending).toBe(0)
  })

  test('given up while opening: unsubscribed, and the late endpoint finds nobody', async () => {
    const rig = streamRig()
    rig.connect()
    const page = rig.open('k')
    page.say({ type: 'close' })
    expect(rig.asked).toEqual(['+stream-1 k', '-stream-1 k'])
    await rig.endpoint('stream-1', 'a')
    expect([rig.sockets.length, rig.errors, rig.clock.pending]).toEqual([0, [], 0])
  })

  test('given up while the data connection opens', async () => {
    const rig = streamRig()
    rig.connect()
    const page = rig.open('k')
    await rig.endpoint('stream-1', 'a')
    page.say({ type: 'close' })
    rig.last.accept()
    expect([rig.last.closed, page.state]).toEqual([true, 'closed'])
    // Closed before the check of the id was ready: not even opened.
    const second = rig.open('k')
    rig.streams.answer({ subscriptionID: 'stream-2', endpoint: { leaseID: 'b', url: 'ws://d', token: 't' } })
    second.say({ type: 'close' })
    await idsChecked()
    expect([rig.sockets.length, rig.clock.pending]).toEqual([1, 0])
  })

  test('a refusal is typed, and asked again under a new id; another connection asks at once', async () => {
    const rig = streamRig()
    rig.connect()
    const page = rig.open('k')
    rig.refuse('stream-1', 'no such camera: k')
    expect(page.statuses.at(-1)).toMatchObject({
      state: 'error',
      error: { code: 'denied', what: 'no such camera: k', store: 'Cam', path: ['Video', 'k'] },
    })
    rig.clock.advance(4_900)
    expect(rig.asked).toHaveLength(1)
    rig.clock.advance(6_000)
    expect(rig.asked.at(-1)).toBe('+stream-2 k')
    rig.refuse('stream-2', 'no')
    rig.disconnect()
    rig.connect()
    expect(rig.asked.slice(2)).toEqual(['+stream-3 k'])
    await rig.endpoint('stream-3', 'a')
    expect([page.state, page.error]).toEqual(['opening', undefined])
  })

  test('refusals wait longer and longer, up to a minute', () => {
    const rig = streamRig()
    rig.connect()
    rig.open('k')
    const waits: number[] = []
    for (let i = 1; i <= 8; i++) {
      rig.refuse(`stream-${i}`, 'no')
      const since = rig.clock.now()
      while (rig.asked.length === i) rig.clock.advance(500)
      waits.push(rig.clock.now() - since)
    }
    expect(waits[0]).toBeLessThan(10_000)
    expect(waits.toSorted((a, b) => a - b)).toEqual(waits)
    expect(waits.at(-1)).toBeLessThanOrEqual(60_000)
  })

  test('a host that never answers is asked again', () => {
    const rig = streamRig()
    rig.connect()
    const page = rig.open('k')
    rig.clock.advance(40_000)
    expect([page.state, page.error?.code, rig.asked.at(-1)]).toEqual(['error', 'timeout', '-stream-1 k'])
    rig.clock.advance(10_000)
    expect(rig.asked.at(-1)).toBe('+stream-2 k')
  })

  test.each([
    ['no address at all', { url: 'somewhere' }, 'protocol'],
    ['another scheme', { url: 'https://data.test' }, 'protocol'],
    ['not text', { url: 7 }, 'protocol'],
    ['an endless token', { token: 'x'.repeat(5000) }, 'protocol'],
    ['no time', { expiresAtUnixMilli: 'soon' }, 'protocol'],
  ])('an endpoint with %s is a typed error', async (_, more, code) => {
    const rig = streamRig()
    rig.connect()
    const page = rig.open('k')
    await rig.endpoint('stream-1', 'a', more)
    expect([page.state, page.error?.code, rig.sockets.length]).toEqual(['error', code, 0])
    expect(rig.asked).toEqual(['+stream-1 k', '-stream-1 k'])
  })

  test('a token that no subprotocol can be', async () => {
    const rig = streamRig()
    rig.connect()
    const page = rig.open('k')
    rig.refuseSockets = new SyntaxError('invalid subprotocol')
    await rig.endpoint('stream-1', 'a')
    expect(page.error).toMatchObject({ code: 'protocol', what: 'invalid subprotocol' })
    rig.refuseSockets = null
    await later(rig, 200)
    expect(rig.asked).toEqual(['+stream-1 k', '-stream-1 k', '+stream-2 k'])
  })

  test('answers for nobody, and answers that are none, hurt nobody', async () => {
    const { rig, page } = await live()
    rig.refuse('stream-9', 'no')
    expect(() => rig.streams.answer({})).toThrow(TypeError)
    expect(() => rig.streams.answer({ subscriptionID: null, error: 'x' })).toThrow(TypeError)
    expect(page.state).toBe('live')
  })
})

describe('a hostile data plane', () => {
  const good = encodeUnit(frame(2)).buffer
  const bytes = (change: (view: DataView) => void): ArrayBuffer => {
    const copy = good.slice()
    change(new DataView(copy))
    return copy
  }
  test.each([
    ['text', 'hello', 'protocol'],
    ['nothing', new ArrayBuffer(0), 'truncated'],
    ['half a unit', good.slice(0, 50), 'truncated'],
    ['a unit and more', bytes(() => undefined).slice(0, 66), 'truncated'],
    ['the wrong magic', bytes((v) => v.setUint32(0, 7)), 'malformed'],
    ['a huge length', bytes((v) => v.setUint32(56, 0xffff_ffff, true)), 'limit'],
    ['a length that is not there', bytes((v) => v.setUint32(56, 1000, true)), 'truncated'],
    ['a huge id', bytes((v) => v.setUint16(52, 0xffff, true)), 'malformed'],
    ['no sequence', bytes((v) => v.setBigUint64(16, 0n)), 'malformed'],
  ] as const)('%s ends the data connection, and nothing else', async (_, data, code) => {
    const { rig, page } = await live()
    const other = rig.open('other')
    await rig.endpoint('stream-2', 'b')
    rig.last.accept()
    const [mine, theirs] = rig.sockets
    mine?.send(frame(1))
    mine?.send(data)
    mine?.send(frame(3))
    expect([page.state, page.error?.code, mine?.closed]).toEqual(['reconnecting', code, true])
    expect(page.error).toMatchObject({ store: 'Cam', path: ['Video', 'k'] })
    expect(rig.errors.map((e) => e.code)).toEqual([code])
    theirs?.send(frame(1))
    expect([other.state, other.numbers()]).toEqual(['live', [1]])
    await later(rig, 200)
    expect(rig.last.url).toBe('ws://data.test/a')
    rig.last.accept()
    rig.last.send(frame(3))
    expect([page.state, page.numbers(), page.lost]).toEqual(['live', [1, 3], [0, 1]])
  })

  test('a unit of another stream', async () => {
    const { rig, page } = await live()
    rig.last.send(frame(1))
    rig.last.send(frame(2, { streamID: 'other' }))
    expect([page.state, page.error?.code]).toEqual(['reconnecting', 'protocol'])
    const named = await live({ metadata: { streamID: 'expected' } })
    named.rig.last.send(frame(1))
    expect(named.page.error?.code).toBe('protocol')
    const derived = await live()
    // This is the id of another (store, stream, key): sha256 of '3:Cam5:Video1:x'.
    derived.rig.last.send(frame(1, { streamID: `restream:${'0'.repeat(64)}` }))
    expect(derived.page.error?.code).toBe('protocol')
  })

  test('one that is a fault every time is not hammered', async () => {
    const { rig } = await live()
    rig.last.send('x')
    const tries: number[] = []
    for (let i = 0; i < 12; i++) {
      const before = rig.sockets.length
      const since = rig.clock.now()
      while (rig.sockets.length === before) await later(rig, 100)
      tries.push(rig.clock.now() - since)
      rig.last.accept()
      rig.last.send('x')
    }
    expect(tries[0]).toBeLessThanOrEqual(200)
    expect(tries.at(-1)).toBeGreaterThan(2_000)
    expect(rig.asked).toEqual(['+stream-1 k'])
  })
})

describe('coming back', () => {
  test('with the same lease when the connection breaks, with another when it was refused or ended on purpose', async () => {
    const { rig, page } = await live()
    rig.last.hangUp(1006)
    expect(page.statuses.at(-1)).toMatchObject({ state: 'reconnecting', error: { code: 'disconnected' } })
    await later(rig, 200)
    expect(rig.asked).toEqual(['+stream-1 k'])
    // A refused handshake looks like any other failure: 401, 404 and 410 are not told.
    rig.last.hangUp(1006)
    await later(rig, 500)
    expect(rig.asked).toEqual(['+stream-1 k', '-stream-1 k', '+stream-2 k'])
    await rig.endpoint('stream-2', 'b')
    rig.last.accept()
    expect(page.statuses.at(-1)).toMatchObject({ state: 'live', lease: { leaseID: 'b' } })
    rig.last.hangUp(1000, 'the lease has expired')
    await later(rig, 1000)
    expect(rig.asked.slice(3)).toEqual(['-stream-2 k', '+stream-3 k'])
    expect(rig.errors).toEqual([])
  })

  test('a data connection that never opens is given up', async () => {
    const rig = streamRig()
    rig.connect()
    const page = rig.open('k')
    await rig.endpoint('stream-1', 'a')
    rig.clock.advance(20_000)
    expect([page.state, page.error?.code, rig.last.closed]).toEqual(['opening', 'timeout', true])
    await later(rig, 200)
    expect(rig.asked.at(-1)).toBe('+stream-2 k')
  })

  test('silence counts as dead where the app says so', async () => {
    const rig = streamRig()
    rig.connect()
    const page = rig.open('k', { config: { maxSilenceMs: 1000 } })
    await rig.endpoint('stream-1', 'a')
    rig.last.accept()
    for (let n = 1; n < 5; n++) {
      rig.clock.advance(900)
      rig.last.send(frame(n))
    }
    expect(page.state).toBe('live')
    rig.clock.advance(1000)
    expect([page.state, page.error?.code]).toEqual(['reconnecting', 'timeout'])
    await later(rig, 200)
    expect(rig.sockets).toHaveLength(2)
  })

  test('while the host is away the data goes on, and the old lease is tried', async () => {
    const { rig, page } = await live()
    rig.disconnect()
    rig.last.send(frame(1))
    expect([page.state, page.numbers()]).toEqual(['live', [1]])
    rig.last.hangUp(1000)
    await later(rig, 200)
    expect(rig.sockets).toHaveLength(2)
    rig.last.hangUp()
    rig.connect()
    expect(rig.asked).toEqual(['+stream-1 k', '+stream-1 k'])
    await rig.endpoint('stream-1', 'b')
    expect(rig.last.url).toBe('ws://data.test/b')
    rig.last.accept()
    expect(page.state).toBe('live')
  })

  test('after a reconnect the old data connection delivers until the new one can', async () => {
    const { rig, page } = await live()
    rig.disconnect()
    rig.connect()
    await rig.endpoint('stream-1', 'b')
    const [old, fresh] = rig.sockets
    old?.send(frame(1))
    fresh?.accept()
    old?.send(frame(2))
    fresh?.send(frame(2))
    expect(old?.closed).toBe(true)
    fresh?.send(frame(3))
    expect([page.numbers(), page.lost]).toEqual([
      [1, 2, 3],
      [0, 0, 0],
    ])
    expect(page.statuses.at(-1)).toMatchObject({ state: 'live', lease: { leaseID: 'b' } })
  })

  test('a session that carried the subscriptions: nothing is asked again, the same lease twice is one', async () => {
    const { rig, page } = await live()
    expect(rig.streams.manifest()).toEqual([
      { subscriptionID: 'stream-1', storeName: 'Cam', streamName: 'Video', key: 'k' },
    ])
    rig.disconnect()
    rig.connect(true)
    await rig.endpoint('stream-1', 'a')
    await rig.endpoint('stream-1', 'a')
    expect([rig.asked, rig.sockets.length, page.state]).toEqual([['+stream-1 k'], 1, 'live'])
    rig.last.hangUp()
    await rig.endpoint('stream-1', 'a')
    await later(rig, 200)
    expect(rig.sockets).toHaveLength(2)
  })

  test('streams that came and went while the session attached are put right after it', async () => {
    const { rig, page } = await live()
    rig.disconnect()
    rig.attach()
    const late = rig.open('late')
    page.say({ type: 'close' })
    await Promise.resolve()
    rig.connect(true)
    expect(rig.asked).toEqual(['+stream-1 k', '-stream-1 k', '+stream-2 late'])
    await rig.endpoint('stream-2', 'b')
    rig.last.accept()
    expect(late.state).toBe('live')
  })

  test('hung up by the app: nothing runs until it is wanted again', async () => {
    const { rig, page } = await live({ expiresAtUnixMilli: 1_000_000 + 60_000 })
    rig.disconnect()
    rig.streams.hangUp()
    expect([page.state, rig.last.closed, rig.clock.pending]).toEqual(['reconnecting', true, 0])
    rig.connect()
    await rig.endpoint('stream-1', 'b')
    rig.last.accept()
    expect(page.state).toBe('live')
  })
})

describe('renewal', () => {
  const inAMinute = { expiresAtUnixMilli: 1_000_000 + 60_000 }

  test('in time, the new connection before the old one goes, nothing lost and nothing twice', async () => {
    const { rig, page } = await live(inAMinute)
    const old = rig.last
    old.send(frame(1))
    rig.clock.advance(35_000)
    expect(rig.asked).toHaveLength(1)
    rig.clock.advance(16_000)
    expect(rig.asked).toEqual(['+stream-1 k', '+stream-2 k'])
    await rig.endpoint('stream-2', 'b', { expiresAtUnixMilli: 1_000_000 + 200_000 })
    const fresh = rig.last
    fresh.accept()
    old.send(frame(2))
    // Ahead of the old one, which may still bring what lies between.
    fresh.send(frame(5))
    fresh.send(frame(6))
    expect(page.numbers()).toEqual([1, 2])
    old.send(frame(3))
    old.send(frame(4))
    expect([page.numbers(), old.closed]).toEqual([[1, 2, 3, 4, 5, 6], true])
    expect(page.lost.every((n) => n === 0)).toBe(true)
    expect(page.units.some((unit) => unit.discontinuity)).toBe(false)
    expect(rig.asked.at(-1)).toBe('-stream-1 k')
    expect(page.statuses.at(-1)).toMatchObject({ state: 'live', lease: { leaseID: 'b' } })
    expect(page.statuses.map((s) => s.state)).toEqual(['opening', 'opening', 'live', 'live'])
    rig.clock.advance(127_000)
    expect(rig.asked.at(-1)).toBe('+stream-3 k')
  })

  test('a stream that is silent changes over all the same', async () => {
    const { rig } = await live(inAMinute)
    rig.clock.advance(51_000)
    await rig.endpoint('stream-2', 'b')
    rig.last.accept()
    expect(rig.sockets[0]?.closed).toBe(false)
    rig.clock.advance(2_000)
    expect([rig.sockets[0]?.closed, rig.asked.at(-1)]).toEqual([true, '-stream-1 k'])
  })

  test('the old connection ends before the new one is there, or while both are', async () => {
    const { rig, page } = await live(inAMinute)
    rig.last.send(frame(1))
    rig.clock.advance(51_000)
    await rig.endpoint('stream-2', 'b', { expiresAtUnixMilli: 1_000_000 + 111_000 })
    rig.sockets[0]?.hangUp()
    expect(page.state).toBe('reconnecting')
    rig.last.accept()
    rig.last.send(frame(2))
    expect([page.state, page.numbers(), page.units[1]?.discontinuity]).toEqual(['live', [1, 2], false])
    rig.clock.advance(51_000)
    await rig.endpoint('stream-3', 'c')
    rig.last.accept()
    rig.last.send(frame(5))
    rig.sockets[1]?.hangUp()
    expect([page.state, page.numbers(), page.lost.at(-1)]).toEqual(['live', [1, 2, 5], 2])
    expect(rig.asked.at(-1)).toBe('-stream-2 k')
  })

  test('refused: the old lease is used to its end, and renewal tried again, not in a storm', async () => {
    const { rig, page } = await live(inAMinute)
    rig.clock.advance(51_000)
    for (let i = 2; i < 30; i++) {
      rig.refuse(`stream-${i}`, 'not now')
      rig.clock.advance(300)
    }
    expect(page.state).toBe('live')
    expect(rig.asked.length).toBeGreaterThan(2)
    expect(rig.asked.length).toBeLessThan(20)
    rig.last.hangUp(1000, 'the lease has expired')
    await later(rig, 1_000)
    expect(page.state).toBe('reconnecting')
    expect(rig.asked).toContain('-stream-1 k')
  })

  test('its data connection fails: the same', async () => {
    const { rig, page } = await live(inAMinute)
    rig.clock.advance(51_000)
    await rig.endpoint('stream-2', 'b')
    rig.last.hangUp()
    expect([page.state, rig.asked.at(-1)]).toEqual(['live', '-stream-2 k'])
    rig.clock.advance(8_000)
    expect(rig.asked.at(-1)).toBe('+stream-3 k')
  })

  test('lost with the connection to the host: planned anew', async () => {
    const { rig, page } = await live(inAMinute)
    rig.disconnect()
    rig.clock.advance(51_000)
    expect(rig.asked).toHaveLength(1)
    rig.connect(true)
    rig.clock.advance(9_000)
    expect(rig.asked).toEqual(['+stream-1 k', '+stream-2 k'])
    rig.disconnect()
    expect(rig.streams.manifest().map((m) => m.subscriptionID)).toEqual(['stream-1'])
    expect(page.state).toBe('live')
  })

  test('another lease for the same subscription meanwhile: that one counts, and no subscription is left behind', async () => {
    const { rig, page } = await live(inAMinute)
    rig.clock.advance(51_000)
    await rig.endpoint('stream-2', 'b')
    await rig.endpoint('stream-1', 'c')
    rig.last.accept()
    rig.clock.advance(2_000)
    expect(page.statuses.at(-1)).toMatchObject({ state: 'live', since: 1_000_000, lease: { leaseID: 'c' } })
    expect(rig.streams.manifest().map((m) => m.subscriptionID)).toEqual(['stream-1'])
    expect(rig.sockets.filter((socket) => !socket.closed)).toHaveLength(1)
  })

  test('a lease that is over when it comes is used, and renewed, but not in a storm', async () => {
    const { rig, page } = await live({ expiresAtUnixMilli: 5 })
    expect(page.state).toBe('live')
    let asked = rig.asked.length
    for (let i = 2; i < 200 && rig.clock.now() < 1_060_000; i++) {
      await later(rig, 300)
      if (rig.asked.length === asked) continue
      asked = rig.asked.length
      const id =
        rig.asked
          .findLast((line) => line.startsWith('+'))
          ?.split(' ')[0]
          ?.slice(1) ?? ''
      await rig.endpoint(id, `l${i}`, { expiresAtUnixMilli: 5 })
      rig.last.accept()
    }
    expect(rig.asked.filter((line) => line.startsWith('+')).length).toBeLessThan(20)
  })

  test("goes by the host's clock", async () => {
    const rig = streamRig()
    rig.streams.clockOffset(1_000_000_000)
    rig.connect()
    rig.open('k')
    await rig.endpoint('stream-1', 'a', { expiresAtUnixMilli: 1_001_000_000 + 60_000 })
    rig.last.accept()
    rig.clock.advance(38_000)
    expect(rig.asked).toHaveLength(1)
    rig.clock.advance(15_000)
    expect(rig.asked).toHaveLength(2)
  })
})

describe('64 streams', () => {
  test('one more is refused here, until there is room; a renewal at the limit gives its place up first', async () => {
    const rig = streamRig()
    rig.connect()
    const pages = Array.from({ length: 64 }, (_, i) => rig.open(`k${i}`))
    const more = rig.open('more')
    expect([more.state, more.error?.code, rig.asked.length]).toEqual(['error', 'limit', 64])
    await rig.endpoint('stream-1', 'a', { expiresAtUnixMilli: 1_000_000 + 60_000 })
    rig.last.accept()
    for (let i = 2; i <= 64; i++) {
      await rig.endpoint(`stream-${i}`, `l${i}`)
      rig.last.accept()
    }
    rig.clock.advance(51_000)
    await idsChecked()
    expect(rig.asked.slice(64)).toEqual(['-stream-1 k0', '+stream-65 k0'])
    expect(more.state).toBe('error')
    pages[5]?.say({ type: 'close' })
    await idsChecked()
    expect(rig.asked.at(-1)).toBe('+stream-66 more')
  })
})

describe('generations and restarts', () => {
  test('a new generation, and a frame that starts anew, are taken at once and flagged', async () => {
    const { rig, page } = await live()
    for (const n of [7, 8]) rig.last.send(frame(n))
    rig.last.send(frame(1, RESTART))
    rig.last.send(frame(2))
    rig.last.send(frame(1, { generation: 2n }))
    expect(page.numbers()).toEqual([7, 8, 1, 2, 1])
    expect(page.units.map((unit) => unit.discontinuity)).toEqual([false, false, true, false, true])
    expect(page.lost).toEqual([0, 0, 0, 0, 0])
  })

  test('a source that repeats itself is silent for two seconds, then believed, and said to be wrong', async () => {
    const { rig, page } = await live()
    for (const n of [7, 8, 1, 2]) rig.last.send(frame(n))
    expect(page.numbers()).toEqual([7, 8])
    rig.clock.advance(2_000)
    rig.last.send(frame(3))
    rig.last.send(frame(4))
    expect([page.numbers(), page.units[2]?.discontinuity]).toEqual([[7, 8, 3, 4], true])
    expect(rig.errors).toMatchObject([{ code: 'protocol', hint: expect.stringContaining('generation') as string }])
  })
})
