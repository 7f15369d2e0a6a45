import { describe, expect, test } from 'vitest'
import { board, BoardStore, OtherStore, row } from '../support/board.ts'
import { rig, type Rig } from '../support/rig.ts'

async function opened(options: Parameters<typeof rig>[0] = {}): Promise<Rig> {
  const r = await rig({ stores: [BoardStore, OtherStore], ...options })
  await r.open()
  return r
}

describe('a watched store', () => {
  test('features 31 and 32: loads, then follows deltas', async () => {
    const r = await opened()
    await r.watch(1, [])
    await r.watch(2, ['items', 'a', 'x'])
    expect(r.keys()).toEqual([''])
    r.credit()
    expect(r.seen(1).status).toBe('loading')
    r.full(board())
    r.credit()
    expect(r.seen(1)).toMatchObject({ status: 'live', value: board() })
    expect(r.seen(2)).toMatchObject({ status: 'live', value: 1 })
    r.partial({ items: { mods: new Map([['a', { x: { set: 9 } }]]) }, title: { set: 'second' } })
    r.credit()
    expect(r.seen(1).value).toEqual(
      board({
        title: 'second',
        items: new Map([
          ['a', row('a', 9, 1)],
          ['b', row('b', 2, 2)],
        ]),
      }),
    )
    expect(r.seen(2).value).toBe(9)
    expect(r.errors).toEqual([])
  })

  test('features 35 and 43: only what a watch covers is sent, and only what changed', async () => {
    const r = await opened()
    await r.watch(1, ['items', 'a'])
    await r.watch(2, ['items', 'b'])
    expect(r.keys()).toEqual(['Items%&a', 'Items%&b'])
    r.partial({ items: { sets: new Map([['a', row('a', 1)]]) } })
    r.partial({ items: { sets: new Map([['b', row('b', 2)]]) } })
    r.credit()
    expect(r.seen(1).value).toEqual(row('a', 1))
    expect(r.seen(2).value).toEqual(row('b', 2))
    r.partial({ items: { mods: new Map([['a', { x: { set: 5 } }]]) } })
    r.credit()
    expect(r.seen(1)).toMatchObject({ value: row('a', 5), updates: 2 })
    expect(r.seen(2).updates).toBe(1)
  })

  test('ten deltas between two credits cost one value', async () => {
    const r = await opened()
    await r.watch(1, ['title'])
    r.partial({ title: { set: 't' } })
    r.credit()
    expect(r.page.patches).toBe(1)
    for (let i = 0; i < 10; i++) r.partial({ title: { set: `t${i}` } })
    expect(r.page.patches).toBe(1)
    r.credit()
    expect(r.page.patches).toBe(2)
    expect(r.seen(1)).toMatchObject({ value: 't9', updates: 2 })
    r.credit()
    expect(r.page.patches).toBe(2)
    r.partial({ title: { set: 'at once' } })
    expect(r.seen(1).value).toBe('at once')
  })

  test('a watch that held data covers gets its value without any traffic', async () => {
    const r = await opened()
    await r.watch(1, ['items'])
    r.partial({ items: { whole: new Map([['a', row('a')]]) } })
    const before = r.socket.emitted.length
    r.credit()
    r.credit()
    await r.watch(2, ['items', 'a', 'name'])
    expect(r.seen(2)).toMatchObject({ status: 'live', value: 'a' })
    await r.watch(3, ['items', 'zz'])
    r.credit()
    expect(r.seen(3)).toMatchObject({ status: 'live', missing: true })
    expect(r.socket.emitted.length).toBe(before)
  })

  test('null on the way, and back', async () => {
    const r = await opened()
    await r.watch(1, ['pilot', 'name'])
    await r.watch(2, ['pilot'])
    expect(r.keys()).toEqual(['Pilot'])
    r.partial({ pilot: { whole: row('p') } })
    r.credit()
    expect(r.seen(1).value).toBe('p')
    r.partial({ pilot: { whole: null } })
    r.credit()
    expect(r.seen(1)).toMatchObject({ missing: true, status: 'live' })
    expect(r.seen(2)).toMatchObject({ value: null, missing: false })
    r.partial({ pilot: { whole: row('q', 1) } })
    r.credit()
    expect(r.seen(1)).toMatchObject({ missing: false, value: 'q' })
    expect(r.seen(2).value).toEqual(row('q', 1))
  })

  test('feature 145: lists, bytes and deleted keys reach the page as they are', async () => {
    const r = await opened()
    await r.watch(1, [])
    r.full(board())
    r.credit()
    r.partial({
      log: { sets: new Map([[4, 'five']]) },
      image: { sets: new Map([[1, 9]]) },
      items: { deletes: new Set(['a']), mods: new Map([['c', { name: { set: 'c' } }]]) },
      weather: { mod: { gusts: { whole: [7] } } },
      opt: { set: null },
    })
    r.credit()
    expect(r.seen(1).value).toEqual(
      board({
        log: ['one', 'two', '', '', 'five'],
        image: new Uint8Array([1, 9, 3]),
        items: new Map([
          ['b', row('b', 2, 2)],
          ['c', row('c')],
        ]),
        weather: { wind: 3, note: 'calm', gusts: [7] },
        opt: null,
      }),
    )
  })

  test('a list that a new full state makes shorter', async () => {
    const r = await opened()
    await r.watch(1, ['log'])
    await r.watch(2, [])
    r.full(board({ log: ['a', 'b', 'c', 'd'] }))
    r.credit()
    r.full(board({ log: ['a', 'x'] }))
    r.credit()
    expect(r.seen(1).value).toEqual(['a', 'x'])
    expect(r.seen(2).value).toEqual(board({ log: ['a', 'x'] }))
  })

  test('two stores do not mix', async () => {
    const r = await opened()
    await r.watch(1, ['title'], 0)
    await r.watch(2, ['title'], 1)
    r.partial({ title: { set: 'one' } }, BoardStore)
    r.credit()
    expect(r.seen(1)).toMatchObject({ status: 'live', value: 'one' })
    expect(r.seen(2)).toMatchObject({ status: 'loading', value: undefined })
  })

  test('a path that is not in the schema is an error at once, the others work', async () => {
    const r = await opened()
    await r.watch(1, ['nowhere', 'x'])
    await r.watch(2, ['title'])
    r.credit()
    expect(r.seen(1)).toMatchObject({
      status: 'error',
      error: { code: 'path', store: 'BoardStore', path: ['nowhere', 'x'] },
    })
    expect(r.keys()).toEqual(['Title'])
    await r.unwatch(1)
    expect(r.errors).toEqual([])
  })

  test('feature 190: an acronym is subscribed under its name in the host', async () => {
    const r = await opened()
    await r.watch(1, ['urlPath'])
    await r.watch(2, ['byId', 7])
    expect(r.keys()).toEqual(['URLPath', 'ByID%&7'])
  })
})

describe('subscriptions', () => {
  test('feature 40: unwatch and watch within the grace period send nothing', async () => {
    const r = await opened()
    await r.watch(1, ['title'])
    r.partial({ title: { set: 't' } })
    const sent = r.socket.emitted.length
    for (let i = 2; i < 20; i++) {
      await r.unwatch(i - 1)
      r.clock.advance(10)
      await r.watch(i, ['title'])
    }
    expect(r.socket.emitted.length).toBe(sent)
    r.credit()
    expect(r.seen(19)).toMatchObject({ status: 'live', value: 't' })
    expect(r.page.strays).toEqual([])
  })

  test('features 33 and 40: after the grace period the key goes', async () => {
    const r = await opened()
    await r.watch(1, ['title'])
    await r.watch(2, ['log'])
    await r.unwatch(1)
    r.clock.advance(999)
    expect(r.keys()).toEqual(['Title', 'Log'])
    r.clock.advance(1)
    expect(r.keys()).toEqual(['Log'])
    await r.unwatch(2)
    r.clock.advance(1000)
    expect(r.keys()).toEqual([])
    r.partial({ title: { set: 'late' } })
    r.credit()
    expect(r.page.strays).toEqual([])
    expect(r.errors).toEqual([])
  })

  test('a broader key is subscribed first, and the narrower dropped once its baseline is in', async () => {
    const r = await opened()
    await r.watch(1, ['items', 'a'])
    r.partial({ items: { sets: new Map([['a', row('a', 1)]]) } })
    await r.watch(2, ['items'])
    expect(r.keys()).toEqual(['Items%&a', 'Items'])
    r.credit()
    expect(r.seen(1).status).toBe('live')
    expect(r.seen(2).status).toBe('loading')
    // A live change of the old key is not the baseline of the new one.
    r.partial({ items: { sets: new Map([['a', row('a', 2)]]) } })
    r.credit()
    expect(r.seen(1).value).toEqual(row('a', 2))
    expect(r.seen(2)).toMatchObject({ status: 'loading', value: undefined })
    r.partial({
      items: {
        whole: new Map([
          ['a', row('a', 3)],
          ['b', row('b')],
        ]),
      },
    })
    r.credit()
    expect(r.keys()).toEqual(['Items'])
    expect(r.seen(2)).toMatchObject({
      status: 'live',
      value: new Map([
        ['a', row('a', 3)],
        ['b', row('b')],
      ]),
    })
    expect(r.seen(1).value).toEqual(row('a', 3))
  })

  test('a narrower key takes over without a gap', async () => {
    const r = await opened()
    await r.watch(1, ['items'])
    await r.watch(2, ['items', 'a'])
    r.partial({
      items: {
        whole: new Map([
          ['a', row('a', 1)],
          ['b', row('b')],
        ]),
      },
    })
    await r.unwatch(1)
    r.clock.advance(1000)
    expect(r.keys()).toEqual(['Items', 'Items%&a'])
    r.partial({ items: { mods: new Map([['a', { x: { set: 2 } }]]) } })
    r.credit()
    expect(r.seen(2)).toMatchObject({ status: 'live', value: row('a', 2) })
    r.partial({ items: { sets: new Map([['a', row('a', 3)]]) } })
    r.credit()
    expect(r.keys()).toEqual(['Items%&a'])
    expect(r.seen(2)).toMatchObject({ status: 'live', value: row('a', 3) })
    // What only the dropped key covered is forgotten, not served from memory.
    await r.watch(3, ['items', 'b'])
    r.credit()
    expect(r.seen(3)).toMatchObject({ status: 'loading', value: undefined })
  })

  test('feature 41: 10,000 watches collapse to one key and one patch', async () => {
    const r = await opened()
    const watches = Array.from({ length: 10_000 }, (_, i) => ({ id: i + 1, store: 0, path: ['items', `k${i}`] }))
    for (const w of watches) r.page.watch(w.id, BoardStore, w.path)
    await r.engine.watch(watches)
    expect(r.keys()).toEqual(['Items'])
    r.partial({ items: { whole: new Map(watches.map((w) => [w.path[1] as string, row(w.path[1] as string)])) } })
    r.credit()
    expect(r.page.patches).toBe(1)
    expect(r.seen(9_999)).toMatchObject({ status: 'live', value: row('k9998') })
    r.partial({ items: { mods: new Map([['k5', { x: { set: 1 } }]]) } })
    r.credit()
    expect(r.seen(6).value).toEqual(row('k5', 1))
    expect([...r.page.seen.values()].filter((s) => s.updates === 2)).toHaveLength(1)
  })

  test('10,000 watches one by one send at most what a store may have', async () => {
    const r = await opened()
    for (let i = 0; i < 10_000; i++) await r.watch(i + 1, ['items', `k${i}`])
    r.partial({ items: { whole: new Map() } })
    r.credit()
    expect(r.keys()).toContain('Items')
    expect(r.socket.sent('storesub').length).toBeLessThan(1200)
  })

  test('pitfall 52: features 41 and 192: a key is sent once per connection, whatever the page does', async () => {
    const r = await opened()
    await r.watch(1, ['title'])
    await r.engine.connect()
    await r.engine.connect()
    await r.watch(2, ['title'])
    await r.watch(3, ['title'])
    expect(r.socket.sent('storesub')).toEqual([{ storeName: 'BoardStore', action: 0, key: 'Title' }])
    expect(r.net.sockets).toHaveLength(1)
  })
})

describe('baselines', () => {
  test('pitfall 42: loading, live, stale and live again are told apart, per path', async () => {
    const r = await opened()
    await r.watch(1, ['title'])
    await r.watch(2, ['log'])
    r.partial({ title: { set: 't' } })
    r.credit()
    expect([r.seen(1).status, r.seen(2).status]).toEqual(['live', 'loading'])
    r.socket.receive('disconnect', 'transport close')
    r.credit()
    expect([r.seen(1).status, r.seen(2).status]).toEqual(['stale', 'loading'])
    expect(r.seen(1).value).toBe('t')
    r.clock.advance(10_000)
    r.socket.receive('connect')
    r.partial({ title: { set: 't' } })
    r.credit()
    expect(r.seen(1)).toMatchObject({ status: 'live', value: 't', updates: 1 })
    expect(r.seen(2).status).toBe('loading')
  })

  test('pitfall 43: a partial before any baseline changes nothing', async () => {
    const r = await opened()
    await r.watch(1, [])
    r.partial({ title: { set: 'too early' } })
    r.credit()
    expect(r.seen(1)).toMatchObject({ status: 'loading', value: undefined })
    r.full(board())
    r.credit()
    expect(r.seen(1).value).toEqual(board())
  })

  test('pitfall 43: a baseline that never comes is asked for again', async () => {
    const r = await opened()
    await r.watch(1, [])
    r.partial({ title: { set: 'too early' } })
    r.clock.advance(30_000)
    r.credit()
    expect(r.socket.sent('storesub').map((m) => m['action'])).toEqual([0, 1, 0])
    expect(r.errors).toMatchObject([{ code: 'timeout', store: 'BoardStore' }])
    r.full(board())
    r.credit()
    expect(r.seen(1)).toMatchObject({ status: 'live', value: board(), error: undefined })
  })

  test('pitfall 44: the empty catch-up of a list or map that became nil sets it to nil', async () => {
    const r = await opened()
    await r.watch(1, ['items'])
    await r.watch(2, ['log'])
    r.partial({ items: { whole: new Map([['a', row('a')]]) } })
    r.partial({ log: { whole: ['x'] } })
    r.credit()
    expect(r.seen(1).value).toEqual(new Map([['a', row('a')]]))
    r.socket.receive('disconnect', 'transport close')
    r.clock.advance(10_000)
    r.socket.receive('connect')
    r.partial({})
    r.credit()
    expect(r.seen(1)).toMatchObject({ status: 'live', value: null })
    expect(r.seen(2)).toMatchObject({ status: 'stale', value: ['x'] })
    r.partial({})
    r.credit()
    expect(r.seen(2)).toMatchObject({ status: 'live', value: null })
  })

  test('pitfall 44: fields outside the keys are never served from an older connection', async () => {
    const r = await opened()
    await r.watch(1, [])
    r.full(board())
    await r.watch(2, ['title'])
    await r.unwatch(1)
    r.clock.advance(1000)
    r.partial({ title: { set: 'first' } })
    expect(r.keys()).toEqual(['Title'])
    await r.watch(3, ['log'])
    r.credit()
    expect(r.seen(3)).toMatchObject({ status: 'loading', value: undefined })
  })

  test('pitfall 34: a reconnect with an equal state sends no value', async () => {
    const r = await opened()
    const comeBack = (): void => {
      r.socket.receive('disconnect', 'ping timeout')
      r.clock.advance(10_000)
      r.socket.receive('connect')
      r.full(
        board({
          items: new Map([
            ['a', row('a', 1, 1)],
            ['b', row('b', 2, 22)],
          ]),
        }),
      )
      r.credit()
    }
    await r.watch(1, [])
    await r.watch(2, ['items'])
    r.full(board())
    r.credit()
    comeBack()
    expect(r.seen(1)).toMatchObject({ status: 'live', updates: 2 })
    expect((r.seen(1).value as { items: Map<string, unknown> }).items.get('b')).toEqual(row('b', 2, 22))
    comeBack()
    expect(r.seen(1)).toMatchObject({ status: 'live', updates: 2 })
    expect(r.seen(2)).toMatchObject({ status: 'live', updates: 2 })
  })

  test('pitfall 34: so does the snapshot of a map', async () => {
    const r = await opened()
    await r.watch(1, ['items'])
    await r.watch(2, ['items', 'b'])
    const rows = (x: number): Map<string, unknown> =>
      new Map([
        ['a', row('a', 1)],
        ['b', row('b', x)],
      ])
    r.partial({ items: { whole: rows(2) } })
    r.credit()
    r.socket.receive('disconnect', 'ping timeout')
    r.clock.advance(10_000)
    r.socket.receive('connect')
    r.partial({ items: { whole: rows(2) } })
    r.credit()
    expect([r.seen(1).updates, r.seen(2).updates]).toEqual([1, 1])
    expect([r.seen(1).status, r.seen(2).status]).toEqual(['live', 'live'])
  })

  test('a catch-up that comes after its watch has gone is not taken for the next one', async () => {
    const r = await opened()
    await r.watch(1, ['log'])
    await r.unwatch(1)
    r.clock.advance(1000)
    r.partial({ log: { whole: ['late'] } })
    await r.watch(2, ['items'])
    await r.watch(3, ['log'])
    r.partial({})
    r.partial({ log: { whole: ['now'] } })
    r.credit()
    expect(r.seen(2)).toMatchObject({ status: 'live', value: null })
    expect(r.seen(3)).toMatchObject({ status: 'live', value: ['now'] })
  })

  test('what was forgotten between two connections is sent again as a whole', async () => {
    const r = await opened()
    await r.watch(1, ['items', 'a'])
    r.partial({ items: { sets: new Map([['a', row('a', 1)]]) } })
    r.credit()
    await r.watch(2, [])
    const again = (): void => {
      r.clock.advance(6_000)
      r.socket.receive('disconnect', 'transport close')
      r.clock.advance(10_000)
      r.socket.receive('connect')
    }
    again()
    await r.unwatch(2)
    again()
    r.partial({ items: { deletes: new Set(['a']) } })
    r.credit()
    expect(r.seen(1)).toMatchObject({ status: 'live', missing: true })
  })

  test('feature 170: a host that answers any key with a whole state', async () => {
    const r = await opened()
    await r.watch(1, ['title'])
    r.full(board())
    await r.watch(2, ['log'])
    r.credit()
    expect(r.seen(1)).toMatchObject({ status: 'live', value: 'first' })
    expect(r.seen(2)).toMatchObject({ status: 'live', value: ['one', 'two'] })
    r.partial({ log: { whole: ['x'] } })
    r.credit()
    expect(r.seen(2).value).toEqual(['x'])
  })

  test('a host of whole states that was asked for the whole store first: going on with a part of it is quiet, and nothing is missed', async () => {
    const r = await opened()
    await r.watch(1, [])
    r.full(board())
    await r.watch(2, ['title'])
    await r.unwatch(1)
    r.clock.advance(2_000)
    // It answers the first key that it holds, and no other.
    expect(r.keys()).toEqual(['', 'Title'])
    for (let n = 0; n < 30; n++) {
      r.clock.advance(1_000)
      r.partial({ log: { whole: [`${n}`] } })
      r.credit()
      expect(r.seen(2)).toMatchObject({ status: 'live', value: 'first' })
    }
    expect(r.keys()).toEqual(['Title'])
    await r.watch(3, ['log'])
    r.partial({ title: { set: 'second' } })
    r.credit()
    expect(r.seen(2)).toMatchObject({ status: 'live', value: 'second' })
    expect(r.seen(3)).toMatchObject({ status: 'live', value: ['29'] })
    expect(r.errors).toEqual([])
  })

  test('a host of keys that was only slow with its answer is taken for one of whole states, and what it says then counts', async () => {
    const r = await opened()
    await r.watch(1, [])
    r.full(board())
    await r.watch(2, ['items'])
    await r.unwatch(1)
    r.clock.advance(15_000)
    expect(r.keys()).toEqual(['Items'])
    r.partial({ items: { whole: new Map([['new', row('new')]]) } })
    r.partial({ items: { sets: new Map([['newer', row('newer')]]) } })
    await r.watch(3, ['log'])
    r.partial({ log: { whole: ['now'] } })
    r.credit()
    expect([...(r.seen(2).value as Map<string, unknown>).keys()]).toEqual(['new', 'newer'])
    expect(r.seen(3)).toMatchObject({ status: 'live', value: ['now'] })
    expect(r.errors).toEqual([])
  })

  test('a whole state that nobody asked for, while a key waits for its answer, makes no host of whole states of one that was none', async () => {
    const r = await opened({ config: { delivery: 'exact' } })
    await r.watch(1, ['title'])
    r.partial({ title: { set: 'first' } })
    await r.watch(2, ['log'])
    // What no delta can say (a list that became null) is said by a whole state.
    r.full({ ...board(), items: null })
    r.partial({ log: { whole: ['now'] } })
    r.credit()
    expect(r.seen(2)).toMatchObject({ status: 'live', value: ['now'] })
    await r.watch(3, ['items'])
    r.credit()
    // What came with the whole state is not kept up to date by the host.
    expect(r.seen(3).status).toBe('loading')
    r.partial({ items: { whole: new Map([['new', row('new')]]) } })
    r.credit()
    expect(r.seen(3)).toMatchObject({ status: 'live', value: new Map([['new', row('new')]]) })
    expect(r.errors).toEqual([])
  })

  test('feature 36: a key that the host cannot resolve gets the whole state and is live', async () => {
    const r = await opened({ config: { delivery: 'exact' } })
    await r.watch(1, ['log', 9])
    await r.watch(2, ['title'])
    expect(r.keys()).toEqual(['Log%&9', 'Title'])
    r.full(board())
    r.credit()
    expect(r.seen(1)).toMatchObject({ status: 'live', missing: true })
    expect(r.seen(2)).toMatchObject({ status: 'live', value: 'first' })
    r.partial({ title: { set: 'first' } })
    await r.watch(3, ['weather'])
    r.credit()
    expect(r.seen(3).status).toBe('loading')
  })
})
