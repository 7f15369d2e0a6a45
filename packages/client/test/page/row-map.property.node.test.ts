import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Crate, crate, tableRig } from '../support/table-rig.ts'

// The page's map beside a plain one: whatever happens, whoever looks when.

type Change =
  | { do: 'put'; key: number; value: number }
  | { do: 'weigh'; key: number; value: number }
  | { do: 'move'; key: number; value: number }
  | { do: 'drop'; key: number }
  | { do: 'send' | 'look' | 'keep' | 'replace' }
  | { do: 'get'; key: number }
  | { do: 'flood'; from: number; to: number }

const key = fc.nat(600)
const value = fc.nat(9)
const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('put'), key, value }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('weigh'), key, value }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('move'), key, value }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('drop'), key }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('send') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('look', 'keep') }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('get'), key }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('replace') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('flood'), from: key, to: key }) },
)

interface Kept {
  readonly map: ReadonlyMap<string, Crate>
  /** What it must still be, in the order in which it must be. */
  readonly was: readonly (readonly [string, Crate])[]
}

test.each([0, 3, 300, 520])(
  'beginning with %i rows: reads as the state that was sent, old maps stay what they were, and rows that did not change stay the same objects',
  (rows) => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 80 }), (changes) => {
        const name = (n: number): string => (n % 7 === 0 ? `schlüssel-${n}` : `k${n}`)
        const rig = tableRig<string, Crate>('crates', new Map(Array.from({ length: rows }, (_, n) => [name(n), crate(n)])))
        const dirty = new Set<string>()
        const since = new Set<string>()
        let sent: [string, Crate][] = []
        let hadAll = false
        const kept: Kept[] = []
        const mark = (n: number, ...below: string[]): void => {
          rig.changed(name(n), ...below)
          dirty.add(name(n))
        }
        const send = (): void => {
          const { table } = rig.patch()
          // Rows keep their places, new ones come last: a plain map does the same.
          const order = new Map(table === undefined ? [] : [])
          if (table === undefined) for (const [k] of sent) if (rig.state.has(k)) order.set(k, undefined)
          for (const k of rig.state.keys()) order.set(k, undefined)
          sent = [...order.keys()].map((k) => [k, rig.state.get(k) as Crate])
          for (const k of dirty) since.add(k)
          dirty.clear()
          if (table !== undefined) hadAll = true
        }
        send()
        let last: ReadonlyMap<string, Crate> = rig.read()
        /** All its rows have been seen. */
        let seen = false
        since.clear()
        hadAll = false
        for (const c of changes) {
          if (c.do === 'put') {
            rig.state.set(name(c.key), crate(c.value))
            mark(c.key)
          } else if (c.do === 'weigh' || c.do === 'move') {
            const old = rig.state.get(name(c.key))
            if (old === undefined) continue
            rig.state.set(
              name(c.key),
              c.do === 'weigh' ? { ...old, weight: c.value } : { ...old, place: { ...old.place, x: c.value } },
            )
            if (c.do === 'weigh') mark(c.key, 'weight')
            else mark(c.key, 'place', 'x')
          } else if (c.do === 'drop') {
            if (rig.state.delete(name(c.key))) mark(c.key)
          } else if (c.do === 'flood') {
            for (let n = c.from; n < c.to; n++) {
              rig.state.set(name(n), crate(n + 1))
              mark(n)
            }
          } else if (c.do === 'replace') rig.replaced()
          else if (c.do === 'send') send()
          else if (c.do === 'get') {
            const model = new Map(sent)
            const now = rig.read()
            expect(now.get(name(c.key))).toEqual(model.get(name(c.key)))
            expect(now.has(name(c.key))).toBe(model.has(name(c.key)))
            expect(now.size).toBe(model.size)
          } else if (c.do === 'keep') kept.push({ map: rig.read(), was: sent.slice() })
          else {
            const now = rig.read()
            expect([...now]).toEqual(sent)
            if (!hadAll) {
              for (const [k, row] of now) if (!since.has(k)) expect(row).toBe(last.get(k))
              // Of a row that was seen and changed in one field, the others are the same objects.
              for (const [k, row] of seen ? now : []) {
                const before = last.get(k)
                if (before !== undefined && before.place.x === row.place.x && before.place.y === row.place.y)
                  expect(row.place).toBe(before.place)
              }
            }
            expect(rig.read()).toBe(now)
            last = now
            seen = true
            since.clear()
            hadAll = false
          }
        }
        expect([...rig.read()]).toEqual(sent)
        for (const { map, was } of kept) {
          expect([...map]).toEqual(was)
          expect([...map.keys()].every((k) => map.has(k))).toBe(true)
          expect(map.size).toBe(was.length)
        }
      }),
      { numRuns: 150 },
    )
  },
)

test('numbers as keys, and rows that are null', () => {
  const number = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
  const entries = fc.uniqueArray(fc.tuple(number, fc.option(fc.nat(9).map(crate))), { selector: ([k]) => k, maxLength: 40 })
  fc.assert(
    fc.property(entries, entries, (first, second) => {
      const rig = tableRig<number, Crate | null>('byNumber', new Map(first))
      rig.patch()
      expect(rig.read()).toEqual(new Map(first))
      for (const [k, v] of second) {
        rig.state.set(k, v)
        rig.changed(k)
      }
      rig.patch()
      expect(rig.read()).toEqual(rig.state)
      for (const [k, v] of rig.state) expect(rig.read().get(k)).toEqual(v)
      expect(rig.read().has(0.5)).toBe(false)
    }),
  )
})
