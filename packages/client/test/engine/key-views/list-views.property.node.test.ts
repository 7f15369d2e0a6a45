import type { Delta, PathPart } from '@rivulet/wire'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { CATCH_UP_MS } from '../../../src/engine/store-resync.ts'
import type { ListQuery, RowsChange, RowSelection } from '../../../src/list-query.ts'
import { type Board, board, BoardStore, type Row } from '../../support/board.ts'
import { orderedKeys } from '../../support/list-model.ts'
import { Host, type Mode } from '../../support/mini-host.ts'
import type { SeenKeys } from '../../support/page-model.ts'
import { rig } from '../../support/rig.ts'

/**
 * The whole engine under random changes, windows, credits and connection losses, with a page that also watches the map itself: after every patch, keys, sizes and differences must be those of the map that came with it.
 */

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g')
const num = fc.constantFrom(0, 1, 2, 3, NaN)
const someRow = fc.record({ name: key, x: num, y: num })
const delta: fc.Arbitrary<Delta> = fc.oneof(
  fc.tuple(key, someRow).map(([k, v]): Delta => ({ items: { sets: new Map([[k, v]]) } })),
  fc.tuple(key, someRow).map(([k, v]): Delta => ({ items: { sets: new Map([[k, v]]) } })),
  key.map((k): Delta => ({ items: { deletes: new Set([k]) } })),
  fc.tuple(key, num).map(([k, x]): Delta => ({ items: { mods: new Map([[k, { x: { set: x } }]]) } })),
  fc.array(fc.tuple(key, someRow), { maxLength: 5 }).map((rows): Delta => ({ items: { whole: new Map(rows) } })),
  key.map((t): Delta => ({ title: { set: t } })),
)
const select: fc.Arbitrary<RowSelection> = fc.constantFrom<RowSelection>(
  {},
  { orderBy: ['x'] },
  { orderBy: ['x'], descending: true },
  { orderBy: ['name'], where: [{ field: ['x'], op: '>=', value: 1 }] },
  { where: [{ field: ['name'], op: '!=', value: 'a' }] },
)
const query: fc.Arbitrary<ListQuery> = fc.oneof(
  { weight: 1, arbitrary: fc.constant<ListQuery>({ kind: 'size' }) },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('keys' as const), select, offset: fc.constantFrom(0, 0, 1, 3) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('keys' as const),
      select,
      offset: fc.constantFrom(0, 1, 3),
      limit: fc.constantFrom(0, 1, 3),
    }),
  },
)
type Step =
  | { do: 'watch'; query: ListQuery }
  | { do: 'unwatch'; nth: number }
  | { do: 'change'; delta: Delta }
  | { do: 'replace'; rows: [string, Row][] | null }
  | { do: 'credit' | 'drop' | 'nonsense' }
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: query.map((q): Step => ({ do: 'watch', query: q })) },
  { weight: 2, arbitrary: fc.nat(20).map((nth): Step => ({ do: 'unwatch', nth })) },
  { weight: 10, arbitrary: delta.map((d): Step => ({ do: 'change', delta: d })) },
  {
    weight: 1,
    arbitrary: fc
      .option(fc.array(fc.tuple(key, someRow), { maxLength: 5 }))
      .map((rows): Step => ({ do: 'replace', rows })),
  },
  { weight: 6, arbitrary: fc.constant<Step>({ do: 'credit' }) },
  { weight: 1, arbitrary: fc.constantFrom<Step>({ do: 'drop' }, { do: 'nonsense' }) },
)

/** What a page should show of these rows. Without an order any keys may stand in the window, so it is what it shows, if that can be. */
function expected(seen: SeenKeys, asked: ListQuery, rows: ReadonlyMap<PathPart, Row>): SeenKeys {
  if (asked.kind !== 'keys') return { total: rows.size, keys: [] }
  const { select: by, offset, limit } = asked
  const all = orderedKeys(rows, by.orderBy === undefined ? { ...by, orderBy: ['x'] } : by, [])
  const window = all.slice(offset, limit === undefined ? Infinity : offset + limit)
  const distinct = new Set(seen.keys)
  const canBe = distinct.size === window.length && seen.keys.every((one) => all.includes(one))
  return { total: all.length, keys: by.orderBy === undefined && canBe ? seen.keys : window }
}

/** Whether keys that stay have to keep their order. */
function isSteady(asked: ListQuery): boolean {
  return asked.kind === 'keys' && asked.select.orderBy === undefined && asked.offset === 0
}

const MAP = 1
const DIFF = 2

test.each<[Mode]>([['by key'], ['whole states'], ['with nonsense']])(
  'keys and differences are those of the map, after every patch: a host that delivers %s',
  async (mode) => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(step, fc.boolean()), { minLength: 5, maxLength: 60 }), async (steps) => {
        const host = new Host(mode)
        const r = await rig({
          stores: [BoardStore],
          prepare: (socket) => {
            socket.react = (event, m) => {
              if (event === 'storesub') host.subscribe((m['key'] as string | undefined) ?? '', m['action'])
            }
          },
        })
        host.rig = r
        await r.open()
        await r.watch(MAP, ['items'])
        await r.watch(DIFF, ['items'], 0, { kind: 'diff' })
        const watching = new Map<number, ListQuery>()
        /** What a canvas would show: it draws what the differences name, with the values of the moment. */
        const drawn = new Map<PathPart, Row>()
        /** The keys that were seen last, in the order of a watch without one. */
        const stood = new Map<number, readonly PathPart[]>()
        /** Keys that the host has taken away at some time: whichever come back come last, also when that was between two patches. */
        const gone = new Set<PathPart>()
        let nextId = 3

        const mapNow = (): ReadonlyMap<PathPart, Row> =>
          (r.seen(MAP).value as ReadonlyMap<PathPart, Row> | null | undefined) ?? new Map()

        const check = (): void => {
          const diff = r.seen(DIFF)
          for (const { fresh, added, removed, changed } of (diff.value as RowsChange[] | undefined) ?? []) {
            if (fresh) drawn.clear()
            for (const k of removed) expect(drawn.delete(k)).toBe(true)
            for (const k of added) {
              expect(drawn.has(k)).toBe(false)
              drawn.set(k, mapNow().get(k) as Row)
            }
            for (const { key: k } of changed) {
              expect(drawn.has(k)).toBe(true)
              drawn.set(k, mapNow().get(k) as Row)
            }
          }
          diff.value = undefined
          expect(drawn).toEqual(mapNow())
          for (const [id, asked] of watching) {
            const seen = r.seen(id)
            if (seen.updates === 0) continue
            const now = seen.value as SeenKeys
            expect(now).toEqual(expected(now, asked, mapNow()))
            const before = isSteady(asked) ? (stood.get(id) ?? []) : []
            const stays = (k: PathPart): boolean => before.includes(k) && now.keys.includes(k) && !gone.has(k)
            expect(now.keys.filter(stays)).toEqual(before.filter(stays))
            stood.set(id, now.keys)
          }
        }

        for (const [s, deliver] of steps) {
          if (s.do === 'watch') {
            await r.watch(nextId, ['items'], 0, s.query)
            watching.set(nextId++, s.query)
          } else if (s.do === 'unwatch') {
            const id = [...watching.keys()][s.nth % Math.max(1, watching.size)]
            if (id === undefined) continue
            watching.delete(id)
            stood.delete(id)
            await r.unwatch(id)
          } else if (s.do === 'change' || s.do === 'replace') {
            const before = [...(host.state.items?.keys() ?? [])]
            if (s.do === 'change') host.change(s.delta)
            else host.replace(board({ items: s.rows === null ? null : new Map(s.rows) } satisfies Partial<Board>))
            for (const k of before) if (host.state.items?.has(k) !== true) gone.add(k)
          } else if (s.do === 'nonsense') {
            if (mode === 'with nonsense') host.nonsense()
          } else if (s.do === 'drop') {
            r.clock.advance(6_000)
            host.lost()
            r.socket.receive('disconnect', 'transport close')
            r.clock.advance(10_000)
            r.socket.receive('connect')
          } else {
            r.credit()
            check()
          }
          if (deliver) host.deliver()
        }
        while (host.outgoing.length > 0) host.deliver()
        const overdue = mode === 'by key' ? 0 : 3
        for (let round = 0; round < overdue; round++) {
          r.clock.advance(CATCH_UP_MS * 2 ** round)
          while (host.outgoing.length > 0) host.deliver()
        }
        r.credit()
        r.credit()
        check()
        expect(mapNow()).toEqual(host.state.items ?? new Map())
        expect(r.seen(DIFF).status).toBe('live')
        for (const id of watching.keys()) {
          expect(r.seen(id).status).toBe('live')
          expect(r.seen(id).updates).toBeGreaterThan(0)
        }
        expect(r.page.strays).toEqual([])
      }),
      { numRuns: 250 },
    )
  },
)
