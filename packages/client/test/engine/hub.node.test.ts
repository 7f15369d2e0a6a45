import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { pageId, seatedId, seatOf } from '../../src/engine/seats.ts'
import { Add, board, BoardStore, type Board, Sound, Tick } from '../support/board.ts'
import type { StreamEngineMessage } from '../../src/stream-protocol.ts'
import { eventually } from '../support/eventually.ts'
import { type HubPage, hubRig } from '../support/hub-rig.ts'
import { VIDEO } from '../support/stream-rig.ts'
import { settled } from '../support/rig.ts'
import type { StoreDef } from '@rivulet/wire'

test('an id with its seat in it is taken apart again, and seat 0 changes nothing', () => {
  const id = fc.integer({ min: 0, max: 2 ** 32 - 1 })
  fc.assert(
    fc.property(id, fc.integer({ min: 0, max: 2 ** 20 }), (own, seat) => {
      const seated = seatedId(seat, own)
      expect(Number.isSafeInteger(seated)).toBe(true)
      expect([seatOf(seated), pageId(seated)]).toEqual([seat, own])
    }),
  )
  fc.assert(fc.property(id, (own) => seatedId(0, own) === own))
})

describe('several pages at one engine', () => {
  test('have one connection; whoever comes later is told the state of it, and what is there', async () => {
    const r = hubRig()
    const first = await r.join()
    await r.welcome()
    await first.watch(1, ['title'])
    r.full(board())
    expect(first.seen(1)).toMatchObject({ status: 'live', value: 'first' })
    const second = await r.join()
    await second.watch(1, ['title'])
    expect(second.seen(1)).toMatchObject({ status: 'live', value: 'first' })
    expect(second.statuses.map((s) => s.state)).toEqual(['connected'])
    expect(r.net.sockets).toHaveLength(1)
    expect(r.keys()).toEqual(['Title'])
    expect(r.hub.pages()).toBe(2)
  })

  test('each may have what the engine works out about a list', async () => {
    const r = hubRig()
    const pages = [await r.join(), await r.join()]
    await r.welcome()
    for (const page of pages) {
      page.model.watch(4, BoardStore, ['items'])
      const query = { kind: 'keys', select: { orderBy: ['name'] }, offset: 0, limit: 1 } as const
      await page.control.watch([{ id: 4, store: 1, path: ['items'], query }])
    }
    r.full(board())
    for (const page of pages) expect(page.seen(4)).toMatchObject({ status: 'live', value: { total: 2, keys: ['a'] } })
  })

  test('choose the same ids for different things', async () => {
    const r = hubRig()
    const [one, two] = [await r.join(), await r.join()]
    await r.welcome()
    await one.watch(7, ['title'])
    await two.watch(7, ['urlPath'])
    r.full(board())
    expect([one.seen(7).value, two.seen(7).value]).toEqual(['first', '/x'])
    expect([one.model.strays, two.model.strays]).toEqual([[], []])
    await one.control.listen(3, Tick)
    await two.control.listen(3, Sound, 'a')
    r.net.last.receive('event', { eventName: 'Tick', time: 5, event: new Uint8Array([0, 0, 0, 1]) })
    r.net.last.receive('keyedevent', {
      storeName: 'BoardStore',
      eventName: 'Board.Sound',
      key: 'a',
      time: 6,
      event: new Uint8Array([0, 0, 0, 1]),
    })
    expect([one.events, two.events]).toEqual([[[3, 5]], [[3, 6]]])
    const calls = [one.control.call(1, Add, { x: 1, y: 1 }, 0), two.control.call(1, Add, { x: 2, y: 2 }, 0)]
    await settled()
    const sent = r.net.last.sent('rpccall')
    expect(sent).toHaveLength(2)
    for (const [i, { callID }] of sent.toReversed().entries())
      r.net.last.receive('rpccallresp', { callID, response: new Uint8Array([i]) })
    const answers = await Promise.all(calls)
    expect(answers.map((a) => a.ok && [...new Uint8Array(a.bytes)])).toEqual([[1], [0]])
  })

  test('each has its own credit: one that grants none holds nobody up, and gets the last state later', async () => {
    const r = hubRig()
    const [quick, slow] = [await r.join(), await r.join()]
    await r.welcome()
    for (const page of [quick, slow]) await page.watch(1, ['title'])
    r.full(board())
    quick.credit()
    for (let n = 0; n < 50; n++) {
      r.partial({ title: { set: `t${n}` } })
      expect(quick.seen(1).value).toBe(`t${n}`)
    }
    expect(slow.model.patches).toBeLessThanOrEqual(1)
    const before = slow.model.patches
    expect(slow.seen(1).value).toBe('t49')
    expect(slow.model.patches).toBe(before + 1)
  })

  test('one that leaves gives up what only it wanted; the others notice nothing', async () => {
    const r = hubRig()
    const [stays, leaves] = [await r.join(), await r.join()]
    await r.welcome()
    await stays.watch(1, ['title'])
    await leaves.watch(1, ['title'])
    await leaves.watch(2, ['urlPath'])
    await leaves.control.listen(1, Sound, 'a')
    r.full(board())
    const call = leaves.control.call(1, Add, { x: 1, y: 1 }, 0)
    await leaves.control.dispose()
    expect(await call).toMatchObject({ ok: false })
    r.clock.advance(10)
    expect(r.keys()).toEqual(['Title'])
    expect(r.net.last.sent('keyedeventsub').map(({ action }) => action)).toEqual([0, 1])
    expect(leaves.port.closed).toBe(true)
    r.partial({ title: { set: 'second' } })
    expect(stays.seen(1)).toMatchObject({ status: 'live', value: 'second' })
    expect([stays.errors, stays.statuses.at(-1)?.state]).toEqual([[], 'connected'])
    expect(r.net.last.closed).toBe(false)
    await stays.control.dispose()
    expect([r.net.last.closed, r.hub.pages()]).toEqual([true, 0])
  })

  test('a hang-up of one is not one of the others', async () => {
    const r = hubRig()
    const [one, two] = [await r.join(), await r.join()]
    await r.welcome()
    await one.control.disconnect()
    expect(r.net.last.closed).toBe(false)
    await two.control.dispose()
    await one.control.disconnect()
    expect(r.net.last.closed).toBe(true)
  })

  test('a hundred that come and go leave nothing at the host', async () => {
    const r = hubRig()
    const stays = await r.join()
    await r.welcome()
    await stays.watch(1, ['title'])
    for (let n = 0; n < 100; n++) {
      const page = await r.join()
      await page.watch(1, ['items', `k${n}`])
      await page.control.listen(1, Sound, `k${n}`)
      await page.control.dispose()
      r.clock.advance(10)
    }
    expect(r.keys()).toEqual(['Title'])
    const heard = r.net.last.sent('keyedeventsub')
    expect(heard.filter(({ action }) => action === 0)).toHaveLength(100)
    expect(heard.filter(({ action }) => action === 1)).toHaveLength(100)
    expect(r.hub.pages()).toBe(1)
  })

  test('a seat that is taken again knows nothing of who had it', async () => {
    const r = hubRig()
    const stays = await r.join()
    const first = await r.join()
    await r.welcome()
    await first.watch(1, ['title'])
    await first.control.listen(1, Tick)
    const call = first.control.call(1, Add, { x: 1, y: 1 }, 0)
    r.full(board())
    await first.control.dispose()
    const second = await r.join()
    expect(await call).toMatchObject({ ok: false })
    await second.watch(1, ['urlPath'])
    expect(await second.control.listen(1, Sound, 'a')).toBeNull()
    r.full(board())
    r.net.last.receive('event', { eventName: 'Tick', time: 5, event: new Uint8Array([0, 0, 0, 1]) })
    expect(second.seen(1)).toMatchObject({ status: 'live', value: '/x' })
    expect([second.events, second.model.strays, first.events]).toEqual([[], [], []])
    const again = second.control.call(1, Add, { x: 2, y: 2 }, 0)
    await settled()
    const [old, now] = r.net.last.sent('rpccall')
    r.net.last.receive('rpccallresp', { callID: old?.['callID'], response: new Uint8Array([1]) })
    r.net.last.receive('rpccallresp', { callID: now?.['callID'], response: new Uint8Array([2]) })
    const answer = await again
    expect(answer.ok && [...new Uint8Array(answer.bytes)]).toEqual([2])
    expect(stays.errors).toEqual([])
  })

  test('the engine ends with its last page and starts again with the next', async () => {
    const r = hubRig()
    const first = await r.join()
    await r.welcome()
    await first.control.dispose()
    const second = await r.join()
    await r.welcome()
    await second.watch(1, ['title'])
    r.full(board())
    expect(second.seen(1).value).toBe('first')
    expect(r.net.sockets).toHaveLength(2)
    // What has left stays out.
    expect(await first.control.call(1, Add, { x: 1, y: 1 }, 0)).toMatchObject({
      ok: false,
      error: { code: 'disposed' },
    })
  })

  test('the lock of a page that ends takes the page out', async () => {
    const ends = new Map<string, () => void>()
    const stopped: string[] = []
    const r = hubRig({
      watchLock(lock, gone) {
        ends.set(lock, gone)
        return () => void stopped.push(lock)
      },
    })
    const [stays, crashes] = [await r.join({ lock: 'a' }), await r.join({ lock: 'b' })]
    await r.welcome()
    await stays.watch(1, ['title'])
    await crashes.watch(1, ['urlPath'])
    ends.get('b')?.()
    r.clock.advance(10)
    expect([r.keys(), r.hub.pages(), crashes.port.closed]).toEqual([['Title'], 1, true])
    await stays.control.dispose()
    expect(stopped).toEqual(['b', 'a'])
  })

  test('after a cut all are stale, then live again', async () => {
    const r = hubRig()
    const pages = [await r.join(), await r.join()]
    await r.welcome()
    for (const page of pages) await page.watch(1, ['title'])
    r.full(board())
    r.net.last.receive('disconnect', 'transport close')
    expect(pages.map((page) => page.seen(1).status)).toEqual(['stale', 'stale'])
    r.clock.advance(200)
    await settled()
    await r.welcome()
    r.full(board({ title: 'second' }))
    expect(pages.map((page) => page.seen(1))).toMatchObject([
      { status: 'live', value: 'second' },
      { status: 'live', value: 'second' },
    ])
  })
})

describe('data streams', () => {
  test('pages share a stream: it is asked for once, and given back when the last of them has gone', async () => {
    const r = hubRig()
    const [first, second] = [await r.join(), await r.join()]
    await r.welcome()
    const ends: MessagePort[] = []
    const openStream = async (page: HubPage): Promise<string[]> => {
      const { port1, port2 } = new MessageChannel()
      const heard: string[] = []
      port1.addEventListener('message', ({ data }: MessageEvent<StreamEngineMessage>) => {
        if (data.type === 'status') heard.push(data.status.error?.code ?? data.status.state)
      })
      port1.start()
      ends.push(port1)
      await page.control.openStream(VIDEO, 'k', port2, { maxUnits: 8, maxBytes: 1000, maxSilenceMs: 0 })
      return heard
    }
    const asked = (): unknown[] => r.net.last.sent('datastreamsub').map(({ action }) => action)
    const atFirst = await openStream(first)
    const atSecond = await openStream(second)
    await eventually(() => expect([atFirst, atSecond, asked()]).toEqual([['opening'], ['opening'], [0]]))
    await first.control.dispose()
    expect(asked()).toEqual([0])
    await second.control.dispose()
    expect(asked()).toEqual([0, 1])
    await eventually(() => expect([atFirst.at(-1), atSecond.at(-1)]).toEqual(['closed', 'closed']))
    for (const end of ends) end.close()
  })
})

describe('two builds of an app', () => {
  const later: StoreDef<Board> = {
    ...BoardStore,
    types: [{ ...BoardStore.types[0], 'test.Board': { form: 'partial', fields: [] } }],
  }

  test('a page with another definition of a store in use is refused, the others stay as they are', async () => {
    const r = hubRig()
    const first = await r.join()
    await r.welcome()
    await first.watch(1, ['title'])
    r.full(board())
    const second = await r.join({ def: later })
    expect(second.refusals).toMatchObject([{ code: 'config', store: 'BoardStore' }])
    await second.control.dispose()
    r.partial({ title: { set: 'second' } })
    expect(first.seen(1)).toMatchObject({ status: 'live', value: 'second' })
    expect(first.errors).toEqual([])
  })

  test('once nobody uses the old one, the new one is welcome', async () => {
    const r = hubRig()
    const keeper = await r.join({ def: { ...BoardStore, name: 'Another' } })
    const first = await r.join()
    await r.welcome()
    await first.watch(1, ['title'])
    await first.control.dispose()
    r.clock.advance(10)
    const second = await r.join({ def: later })
    expect(second.refusals).toEqual([])
    expect(keeper.port.closed).toBe(false)
  })
})

describe('logging in', () => {
  const failing = { code: 'unauthenticated', what: 'no' } as const

  test('the newest page does it; one that fails is followed by the one before it', async () => {
    const r = hubRig()
    const asked: string[] = []
    const page = (name: string, fails: boolean) =>
      r.join({
        hasAuthenticate: true,
        hooks: {
          authenticate: async () => {
            asked.push(name)
            return fails ? failing : null
          },
        },
      })
    await page('old', false)
    await page('new', true)
    await r.welcome()
    expect(asked).toEqual(['new'])
    r.clock.advance(1000)
    await settled()
    await r.welcome()
    expect(asked).toEqual(['new', 'old'])
  })

  test('a page that ends in the middle fails the attempt at once, and another page makes the next', async () => {
    const r = hubRig()
    let asked = 0
    const stays = await r.join({
      hasAuthenticate: true,
      hooks: { authenticate: async () => (asked++, null) },
    })
    const leaves = await r.join({
      hasAuthenticate: true,
      hooks: { authenticate: () => new Promise(() => undefined) },
    })
    await r.welcome()
    expect(stays.statuses.at(-1)?.state).toBe('authenticating')
    await leaves.control.dispose()
    await settled()
    expect(stays.statuses.at(-1)).toMatchObject({ state: 'disconnected', error: { code: 'disconnected' } })
    r.clock.advance(1000)
    await settled()
    await r.welcome()
    expect([asked, stays.statuses.at(-1)?.state]).toEqual([1, 'connected'])
  })
})

test('any coming, going, watching and changing: every page that is there ends with what the host has', async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('join' as const) }),
    fc.record({ kind: fc.constant('leave' as const), who: fc.nat(9) }),
    fc.record({
      kind: fc.constant('watch' as const),
      who: fc.nat(9),
      path: fc.constantFrom(['title'], ['urlPath'], ['items', 'a'], ['weather', 'wind']),
    }),
    fc.record({ kind: fc.constant('unwatch' as const), who: fc.nat(9), id: fc.nat(9) }),
    fc.record({ kind: fc.constant('title' as const), text: fc.string({ maxLength: 5 }) }),
    fc.record({ kind: fc.constant('credit' as const), who: fc.nat(9) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const r = hubRig()
      const pages = [{ page: await r.join(), ids: new Map<number, readonly string[]>(), next: 1 }]
      await r.welcome()
      let title = 'first'
      // A host of whole states: whatever is subscribed, everything comes.
      const say = (): void => {
        if (r.keys().length > 0) r.full(board({ title }))
      }
      for (const s of steps) {
        const at = 'who' in s ? pages[s.who % pages.length] : undefined
        if (s.kind === 'join' && pages.length < 10) pages.push({ page: await r.join(), ids: new Map(), next: 1 })
        else if (s.kind === 'leave' && pages.length > 1 && at !== undefined) {
          pages.splice(pages.indexOf(at), 1)
          await at.page.control.dispose()
          r.clock.advance(5)
        } else if (s.kind === 'watch' && at !== undefined) {
          at.ids.set(at.next, s.path)
          await at.page.watch(at.next++, s.path)
          say()
        } else if (s.kind === 'unwatch' && at?.ids.delete(s.id) === true) await at.page.unwatch(s.id)
        else if (s.kind === 'title') {
          title = s.text
          say()
        } else if (s.kind === 'credit') at?.page.credit()
      }
      say()
      r.clock.advance(5)
      const now = board({ title })
      const expected: Readonly<Record<string, unknown>> = {
        title: now.title,
        urlPath: now.urlPath,
        items: now.items?.get('a'),
        weather: now.weather.wind,
      }
      for (const { page, ids } of pages) {
        page.credit()
        page.credit()
        expect(page.model.strays).toEqual([])
        for (const [id, [field = '']] of ids)
          expect(page.seen(id)).toMatchObject({ status: 'live', value: expected[field] })
      }
    }),
    { numRuns: 60 },
  )
})
