import { type Delta, type Path, valueAt } from '@rivulet/wire'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { CATCH_UP_MS } from '../../src/engine/store-resync.ts'
import type { Delivery } from '../../src/protocol.ts'
import { board, type Board, BoardStore, row } from '../support/board.ts'
import { type Mode, Host } from '../support/mini-host.ts'
import { rig } from '../support/rig.ts'

/**
 * A host in miniature against the whole engine: random watches, changes, credits and connection losses. Whenever all is quiet, the page must show exactly what the host has.
 */

const key = fc.constantFrom('a', 'b', 'c', 'd')
const num = fc.integer({ min: 0, max: 3 })
const someRow = fc.record({ name: key, x: num, y: num })
const rowMod: fc.Arbitrary<Delta> = fc.oneof(
  num.map((x): Delta => ({ x: { set: x } })),
  key.map((name): Delta => ({ name: { set: name } })),
)
const delta: fc.Arbitrary<Delta> = fc.oneof(
  key.map((t): Delta => ({ title: { set: t } })),
  fc.tuple(key, someRow).map(([k, v]): Delta => ({ items: { sets: new Map([[k, v]]) } })),
  key.map((k): Delta => ({ items: { deletes: new Set([k]) } })),
  fc.tuple(key, rowMod).map(([k, mod]): Delta => ({ items: { mods: new Map([[k, mod]]) } })),
  fc.array(fc.tuple(key, someRow), { maxLength: 3 }).map((rows): Delta => ({ items: { whole: new Map(rows) } })),
  fc.array(key, { maxLength: 4 }).map((list): Delta => ({ log: { whole: list } })),
  fc.tuple(num, key).map(([i, v]): Delta => ({ log: { sets: new Map([[i, v]]) } })),
  num.map((wind): Delta => ({ weather: { mod: { wind: { set: wind } } } })),
  fc.array(num, { maxLength: 3 }).map((gusts): Delta => ({ weather: { mod: { gusts: { whole: gusts } } } })),
  fc.option(someRow).map((p): Delta => ({ pilot: { whole: p } })),
  rowMod.map((mod): Delta => ({ pilot: { mod } })),
  fc.option(num).map((opt): Delta => ({ opt: { set: opt } })),
  fc.uint8Array({ maxLength: 3 }).map((image): Delta => ({ image: { whole: image } })),
)
const path: fc.Arbitrary<Path> = fc.oneof(
  fc.constantFrom<Path>(
    [],
    ['title'],
    ['items'],
    ['log'],
    ['weather'],
    ['weather', 'wind'],
    ['weather', 'gusts'],
    ['pilot'],
    ['pilot', 'x'],
    ['opt'],
    ['image'],
  ),
  key.map((k): Path => ['items', k]),
  key.map((k): Path => ['items', k, 'x']),
  num.map((i): Path => ['log', i]),
)
type Step =
  | { do: 'watch'; path: Path }
  | { do: 'unwatch'; nth: number }
  | { do: 'change'; delta: Delta }
  | { do: 'replace'; state: Board }
  | { do: 'credit' | 'drop' | 'time' }
const replaced = fc
  .record({
    title: key,
    items: fc.option(fc.array(fc.tuple(key, someRow), { maxLength: 4 })),
    log: fc.option(fc.array(key, { maxLength: 4 })),
  })
  .map(({ title, items, log }) => board({ title, items: items === null ? null : new Map(items), log }))
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: path.map((p): Step => ({ do: 'watch', path: p })) },
  { weight: 2, arbitrary: fc.nat(20).map((nth): Step => ({ do: 'unwatch', nth })) },
  { weight: 8, arbitrary: delta.map((d): Step => ({ do: 'change', delta: d })) },
  { weight: 1, arbitrary: replaced.map((state): Step => ({ do: 'replace', state })) },
  { weight: 4, arbitrary: fc.constantFrom<Step>({ do: 'credit' }, { do: 'credit' }, { do: 'drop' }, { do: 'time' }) },
)

/** A delta for a field below a pointer or an element cannot tell that all is zero from nothing being there; whoever asks for so little gets no more. */
function nullish(value: unknown, at: Path, delivery: Delivery): unknown {
  return delivery === 'exact' && at.length > 1 && (value === 0 || value === undefined) ? null : value
}

test.each<[Delivery, Mode]>([
  ['safe', 'by key'],
  ['field', 'by key'],
  ['store', 'by key'],
  ['exact', 'by key'],
  ['safe', 'whole states'],
  ['safe', 'with nonsense'],
])('with %s delivery, %s, the page always ends with what the host has', async (delivery, mode) => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(step, fc.boolean()), { minLength: 5, maxLength: 60 }), async (steps) => {
      const host = new Host(mode)
      const r = await rig({
        stores: [BoardStore],
        config: { delivery },
        prepare: (socket) => {
          socket.react = (event, m) => {
            if (event === 'storesub') host.subscribe((m['key'] as string | undefined) ?? '', m['action'])
          }
        },
      })
      host.rig = r
      await r.open()
      const watching: number[] = []
      let nextId = 1
      for (const [s, deliver] of steps) {
        // A key of a list element that does not exist yet is what 'exact' cannot promise: hosts say nothing when the list grows past it.
        if (s.do === 'watch' && delivery === 'exact' && s.path[0] === 'log' && s.path.length > 1) continue
        if (s.do === 'watch') {
          await r.watch(nextId, s.path)
          watching.push(nextId++)
        } else if (s.do === 'unwatch') {
          const [id] = watching.splice(s.nth % Math.max(1, watching.length), 1)
          if (id !== undefined) await r.unwatch(id)
        } else if (s.do === 'change') host.change(s.delta)
        else if (s.do === 'replace') host.replace(s.state)
        else if (s.do === 'credit') r.credit()
        else if (s.do === 'time') {
          r.clock.advance(700)
          if (mode === 'with nonsense') host.nonsense()
        } else {
          // A connection that always dies within seconds would make the engine suspect the store.
          r.clock.advance(6_000)
          host.lost()
          r.socket.receive('disconnect', 'transport close')
          r.clock.advance(10_000)
          r.socket.receive('connect')
        }
        if (deliver) host.deliver()
      }
      while (host.outgoing.length > 0) host.deliver()
      // A host of whole states that was first asked for the whole store is not known as one before it has been silent about a later key for a while.
      const overdue = mode === 'by key' ? 0 : 3
      for (let round = 0; round < overdue; round++) {
        r.clock.advance(CATCH_UP_MS * 2 ** round)
        while (host.outgoing.length > 0) host.deliver()
      }
      // Both are reported with their store; nothing else goes wrong.
      const heals = {
        'by key': [],
        'whole states': [],
        'with nonsense': ['malformed', 'truncated', 'timeout'],
      }
      expect(r.errors.filter((e) => e.store !== 'BoardStore' || !heals[mode].includes(e.code as never))).toEqual([])
      r.credit()
      r.credit()
      expect(r.page.strays).toEqual([])
      for (const id of watching) {
        const { path: p } = r.page.watched.get(id) as { path: Path }
        const expected = nullish(valueAt(host.state, p), p, delivery)
        expect({ path: p, status: r.seen(id).status, value: nullish(r.seen(id).value, p, delivery) }).toEqual({
          path: p,
          status: 'live',
          value: expected,
        })
      }
    }),
    { numRuns: 250 },
  )
})

test('row() and board() make fresh objects', () => {
  expect(row('a')).not.toBe(row('a'))
  expect(board().items).not.toBe(board().items)
})
