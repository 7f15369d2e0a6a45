import { encodeValue } from '@rivulet/wire'
import { describe, expect, test } from 'vitest'
import type { CallResult } from '../../src/protocol.ts'
import { Add, Poke, Sound, Tick, types, Upload } from '../support/board.ts'
import { rig, type Rig, settled } from '../support/rig.ts'

const answer = (result: number): Uint8Array =>
  encodeValue(types, { kind: 'struct', ref: 'test.AddResponse' }, { result, error: null })

function respond(r: Rig, callID: unknown, result: number): void {
  r.socket.receive('rpccallresp', { callID, response: answer(result), error: null })
}

const bytesOf = (result: CallResult): number[] => (result.ok ? [...new Uint8Array(result.bytes)] : [])

async function opened(): Promise<Rig> {
  const r = await rig()
  await r.open()
  return r
}

describe('calls', () => {
  test('features 47 and 150: the request is encoded, the response comes back undecoded', async () => {
    const r = await opened()
    const result = r.engine.call(1, Add, { x: 2, y: 40 }, 1000)
    expect(r.socket.sent('rpccall')).toEqual([
      { callID: 1, methodName: 'BoardStore.Add', request: new Uint8Array([2, 40]) },
    ])
    respond(r, 1, 42)
    expect(bytesOf(await result)).toEqual([42, 1])
    expect(r.clock.pending).toBe(0)
  })

  test('a response in a pooled buffer is cut out of it', async () => {
    const r = await opened()
    const result = r.engine.call(1, Add, { x: 2, y: 40 }, 1000)
    const pool = new Uint8Array(100).fill(0xee)
    pool.set(answer(42), 50)
    r.socket.receive('rpccallresp', { callID: 1, response: pool.subarray(50, 52), error: null })
    expect(bytesOf(await result)).toEqual([42, 1])
  })

  test('responses out of order find their calls', async () => {
    const r = await opened()
    const results = [1, 2, 3].map((n) => r.engine.call(n, Add, { x: n, y: 0 }, 0))
    for (const n of [3, 1, 2]) respond(r, n, n * 10)
    expect((await Promise.all(results)).map(bytesOf)).toEqual([
      [10, 1],
      [20, 1],
      [30, 1],
    ])
  })

  test('pitfall 24: a response with an unknown id is ignored', async () => {
    const r = await opened()
    const result = r.engine.call(1, Add, { x: 1, y: 1 }, 0)
    for (const callID of [99, -1, 0, '1', null, undefined, {}]) respond(r, callID, 5)
    respond(r, 1, 7)
    respond(r, 1, 8)
    expect(bytesOf(await result)).toEqual([7, 1])
    expect(r.errors).toEqual([])
  })

  test('pitfall 48: feature 48: errors are values with a code and the method', async () => {
    const r = await opened()
    const refused = r.engine.call(1, Add, { x: 1, y: 1 }, 0)
    r.socket.receive('rpccallresp', {
      callID: 1,
      response: new Uint8Array(0),
      error: { message: 'access denied', data: {} },
    })
    expect(await refused).toEqual({ ok: false, error: { code: 'rpc', what: 'access denied', store: 'BoardStore.Add' } })
    const odd = r.engine.call(2, Add, { x: 1, y: 1 }, 0)
    r.socket.receive('rpccallresp', { callID: 2, error: 'text' })
    expect(await odd).toMatchObject({ ok: false, error: { code: 'rpc' } })
    const bad = await r.engine.call(3, Add, { x: 'one', y: 1 }, 0)
    expect(bad).toMatchObject({ ok: false, error: { code: 'invalid-value', path: ['x'], store: 'BoardStore.Add' } })
    const empty = r.engine.call(4, Add, { x: 1, y: 1 }, 0)
    r.socket.receive('rpccallresp', { callID: 3, error: null })
    expect(await empty).toMatchObject({ ok: false, error: { code: 'protocol' } })
  })

  test('pitfall 49: a call times out, and its late answer harms nobody', async () => {
    const r = await opened()
    const result = r.engine.call(1, Add, { x: 1, y: 1 }, 500)
    r.clock.advance(500)
    expect(await result).toMatchObject({ ok: false, error: { code: 'timeout', store: 'BoardStore.Add' } })
    respond(r, 1, 2)
    expect(r.errors).toEqual([])
  })

  test('pitfall 49: a call can be cancelled, sent or not', async () => {
    const r = await rig()
    const waiting = r.engine.call(1, Add, { x: 1, y: 1 }, 0)
    await r.engine.cancel(1)
    expect(await waiting).toMatchObject({ ok: false, error: { code: 'aborted' } })
    await r.open()
    expect(r.socket.emitted).toEqual([])
    const sent = r.engine.call(2, Add, { x: 1, y: 1 }, 0)
    await r.engine.cancel(2)
    await r.engine.cancel(2)
    expect(await sent).toMatchObject({ ok: false, error: { code: 'aborted' } })
  })

  test('pitfall 50: feature 169: calls beyond what the host allows wait for their turn', async () => {
    const r = await opened()
    const results = Array.from({ length: 12 }, (_, i) => r.engine.call(i + 1, Add, { x: i, y: 0 }, 0))
    expect(r.socket.sent('rpccall')).toHaveLength(4)
    expect(await r.engine.call(13, Add, { x: 0, y: 0 }, 0)).toMatchObject({ ok: false, error: { code: 'limit' } })
    for (let i = 1; i <= 12; i++) {
      expect(r.socket.sent('rpccall').length).toBeLessThanOrEqual(i + 3)
      respond(r, i, i)
    }
    expect((await Promise.all(results)).every((x) => x.ok)).toBe(true)
  })

  test('pitfall 50: a call that was given up still counts, because the host is still at it', async () => {
    const r = await opened()
    const results = [1, 2, 3, 4, 5].map((n) => r.engine.call(n, Add, { x: n, y: 0 }, 100))
    r.clock.advance(100)
    await Promise.all(results)
    const next = r.engine.call(6, Add, { x: 6, y: 0 }, 1000)
    expect(r.socket.sent('rpccall')).toHaveLength(4)
    respond(r, 2, 0)
    expect(r.socket.sent('rpccall')).toHaveLength(5)
    respond(r, 5, 6)
    expect(bytesOf(await next)).toEqual([6, 1])
  })

  test('calls wait for a connection, as long as their timeout allows', async () => {
    const r = await rig()
    const waits = r.engine.call(1, Add, { x: 1, y: 1 }, 10_000)
    const expires = r.engine.call(2, Add, { x: 1, y: 1 }, 100)
    r.clock.advance(100)
    expect(await expires).toMatchObject({
      ok: false,
      error: { code: 'timeout', hint: expect.stringContaining('never sent') },
    })
    await r.open()
    expect(r.socket.sent('rpccall')).toHaveLength(1)
    respond(r, 1, 2)
    expect(bytesOf(await waits)).toEqual([2, 1])
  })

  test('too many calls before the connection are refused, not kept', async () => {
    const r = await rig()
    const results = Array.from({ length: 9 }, (_, i) => r.engine.call(i, Add, { x: 1, y: 1 }, 0))
    expect(await results[8]).toMatchObject({ ok: false, error: { code: 'limit' } })
    await r.engine.dispose()
    expect((await Promise.all(results.slice(0, 8))).every((x) => !x.ok && x.error.code === 'disposed')).toBe(true)
  })

  test('calls that wait are bounded by their bytes too', async () => {
    const r = await rig()
    const bytes = new Uint8Array(12 * 1024 * 1024)
    const all = Array.from({ length: 7 }, (_, n) => r.engine.call(n, Upload, { bytes }, 0))
    for (const refused of await Promise.all(all.slice(5)))
      expect(refused).toMatchObject({ ok: false, error: { code: 'limit', what: expect.stringContaining('67108864') } })
    const small = r.engine.call(10, Add, { x: 1, y: 1 }, 0)
    // Who leaves makes room.
    await r.engine.cancel(0)
    const again = r.engine.call(11, Upload, { bytes }, 0)
    expect(await r.engine.call(12, Upload, { bytes }, 0)).toMatchObject({ ok: false, error: { code: 'limit' } })
    await r.engine.dispose()
    expect(await again).toMatchObject({ ok: false, error: { code: 'disposed' } })
    expect(await all[0]).toMatchObject({ ok: false, error: { code: 'aborted' } })
    for (const one of await Promise.all([...all.slice(1, 5), small]))
      expect(one).toMatchObject({ ok: false, error: { code: 'disposed' } })
  })

  test('pitfall 54: feature 51: a connection lost with calls on it names them', async () => {
    const r = await opened()
    const results = [
      r.engine.call(1, Add, { x: 1, y: 1 }, 0),
      r.engine.call(2, Upload, { bytes: new Uint8Array(1_000_001) }, 0),
    ]
    r.socket.receive('disconnect', 'transport close')
    const [add, upload] = await Promise.all(results)
    expect(add).toMatchObject({
      ok: false,
      error: { code: 'disconnected', store: 'BoardStore.Add', hint: expect.stringContaining('BoardStore.Add') },
    })
    expect(upload).toMatchObject({ ok: false, error: { hint: expect.stringContaining('maxHttpBufferSize') } })
    r.clock.advance(10_000)
    r.socket.receive('connect')
    expect(r.socket.emitted).toEqual([])
  })

  test('10,000 calls that nobody answers time out on their own, none is left, and the next one goes out', async () => {
    const r = await rig({ config: { maxCallsInFlight: 128, maxCallsQueued: 10_000 } })
    await r.open()
    const all = Array.from({ length: 10_000 }, (_, n) => r.engine.call(n, Add, { x: n, y: 0 }, 1_000 + (n % 7)))
    expect(r.socket.sent('rpccall')).toHaveLength(128)
    r.clock.advance(2_000)
    const results = await Promise.all(all)
    expect(results.every((one) => !one.ok && one.error.code === 'timeout')).toBe(true)
    expect(results.filter((one) => !one.ok && one.error.hint?.startsWith('It was never sent'))).toHaveLength(9_872)
    expect(r.clock.pending).toBe(0)
    // The host is still at the first ones; whatever it answers makes room.
    const next = r.engine.call(20_000, Add, { x: 1, y: 1 }, 1_000)
    expect(r.socket.sent('rpccall')).toHaveLength(128)
    respond(r, 64, 0)
    expect(r.socket.sent('rpccall').at(-1)).toMatchObject({ callID: 129 })
    respond(r, 129, 2)
    expect(bytesOf(await next)).toEqual([2, 1])
  })

  test('an answer that comes twice, after a cancel or after a reconnect counts once or not at all', async () => {
    const r = await opened()
    const first = r.engine.call(1, Add, { x: 1, y: 1 }, 0)
    respond(r, 1, 5)
    respond(r, 1, 6)
    expect(bytesOf(await first)).toEqual([5, 1])
    const cancelled = r.engine.call(2, Add, { x: 1, y: 1 }, 0)
    await r.engine.cancel(2)
    respond(r, 2, 7)
    respond(r, 2, 8)
    expect(await cancelled).toMatchObject({ ok: false, error: { code: 'aborted' } })
    const lost = r.engine.call(3, Add, { x: 1, y: 1 }, 0)
    r.socket.receive('disconnect', 'transport close')
    r.clock.advance(10_000)
    r.socket.receive('connect')
    const next = r.engine.call(4, Add, { x: 1, y: 1 }, 0)
    respond(r, 3, 9)
    respond(r, 4, 10)
    expect(await lost).toMatchObject({ ok: false, error: { code: 'disconnected' } })
    expect(bytesOf(await next)).toEqual([10, 1])
    expect(r.errors).toEqual([])
  })

  test('disconnect and dispose settle every call, queued ones too', async () => {
    const r = await opened()
    const first = Array.from({ length: 6 }, (_, i) => r.engine.call(i, Add, { x: i, y: 0 }, 0))
    await r.engine.disconnect()
    expect((await Promise.all(first)).map((x) => (x.ok ? '' : x.error.code))).toEqual(
      Array.from({ length: 6 }, () => 'disconnected'),
    )
    const late = r.engine.call(20, Add, { x: 0, y: 0 }, 0)
    await r.engine.dispose()
    expect(await late).toMatchObject({ ok: false, error: { code: 'disposed' } })
    expect(await r.engine.call(21, Add, { x: 0, y: 0 }, 0)).toMatchObject({ ok: false, error: { code: 'disposed' } })
  })

  test('feature 169: a request that no host takes is refused here', async () => {
    const r = await opened()
    const result = await r.engine.call(1, Upload, { bytes: new Uint8Array(16 * 1024 * 1024 + 1) }, 0)
    expect(result).toMatchObject({ ok: false, error: { code: 'limit' } })
    expect(r.socket.emitted).toEqual([])
  })
})

describe('send', () => {
  test('feature 146: goes out at once or not at all', async () => {
    const r = await rig()
    expect(await r.engine.send(Poke, { x: 1, y: 2 })).toMatchObject({ code: 'disconnected', store: 'BoardStore.Poke' })
    await r.open()
    expect(await r.engine.send(Poke, { x: 1, y: 2 })).toBeNull()
    expect(r.socket.emitted).toEqual([['ffrpc', { methodName: 'BoardStore.Poke', request: new Uint8Array([1, 2]) }]])
    expect(await r.engine.send(Poke, { x: null, y: 2 })).toMatchObject({ code: 'invalid-value', path: ['x'] })
  })
})

describe('events', () => {
  test('features 54 and 55: plain events reach every listener of that name, in bytes', async () => {
    const r = await opened()
    expect(await r.engine.listen(1, Tick)).toBeNull()
    expect(await r.engine.listen(2, Tick)).toBeNull()
    r.socket.receive('event', { time: 5, eventName: 'Tick', event: new Uint8Array([3]) })
    r.socket.receive('event', { time: 6, eventName: 'Tock', event: new Uint8Array([4]) })
    expect(r.events.map((e) => [e.listener, e.time, [...new Uint8Array(e.bytes)]])).toEqual([
      [1, 5, [3]],
      [2, 5, [3]],
    ])
    await r.engine.unlisten(1)
    await r.engine.unlisten(1)
    r.socket.receive('event', { time: 7, eventName: 'Tick', event: new Uint8Array([5]) })
    expect(r.events.map((e) => e.listener)).toEqual([1, 2, 2])
    expect(r.socket.emitted).toEqual([])
  })

  test('features 41 and 54: keyed events: one subscription per store, event and key, however many listen', async () => {
    const r = await opened()
    await r.engine.listen(1, Sound, 'k')
    await r.engine.listen(2, Sound, 'k')
    await r.engine.listen(3, Sound, 'other')
    const sub = (action: number, key: string): object => ({
      storeName: 'BoardStore',
      eventName: 'Board.Sound',
      action,
      key,
    })
    expect(r.socket.sent('keyedeventsub')).toEqual([sub(0, 'k'), sub(0, 'other')])
    r.socket.receive('keyedevent', {
      time: 5,
      storeName: 'BoardStore',
      eventName: 'Board.Sound',
      key: 'k',
      event: new Uint8Array([3]),
    })
    expect(r.events.map((e) => e.listener)).toEqual([1, 2])
    await r.engine.unlisten(1)
    expect(r.socket.sent('keyedeventsub')).toHaveLength(2)
    await r.engine.unlisten(2)
    expect(r.socket.sent('keyedeventsub').at(-1)).toEqual(sub(1, 'k'))
    r.socket.receive('disconnect', 'transport close')
    r.clock.advance(10_000)
    r.socket.receive('connect')
    expect(r.socket.sent('keyedeventsub')).toEqual([sub(0, 'other')])
  })

  test('features 143 and 169: keys that would make the host close the connection are refused here', async () => {
    const r = await opened()
    expect(await r.engine.listen(1, Sound)).toMatchObject({ code: 'invalid-value' })
    expect(await r.engine.listen(2, Sound, '')).toMatchObject({ code: 'invalid-value' })
    expect(await r.engine.listen(3, Sound, 'x'.repeat(4097))).toMatchObject({ code: 'limit' })
    expect(await r.engine.listen(4, { ...Sound, name: 'e'.repeat(257) }, 'k')).toMatchObject({ code: 'invalid-value' })
    for (const name of ['', ' ', ' \t\n']) {
      expect(await r.engine.listen(5, { ...Sound, name }, 'k')).toMatchObject({
        code: 'invalid-value',
        store: Sound.store,
        hint: expect.stringContaining('close the connection') as string,
      })
    }
    for (let i = 0; i < 4096; i++) expect(await r.engine.listen(10 + i, Sound, `k${i}`)).toBeNull()
    expect(await r.engine.listen(9999, Sound, 'one more')).toMatchObject({ code: 'limit' })
    expect(r.socket.emitted).toHaveLength(4096)
  })

  test('a page that grants no credits holds a bounded number of events, and hears of the loss', async () => {
    const r = await opened()
    await r.engine.listen(1, Tick)
    for (let i = 0; i < 10_000; i++)
      r.socket.receive('event', { time: i, eventName: 'Tick', event: new Uint8Array([1]) })
    expect(r.events).toHaveLength(1024)
    for (let i = 0; i < 10; i++) r.credit()
    expect(r.events).toHaveLength(1024 + 4096)
    expect(r.events.at(-1)?.time).toBe(9_999)
    expect(r.errors).toMatchObject([{ code: 'limit', what: '4880 events were dropped' }])
  })

  test('a notice of the host is an error with what it says and what is missing', async () => {
    const r = await opened()
    r.socket.receive('viewernotice', { time: 5, code: 'limit', message: 'too slow', lostEvents: 12 })
    r.socket.receive('viewernotice', { time: 6, code: 'limit', message: 'too slow', lostEvents: 0 })
    r.socket.receive('viewernotice', { code: 7 })
    expect(r.errors).toMatchObject([
      { code: 'limit', what: 'the host gave up on this page: too slow', hint: expect.stringContaining('12 events') },
      { code: 'limit', what: 'the host gave up on this page: too slow' },
      { code: 'protocol' },
    ])
    expect(r.errors[1]?.hint).toBeUndefined()
  })

  test('an event without bytes, or without a name, is reported and harms nothing', async () => {
    const r = await opened()
    await r.engine.listen(1, Tick)
    r.socket.receive('event', { time: 1, eventName: 'Tick' })
    r.socket.receive('event', { time: 1, event: new Uint8Array(1) })
    r.socket.receive('keyedevent', null)
    expect(r.errors.map((e) => e.code)).toEqual(['invalid-value', 'protocol', 'protocol'])
    r.socket.receive('event', { time: 1, eventName: 'Tick', event: new Uint8Array([1]).buffer })
    expect(r.events).toHaveLength(1)
    await settled()
  })
})
