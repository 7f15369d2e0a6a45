import { encodeState, type Path, type StoreDef } from '@rivulet/wire'
import { IDBObjectStore as FakeObjectStore } from 'fake-indexeddb'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createKeptStates } from '../../../src/engine/offline/kept-states.ts'
import type { OfflineConfig } from '../../../src/protocol.ts'
import { forgetHost } from '../../../src/offline-database.ts'
import { board, type Board, BoardStore, OtherStore, row, types } from '../../support/board.ts'
import { eventually } from '../../support/eventually.ts'
import { database, keptOf, OFFLINE, OWNER } from '../../support/offline.ts'
import { rig, type Rig, settled } from '../../support/rig.ts'

let factory: IDBFactory
const rigs: Rig[] = []

beforeEach(() => {
  factory = database()
})

afterEach(async () => {
  for (const r of rigs.splice(0)) await r.engine.dispose()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

/** An engine of the same browser; each is a visit of its own. */
async function visit(
  over: Partial<OfflineConfig> = {},
  stores: readonly StoreDef[] = [BoardStore, OtherStore],
): Promise<Rig> {
  const r = await rig({ stores, config: { offline: { ...OFFLINE, ...over } }, deps: { indexedDB: factory } })
  rigs.push(r)
  r.credit()
  return r
}

const reads = (r: Rig, id: number): Promise<void> =>
  eventually(() => {
    r.credit()
    expect(r.seen(id).status).toBe('stale')
  })

/** One visit that leaves this state behind. */
async function leave(state: Board = board(), over: Partial<OfflineConfig> = {}): Promise<void> {
  const r = await visit(over)
  await r.open()
  await r.watch(1, [])
  r.full(state)
  await r.engine.dispose()
}

/** Until the database has been asked for everything that an engine asks it for by itself. */
async function quiet(r: Rig): Promise<void> {
  await r.engine.saveOffline()
}

describe('the next visit', () => {
  test('shows the last state as stale before there is a connection, then goes live without a second value', async () => {
    await leave(board({ title: 'kept' }))
    const r = await visit()
    await r.watch(1, [])
    await r.watch(2, ['items', 'a', 'x'])
    await reads(r, 1)
    expect(r.seen(1)).toMatchObject({ status: 'stale', value: board({ title: 'kept' }), updates: 1 })
    expect(r.seen(2)).toMatchObject({ status: 'stale', value: 1, updates: 1 })
    expect(r.statuses).toEqual([])

    await r.open()
    expect(r.seen(1).status).toBe('stale')
    r.full(
      board({
        title: 'kept',
        items: new Map([
          ['a', row('a', 1, 1)],
          ['b', row('b', 5, 2)],
        ]),
      }),
    )
    r.credit()
    expect(r.seen(1)).toMatchObject({ status: 'live', updates: 2 })
    expect(r.seen(1).value).toMatchObject({
      items: new Map([
        ['a', row('a', 1, 1)],
        ['b', row('b', 5, 2)],
      ]),
    })
    // Its row did not change.
    expect(r.seen(2)).toMatchObject({ status: 'live', value: 1, updates: 1 })
    expect(r.errors).toEqual([])
  })

  test('an unchanged state costs nobody a value', async () => {
    await leave()
    const r = await visit()
    await r.watch(1, [])
    await reads(r, 1)
    await r.open()
    r.full(board())
    r.credit()
    expect(r.seen(1)).toMatchObject({ status: 'live', updates: 1 })
  })

  test('a watch that comes after the state was read has it at once', async () => {
    await leave()
    const r = await visit()
    await r.watch(1, ['title'])
    await reads(r, 1)
    await r.watch(2, ['items'])
    await r.watch(3, ['items', 'a'])
    await r.watch(4, ['items', 'zz'])
    r.credit()
    expect(r.seen(2)).toMatchObject({ status: 'stale', value: board().items })
    expect(r.seen(3)).toMatchObject({ status: 'stale', value: row('a', 1, 1) })
    expect(r.seen(4)).toMatchObject({ status: 'stale', missing: true })
  })

  test('only the paths that were followed are known, and only those are shown', async () => {
    const before = await visit()
    await before.open()
    await before.watch(1, ['items', 'a'])
    await before.watch(2, ['urlPath'])
    before.partial({ items: { sets: new Map([['a', row('a', 7)]]) } })
    before.partial({ urlPath: { set: '/kept' } })
    await before.engine.dispose()

    const r = await visit()
    await r.watch(1, ['items', 'a', 'x'])
    await r.watch(2, ['items', 'b'])
    await r.watch(3, ['title'])
    await r.watch(4, ['urlPath'])
    await reads(r, 1)
    expect([1, 2, 3, 4].map((id) => r.seen(id).status)).toEqual(['stale', 'loading', 'loading', 'stale'])
    expect([1, 4].map((id) => r.seen(id).value)).toEqual([7, '/kept'])
    // A key for all items takes the place of those for single ones.
    await r.watch(5, ['items'])
    await r.watch(6, ['items', 'a', 'name'])
    r.credit()
    expect([1, 2, 5, 6].map((id) => r.seen(id).status)).toEqual(['stale', 'loading', 'loading', 'stale'])
    await r.open()
    r.partial({
      items: {
        whole: new Map([
          ['a', row('a', 7)],
          ['b', row('b')],
        ]),
      },
    })
    r.credit()
    expect([1, 2, 5, 6].map((id) => r.seen(id).status)).toEqual(['live', 'live', 'live', 'live'])
    expect([1, 2, 6].map((id) => [r.seen(id).value, r.seen(id).updates])).toEqual([
      // Sent again with the new key, not with the host's answer.
      [7, 2],
      [row('b'), 1],
      ['a', 1],
    ])
  })

  test('a store that nobody watches any more is saved while its state is there, and read again when it is watched again', async () => {
    const r = await visit()
    const socket = await r.open()
    await r.watch(1, ['title'])
    r.partial({ title: { set: 'gone soon' } })
    await r.unwatch(1)
    r.clock.advance(60_000)
    await quiet(r)
    expect(r.keys()).toEqual([])
    socket.receive('disconnect', 'transport close')
    await r.watch(2, ['title'])
    await reads(r, 2)
    expect(r.seen(2).value).toBe('gone soon')
  })

  test('the host was faster: what it has said stands', async () => {
    await leave(board({ title: 'old' }))
    const r = await rig({ stores: [BoardStore], config: { offline: OFFLINE }, deps: { indexedDB: slow(factory) } })
    rigs.push(r)
    r.credit()
    await r.watch(1, ['title'])
    await r.open()
    r.partial({ title: { set: 'new' } })
    r.credit()
    await quiet(r)
    r.credit()
    expect(r.seen(1)).toMatchObject({ status: 'live', value: 'new', updates: 1 })
    expect(r.errors).toEqual([])
  })
})

/** A database that exists, and takes its time to open. */
function slow(inner: IDBFactory): IDBFactory {
  const open = (name: string, version: number): unknown => {
    const late: { result?: IDBDatabase; onsuccess?(): void; addEventListener(): void } = {
      addEventListener: () => undefined,
    }
    const request = inner.open(name, version)
    request.addEventListener('success', () => {
      late.result = request.result
      setTimeout(() => late.onsuccess?.(), 30)
    })
    return late
  }
  return { open } as unknown as IDBFactory
}

describe('what is not shown', () => {
  test('the state of another scope, host or endpoint', async () => {
    await leave()
    const r = await visit({ scope: 'bob' })
    await r.watch(1, [])
    await quiet(r)
    r.credit()
    expect(r.seen(1).status).toBe('loading')
    expect(await keptOf(factory)).toBeDefined()
  })

  test('the state of another definition; it is overwritten once the host is heard', async () => {
    await leave()
    const [all] = types as unknown as [Record<string, { form: 'partial'; fields: readonly { readonly id: number }[] }>]
    const shorter = {
      ...all,
      'test.Board': { form: 'partial', fields: all['test.Board']?.fields.filter(({ id }) => id !== 3) },
    }
    const Changed = { ...BoardStore, types: [shorter] } as unknown as StoreDef
    const before = await keptOf(factory)
    const r = await visit({}, [Changed])
    await r.watch(1, [])
    await quiet(r)
    r.credit()
    expect(r.seen(1).status).toBe('loading')
    expect(r.errors).toEqual([])
    await r.open()
    const { log: _, ...rest } = board({ title: 'of the new build' })
    r.full(rest)
    await r.engine.saveOffline()
    const after = await keptOf(factory)
    expect(after?.hash).not.toBe(before?.hash)
    expect(after?.bytes).toEqual(encodeState(Changed, rest))
  })

  test('a state that is too old', async () => {
    await leave(board(), { maxAgeMs: 1 })
    const r = await visit()
    r.clock.advance(2)
    const later = await rig({
      stores: [BoardStore],
      config: { offline: OFFLINE },
      deps: { indexedDB: factory, clock: r.clock },
    })
    rigs.push(later)
    await later.watch(1, [])
    await quiet(later)
    later.credit()
    expect(later.seen(1).status).toBe('loading')
    expect(await keptOf(factory, 'BoardStore', OWNER, 0)).toBeUndefined()
  })

  test('bytes that cannot be read: reported once, deleted, and the store loads as ever', async () => {
    await leave()
    const found = await keptOf(factory)
    const kept = createKeptStates(factory, OWNER)
    await kept.save('BoardStore', { ...(found as NonNullable<typeof found>), bytes: new Uint8Array([9, 9, 9]) })
    kept.close()
    const r = await visit()
    await r.watch(1, [])
    await r.watch(2, ['title'])
    await quiet(r)
    r.credit()
    expect(r.seen(1).status).toBe('loading')
    expect(r.errors).toMatchObject([
      { store: 'BoardStore', what: expect.stringContaining('kept for offline use') as unknown },
    ])
    expect(await keptOf(factory)).toBeUndefined()
    await r.open()
    r.full(board())
    r.credit()
    expect(r.seen(1)).toMatchObject({ status: 'live', value: board() })
    expect(r.errors).toHaveLength(1)
  })

  test('stores that are not listed', async () => {
    const r = await visit({ stores: ['OtherStore'] })
    await r.open()
    await r.watch(1, [])
    r.full(board())
    await r.engine.dispose()
    expect(await keptOf(factory)).toBeUndefined()
  })
})

describe('saving', () => {
  test('a store that changes 60 times a second is saved once a second after it came, then every saveEveryMs', async () => {
    const r = await visit()
    await r.open()
    await r.watch(1, ['title'])
    const put = vi.spyOn(FakeObjectStore.prototype, 'put')
    r.partial({ title: { set: 'start' } })
    for (let frame = 1; frame <= 60 * 31; frame++) {
      r.clock.advance(1000 / 60)
      r.partial({ title: { set: `frame ${frame}` } })
      if (frame % 60 === 0) await settled()
    }
    await quiet(r)
    // At 1 s, 6 s … 31 s, and the one that was asked for; fewer when the database was slow.
    expect(put.mock.calls.length).toBeGreaterThanOrEqual(4)
    expect(put.mock.calls.length).toBeLessThanOrEqual(8)
  })

  test('nothing changed, nothing is saved', async () => {
    await leave()
    const put = vi.spyOn(FakeObjectStore.prototype, 'put')
    const r = await visit()
    await r.watch(1, [])
    await reads(r, 1)
    r.clock.advance(100_000)
    await r.engine.saveOffline()
    expect(put).not.toHaveBeenCalled()
  })

  test('what came while a state was being saved is saved after it', async () => {
    const r = await visit()
    await r.open()
    await r.watch(1, ['title'])
    r.partial({ title: { set: 'one' } })
    const first = r.engine.saveOffline()
    r.clock.advance(1)
    r.partial({ title: { set: 'two' } })
    const second = r.engine.saveOffline()
    await Promise.all([first, second])
    const next = await visit()
    await next.watch(1, ['title'])
    await reads(next, 1)
    expect(next.seen(1).value).toBe('two')
  })

  test('a state beyond maxBytes: said once, what was kept is deleted', async () => {
    await leave()
    const r = await visit({ maxBytes: 20 })
    await r.open()
    await r.watch(1, [])
    r.clock.advance(5)
    for (let i = 0; i < 3; i++) {
      r.full(board({ title: `too large ${i}` }))
      r.clock.advance(10_000)
      await quiet(r)
    }
    expect(r.errors).toMatchObject([
      { code: 'limit', store: 'BoardStore', hint: expect.stringContaining('maxBytes') as unknown },
    ])
    expect(await keptOf(factory)).toBeUndefined()
    r.credit()
    expect(r.seen(1)).toMatchObject({ status: 'live', value: { title: 'too large 2' } })
  })

  test('forgotten: nothing is saved any more, and the page goes on', async () => {
    const r = await visit()
    await r.open()
    await r.watch(1, ['title'])
    r.partial({ title: { set: 'secret' } })
    await r.engine.saveOffline()
    expect(await keptOf(factory)).toBeDefined()
    await forgetHost(factory, OWNER.host)
    r.clock.advance(10_000)
    r.partial({ title: { set: 'still here' } })
    await r.engine.saveOffline()
    r.clock.advance(10_000)
    r.partial({ title: { set: 'and here' } })
    await r.engine.dispose()
    expect(await keptOf(factory)).toBeUndefined()
    expect(r.errors).toEqual([])
  })

  test('two tabs: the one that heard the host last has the last word, and one that lags behind does not overwrite it', async () => {
    const a = await visit()
    const b = await rig({ stores: [BoardStore], config: { offline: OFFLINE }, deps: { indexedDB: factory } })
    rigs.push(b)
    for (const r of [a, b]) {
      await r.open()
      await r.watch(1, ['title'])
    }
    a.partial({ title: { set: 'older' } })
    b.clock.advance(10)
    b.partial({ title: { set: 'newer' } })
    await b.engine.dispose()
    await a.engine.dispose()
    const r = await visit()
    await r.watch(1, ['title'])
    await reads(r, 1)
    expect(r.seen(1).value).toBe('newer')
  })
})

describe('a page that shows something already, from its server or from an engine before this one', () => {
  test('is not taken back to the last visit, and goes live with a value', async () => {
    await leave(board({ title: 'of the last visit' }))
    const r = await visit()
    await r.watch(1, ['title'], 0, undefined, true)
    await r.watch(2, ['urlPath'])
    await reads(r, 2)
    // One that comes when the state has been read, and one below a key that was.
    await r.watch(3, ['title'], 0, undefined, true)
    await r.watch(4, ['items', 'a', 'x'], 0, undefined, true)
    await r.watch(5, ['items'])
    await reads(r, 5)
    await r.watch(6, ['items', 'a', 'x'], 0, undefined, true)
    r.credit()
    for (const id of [1, 3, 4, 6]) expect(r.seen(id)).toMatchObject({ status: 'loading', updates: 0 })
    await r.open()
    r.full(board({ title: 'live' }))
    r.credit()
    for (const id of [1, 3]) expect(r.seen(id)).toMatchObject({ status: 'live', value: 'live', updates: 1 })
    for (const id of [4, 6]) expect(r.seen(id)).toMatchObject({ status: 'live', value: 1, updates: 1 })
  })

  test('an earlier connection of the same engine is another thing: it may know more than the page', async () => {
    const r = await visit()
    await r.open()
    await r.watch(1, ['title'])
    r.full(board({ title: 'heard' }))
    r.net.last.receive('disconnect', 'transport close')
    await r.watch(2, ['title'], 0, undefined, true)
    r.credit()
    expect(r.seen(2)).toMatchObject({ status: 'stale', value: 'heard' })
  })
})

describe('without a database', () => {
  test.each([
    ['none in a browser', null, 'there is no IndexedDB here'],
    ['one that refuses', refusing(), 'SecurityError'],
  ])('%s: said once, everything else works', async (_what, indexedDB, why) => {
    vi.stubGlobal('location', { href: 'http://app.test/' })
    const r = await rig({ stores: [BoardStore], config: { offline: OFFLINE }, deps: { indexedDB } })
    rigs.push(r)
    r.credit()
    await r.watch(1, ['title'])
    await r.open()
    for (const title of ['one', 'two']) {
      r.partial({ title: { set: title } })
      r.clock.advance(10_000)
      await quiet(r)
    }
    r.credit()
    expect(r.seen(1)).toMatchObject({ status: 'live', value: 'two' })
    expect(r.errors).toMatchObject([{ code: 'storage', what: expect.stringContaining(why) as unknown }])
  })

  test('where pages are rendered nobody expects one', async () => {
    const r = await rig({ stores: [BoardStore], config: { offline: OFFLINE }, deps: { indexedDB: null } })
    rigs.push(r)
    await r.engine.saveOffline()
    expect(r.errors).toEqual([])
  })

  test('a disk that is full: said once', async () => {
    const r = await visit()
    await r.open()
    await r.watch(1, ['title'])
    const put = vi.spyOn(FakeObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    for (let i = 0; i < 3; i++) {
      r.clock.advance(10_000)
      r.partial({ title: { set: `${i}` } })
      await r.engine.saveOffline()
    }
    expect(put).toHaveBeenCalledTimes(1)
    expect(r.errors).toMatchObject([{ code: 'storage' }])
    r.credit()
    expect(r.seen(1)).toMatchObject({ status: 'live', value: '2' })
  })
})

/** Paths of a board, of every kind. */
const PATHS = [
  [],
  ['title'],
  ['items'],
  ['items', 'a'],
  ['items', 'c', 'x'],
  ['weather'],
  ['weather', 'wind'],
  ['pilot', 'name'],
  ['byId', 7],
  ['log'],
  ['big'],
] as const

const boards = fc.record({
  title: fc.string(),
  items: fc.option(
    fc
      .dictionary(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 0, max: 9 }))
      .map((rows) => new Map(Object.entries(rows).map(([key, x]) => [key, row(key, x)]))),
  ),
  weather: fc.record({
    wind: fc.integer({ min: 0, max: 9 }),
    note: fc.string(),
    gusts: fc.option(fc.array(fc.nat(9))),
  }),
  pilot: fc.option(fc.string().map((name) => row(name))),
  byId: fc.option(fc.nat(9).map((x) => new Map([[7, row('seven', x)]]))),
  log: fc.option(fc.array(fc.string(), { maxLength: 3 })),
  big: fc.bigInt({ min: 0n, max: 1n << 63n }),
})

const somePaths = fc.uniqueArray(fc.nat(PATHS.length - 1), { minLength: 1, maxLength: 5 })

test('property: what is shown of a kept state is what the host had said, whatever is followed then and now; the host has the last word', async () => {
  await fc.assert(
    fc.asyncProperty(boards, boards, somePaths, somePaths, fc.boolean(), async (first, second, before, now, early) => {
      factory = database()
      const whole = board(first)
      const one = await visit()
      await one.open()
      for (const at of before) await one.watch(at + 1, PATHS[at] ?? [])
      // A host that answers keys with whole states.
      one.full(whole)
      await one.engine.dispose()

      const two = await visit()
      if (!early) await quiet(two)
      for (const at of now) await two.watch(at + 1, PATHS[at] ?? [])
      await quiet(two)
      two.credit()
      const all = await rig({ stores: [BoardStore] })
      rigs.push(all)
      await all.open()
      all.credit()
      for (const at of now) await all.watch(at + 1, PATHS[at] ?? [])
      all.full(whole)
      all.credit()
      const startsWith = (path: Path, start: Path): boolean => start.every((part, i) => path[i] === part)
      const pathOf = (at: number): Path => PATHS[at] ?? []
      const shown = now.filter((at) => two.seen(at + 1).status === 'stale')
      const pick = (r: Rig): unknown[] => shown.map((at) => [r.seen(at + 1).value, r.seen(at + 1).missing])
      expect(pick(two)).toEqual(pick(all))
      expect(shown).toEqual(
        expect.arrayContaining(now.filter((at) => before.some((b) => startsWith(pathOf(at), pathOf(b))))),
      )
      // Live, both come to the same.
      await two.open()
      const other = board(second)
      for (const r of [two, all]) {
        r.full(other)
        r.credit()
      }
      for (const at of now) {
        const { value, missing } = all.seen(at + 1)
        expect(two.seen(at + 1)).toMatchObject({ status: 'live', value, missing })
      }
      expect([...one.errors, ...two.errors, ...all.errors]).toEqual([])
      for (const r of rigs.splice(0)) await r.engine.dispose()
    }),
    { numRuns: 60 },
  )
})

function refusing(): IDBFactory {
  return {
    open() {
      throw new DOMException('blocked', 'SecurityError')
    },
  } as unknown as IDBFactory
}
