import { encodeDelta, encodeState, isRivuletError, RivuletError } from '@rivulet/wire'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { board, BoardStore, GhostStore, OtherStore, row, Sound } from '../support/board.ts'
import type { FakeSocket } from '../support/fake-socket.ts'
import { rig, type Rig } from '../support/rig.ts'

async function live(): Promise<Rig> {
  const r = await rig({ stores: [BoardStore, OtherStore] })
  await r.open()
  await r.watch(1, [])
  r.full(board())
  r.credit()
  return r
}

describe('damaged input', () => {
  test('pitfalls 21, 22 and 57: an undecodable partial drops the state, says where, and asks for a new one', async () => {
    const r = await live()
    await r.watch(2, ['title'], 1)
    r.partial({ title: { set: 'other' } }, OtherStore)
    const good = encodeDelta(BoardStore, { title: { set: 'half' }, weather: { mod: { note: { set: 'applied?' } } } })
    r.raw({ time: 1, kind: 2, storeName: 'BoardStore', partial: good.slice(0, -4) })
    expect(r.errors).toMatchObject([{ code: 'truncated', store: 'BoardStore', offset: expect.any(Number) }])
    expect(
      r.socket
        .sent('storesub')
        .filter((m) => m['storeName'] === 'BoardStore')
        .map((m) => m['action']),
    ).toEqual([0, 1, 0])
    r.credit()
    expect(r.seen(1)).toMatchObject({
      status: 'stale',
      value: board(),
      error: { code: 'truncated', store: 'BoardStore' },
    })
    expect(r.seen(2).status).toBe('live')
    // Partials of the old base must not be applied to anything.
    r.partial({ log: { sets: new Map([[0, 'on nothing']]) } })
    r.full(board({ title: 'fresh' }))
    r.credit()
    r.credit()
    expect(r.seen(1)).toMatchObject({ status: 'live', value: board({ title: 'fresh' }), error: undefined })
    expect(r.seen(1).error).toBeUndefined()
    expect(r.keys()).toEqual([''])
  })

  test('an index out of reach counts as damage', async () => {
    const r = await live()
    r.partial({ log: { sets: new Map([[2 ** 40, 'far']]) } })
    expect(r.errors).toMatchObject([{ code: 'index', store: 'BoardStore', path: ['log', 2 ** 40] }])
    r.full(board())
    r.credit()
    expect(r.seen(1).status).toBe('live')
  })

  test('pitfall 57: a host that keeps sending nonsense is asked less and less often', async () => {
    const r = await live()
    const at: number[] = []
    const bad = (): void => r.raw({ time: 1, kind: 0, storeName: 'BoardStore', state: new Uint8Array([0x63, 0x42]) })
    r.socket.react = (event, message) => {
      if (event === 'storesub' && message['action'] === 0) at.push(r.clock.now())
    }
    bad()
    for (let i = 0; i < 3000; i++) {
      r.clock.advance(100)
      if (at.length > 0 && r.clock.now() - (at.at(-1) as number) <= 100) bad()
    }
    const gaps = at.slice(1).map((t, i) => Math.round((t - (at[i] as number)) / 1000))
    expect(gaps.slice(0, 6)).toEqual([1, 2, 4, 8, 16, 30])
    expect(at.length).toBeLessThan(20)
    expect(r.errors.length).toBeLessThanOrEqual(32)
    r.clock.advance(30_000)
    r.full(board({ title: 'well again' }))
    r.credit()
    expect(r.seen(1)).toMatchObject({ status: 'live', error: undefined })
  })

  test('a store that never had a state shows the error, then recovers', async () => {
    const r = await rig({ stores: [BoardStore] })
    await r.open()
    await r.watch(1, [])
    r.raw({ time: 1, kind: 0, storeName: 'BoardStore', state: new Uint8Array([9]) })
    r.credit()
    expect(r.seen(1)).toMatchObject({ status: 'error', error: { code: 'truncated' } })
    r.full(board())
    r.credit()
    r.credit()
    expect(r.seen(1)).toMatchObject({ status: 'live', value: board() })
  })

  test('pitfall 23: a message about an unknown store is reported, not thrown', async () => {
    const r = await live()
    r.full(board(), { ...BoardStore, name: 'Nobody' })
    expect(r.errors).toMatchObject([{ code: 'unknown-store', store: 'Nobody' }])
    r.partial({ title: { set: 'still works' } })
    r.credit()
    expect(r.seen(1).value).toMatchObject({ title: 'still works' })
  })

  test('garbage in place of a message', async () => {
    const r = await live()
    const garbage: unknown[] = [
      undefined,
      null,
      0,
      'text',
      [],
      {},
      { storeName: 5 },
      { storeName: 'BoardStore' },
      { storeName: 'BoardStore', kind: 1, state: new Uint8Array(1) },
      { storeName: 'BoardStore', kind: '0', state: new Uint8Array(1) },
      { storeName: { toString: () => 'BoardStore' }, kind: 0 },
    ]
    for (const message of garbage) r.raw(message)
    expect(r.errors).toHaveLength(garbage.length)
    for (const error of r.errors) expect(error.code).toBe('protocol')
    for (const event of ['event', 'keyedevent', 'rpccallresp'])
      for (const message of garbage) r.socket.receive(event, message)
    expect(r.keys()).toEqual([''])
    r.partial({ title: { set: 'still works' } })
    r.credit()
    r.credit()
    expect(r.seen(1)).toMatchObject({ status: 'live', value: { title: 'still works' } })
  })

  test('an update without its bytes is an update missed: a new baseline is asked for', async () => {
    const r = await live()
    r.raw({ time: 1, kind: 2, storeName: 'BoardStore', partial: 'text' })
    expect(r.errors.map((e) => e.code)).toContain('invalid-value')
    expect(r.socket.sent('storesub').map((m) => m['action'])).toEqual([0, 1, 0])
  })

  test('any mutation of any message: the client ends live, with the state of the next good one', async () => {
    const delta = encodeDelta(BoardStore, {
      title: { set: 'mutant' },
      items: { sets: new Map([['m', row('m')]]), mods: new Map([['a', { x: { set: 3 } }]]) },
      log: { whole: ['x'] },
      pilot: { mod: { x: { set: 1 } } },
    })
    const full = encodeState(BoardStore, board())
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 5 }),
        fc.nat(),
        async (whole, edits, cut) => {
          const r = await live()
          const bytes = (whole ? full : delta).slice()
          for (const [i, b] of edits) bytes[i % bytes.length] = b
          const short = bytes.slice(0, bytes.length - (cut % 3))
          r.raw({
            time: 1,
            kind: whole ? 0 : 2,
            storeName: 'BoardStore',
            ...(whole ? { state: short } : { partial: short }),
          })
          for (const e of r.errors) expect(e.store).toBe('BoardStore')
          r.full(board({ title: 'good' }))
          r.credit()
          r.credit()
          expect(r.seen(1)).toMatchObject({ status: 'live', value: board({ title: 'good' }) })
          expect(r.page.strays).toEqual([])
        },
      ),
      { numRuns: 150 },
    )
  })

  test('a view into a larger buffer is read at its place (pitfall 9)', async () => {
    const r = await live()
    const bytes = encodeState(BoardStore, board({ title: 'pooled' }))
    const pool = Buffer.alloc(bytes.length + 200, 0xff)
    pool.set(bytes, 77)
    r.raw({ time: 1, kind: 0, storeName: 'BoardStore', state: pool.subarray(77, 77 + bytes.length) })
    r.credit()
    expect(r.seen(1).value).toMatchObject({ title: 'pooled' })
  })
})

/** A host that closes the connection when it is asked for GhostStore. */
function strict(socket: FakeSocket, known: readonly string[]): void {
  socket.react = (event, message) => {
    const name = message['storeName'] as string
    if (event === 'storesub' && message['action'] === 0 && !known.includes(name)) {
      queueMicrotask(() => socket.receive('disconnect', 'transport close'))
    }
  }
}

describe('a store that the host closes the connection for', () => {
  test('feature 38: is found out and left alone; the others carry on', async () => {
    const good = ['BoardStore', 'OtherStore']
    const r = await rig({ stores: [BoardStore, OtherStore, GhostStore], prepare: (socket) => strict(socket, good) })
    await r.watch(1, ['title'], 0)
    await r.watch(2, ['title'], 1)
    await r.watch(3, ['title'], 2)
    await r.engine.connect()
    for (let i = 0; i < 12 && r.seen(3).status !== 'error'; i++) {
      r.socket.receive('connect')
      await Promise.resolve()
      r.clock.advance(10_000)
      r.credit()
    }
    expect(r.seen(3)).toMatchObject({
      status: 'error',
      error: { code: 'unknown-store', store: 'GhostStore', hint: expect.stringContaining('access level') },
    })
    expect(r.net.sockets.length).toBeLessThan(8)
    r.socket.receive('connect')
    r.partial({ title: { set: 'here' } }, BoardStore)
    r.partial({ title: { set: 'there' } }, OtherStore)
    r.clock.advance(30_000)
    r.credit()
    expect([r.seen(1).value, r.seen(2).value]).toEqual(['here', 'there'])
    expect(r.socket.sent('storesub').map((m) => m['storeName'])).toEqual(['BoardStore', 'OtherStore'])
    expect(r.statuses.at(-1)?.state).toBe('connected')
  })

  test('is tried again when its watches change, or the app connects anew', async () => {
    const known = ['BoardStore']
    const r = await rig({ stores: [BoardStore, GhostStore], prepare: (socket) => strict(socket, known) })
    await r.watch(1, ['title'], 1)
    await r.engine.connect()
    const fail = async (): Promise<void> => {
      for (let i = 0; i < 12 && r.seen(1).status !== 'error'; i++) {
        r.socket.receive('connect')
        await Promise.resolve()
        r.clock.advance(10_000)
        r.credit()
      }
      expect(r.seen(1).status).toBe('error')
    }
    await fail()
    known.push('GhostStore')
    r.socket.receive('connect')
    expect(r.socket.emitted).toEqual([])
    await r.watch(2, ['log'], 1)
    expect(r.socket.sent('storesub').map((m) => m['key'])).toEqual(['Title', 'Log'])
    r.partial({ title: { set: 'found' } }, GhostStore)
    r.credit()
    expect(r.seen(1)).toMatchObject({ status: 'live', value: 'found', error: undefined })
  })

  test('a block ends by itself: it may have been a host in trouble', async () => {
    const r = await rig({ stores: [BoardStore] })
    await r.watch(1, ['title'])
    await r.engine.connect()
    for (let i = 0; i < 3; i++) {
      r.socket.receive('connect')
      r.socket.receive('disconnect', 'transport close')
      r.credit()
      if (i < 2) r.clock.advance(10_000)
    }
    expect(r.seen(1).status).toBe('error')
    r.clock.advance(10_000)
    r.socket.receive('connect')
    expect(r.socket.emitted).toEqual([])
    r.clock.advance(60_000)
    expect(r.keys()).toEqual(['Title'])
    r.partial({ title: { set: 'well' } })
    r.credit()
    r.credit()
    expect(r.seen(1)).toMatchObject({ status: 'live', value: 'well', error: undefined })
  })

  test('a host that restarts is no reason to block anything', async () => {
    const r = await rig({ stores: [BoardStore] })
    await r.watch(1, ['title'])
    await r.engine.connect()
    for (let i = 0; i < 20; i++) {
      r.socket.receive('connect')
      r.partial({ title: { set: `t${i}` } })
      r.socket.receive('disconnect', 'transport close')
      r.clock.advance(10_000)
    }
    r.socket.receive('connect')
    r.partial({ title: { set: 'fine' } })
    r.credit()
    expect(r.seen(1)).toMatchObject({ status: 'live', value: 'fine' })
  })

  test('keyed events of such a store do not cost the connection for ever either', async () => {
    const r = await rig({
      stores: [BoardStore],
      prepare: (socket) => {
        socket.react = (event, message) => {
          if (event === 'keyedeventsub' && message['storeName'] === 'Nowhere') {
            queueMicrotask(() => socket.receive('disconnect', 'io server disconnect'))
          }
        }
      },
    })
    await r.engine.listen(1, { ...Sound, store: 'Nowhere' }, 'k')
    await r.watch(1, ['title'])
    await r.engine.connect()
    for (let i = 0; i < 8; i++) {
      r.socket.receive('connect')
      if (r.socket.closed) {
        r.clock.advance(10_000)
        continue
      }
      r.partial({ title: { set: 'x' } })
      await Promise.resolve()
      r.clock.advance(10_000)
    }
    expect(r.errors).toMatchObject([{ code: 'unknown-store', store: 'Nowhere' }])
    expect(r.socket.closed).toBe(false)
  })
})

describe('a page that does not keep up', () => {
  test('without credits nothing is sent and nothing grows', async () => {
    const r = await rig({ stores: [BoardStore] })
    await r.open()
    await r.watch(1, [])
    await r.watch(2, ['items'])
    r.full(board())
    for (let i = 0; i < 20_000; i++) {
      r.partial({ items: { sets: new Map([[`k${i}`, row('x')]]), deletes: new Set([`k${i - 1}`]) } })
    }
    expect(r.page.patches).toBe(0)
    r.credit()
    expect(r.page.patches).toBe(1)
    expect(r.seen(2).value).toEqual(
      new Map([
        ['a', row('a', 1, 1)],
        ['b', row('b', 2, 2)],
        ['k19999', row('x')],
      ]),
    )
  })

  test('many changed parts are sent as one value', async () => {
    const r = await rig({ stores: [BoardStore] })
    await r.open()
    await r.watch(2, ['items'])
    r.partial({ items: { whole: new Map() } })
    r.credit()
    for (let i = 0; i < 10_000; i++) r.partial({ items: { sets: new Map([[`k${i}`, row('x')]]) } })
    r.credit()
    expect((r.seen(2).value as Map<string, unknown>).size).toBe(10_000)
    for (let i = 0; i < 10_000; i++) r.partial({ items: { deletes: new Set([`k${i}`]) } })
    r.credit()
    r.credit()
    expect(r.seen(2).value).toEqual(new Map())
  })
})

describe('definitions', () => {
  test('feature 45: the same store under two numbers is one store', async () => {
    const r = await rig({ stores: [BoardStore, structuredClone(BoardStore)] })
    await r.open()
    await r.watch(1, ['title'], 0)
    await r.watch(2, ['title'], 1)
    expect(r.keys()).toEqual(['Title'])
    r.partial({ title: { set: 'both' } })
    r.credit()
    expect([r.seen(1).value, r.seen(2).value]).toEqual(['both', 'both'])
  })

  test('feature 45: two different definitions of one store: the second is refused, for good', async () => {
    const r = await rig({ stores: [BoardStore, { ...BoardStore, state: 'test.Weather' }] })
    await r.open()
    await r.watch(1, ['title'], 0)
    await r.watch(2, ['note'], 1)
    r.credit()
    expect(r.seen(2)).toMatchObject({ status: 'error', error: { code: 'config' } })
    expect(r.keys()).toEqual(['Title'])
  })

  test('a definition that refers to nothing is an error of its watches', async () => {
    const r = await rig({ stores: [{ ...BoardStore, state: 'test.Nothing' }, OtherStore] })
    await r.open()
    await r.watch(1, ['title'], 0)
    await r.watch(2, ['title'], 1)
    r.credit()
    expect(r.seen(1)).toMatchObject({ status: 'error', error: { code: 'schema' } })
    expect(r.keys('OtherStore')).toEqual(['Title'])
  })

  test('a watch on a store that was never defined is reported', async () => {
    const r = await rig({ stores: [BoardStore] })
    await r.engine.watch([{ id: 1, store: 77, path: [] }])
    await r.engine.unwatch([1, 2, 3])
    expect(r.errors).toMatchObject([{ code: 'unknown-store' }])
  })

  test('RivuletError is what these tests look for', () => {
    expect(isRivuletError(new RivuletError('index', 'x'))).toBe(true)
  })
})
