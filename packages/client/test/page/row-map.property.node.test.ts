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

const name = (n: number): string => (n % 7 === 0 ? `schlüssel-${n}` : `k${n}`)

/** A map that was read, and what it must still be, in the order in which it must be. */
interface Kept {
  readonly map: ReadonlyMap<string, Crate>
  readonly was: readonly (readonly [string, Crate])[]
}

function createBeside(rows: number): {
  readonly run: (change: Change) => void
  /** Compares once more; how many rows there are. */
  readonly end: () => number
} {
  const rig = tableRig<string, Crate>('crates', new Map(Array.from({ length: rows }, (_, n) => [name(n), crate(n)])))
  /** Keys that changed and have not been sent; that were sent since somebody looked. */
  const dirty = new Set<string>()
  const since = new Set<string>()
  const kept: Kept[] = []
  let sent: [string, Crate][] = []
  /** All rows were sent again since somebody looked. */
  let isAnew = false

  const send = (): void => {
    const { table } = rig.patch()
    // Rows keep their places, new ones come last, in the order in which something happened to them first: a plain map does the same, but for a key that is new, goes and comes again between two patches.
    const order = new Set(
      table === undefined ? [...sent.map(([k]) => k), ...dirty].filter((k) => rig.state.has(k)) : rig.state.keys(),
    )
    sent = [...order].map((k) => [k, rig.state.get(k) as Crate])
    for (const k of dirty) since.add(k)
    dirty.clear()
    isAnew ||= table !== undefined
  }
  send()
  let last = rig.read()
  /** All rows of `last` have been read. */
  let isSeen = false
  since.clear()
  isAnew = false

  const put = (n: number, row: Crate, ...below: string[]): void => {
    rig.state.set(name(n), row)
    rig.changed(name(n), ...below)
    dirty.add(name(n))
  }

  const look = (): void => {
    const now = rig.read()
    expect([...now]).toEqual(sent)
    expect(rig.read()).toBe(now)
    for (const [k, row] of isAnew ? [] : now) {
      const before = last.get(k)
      // Of a row that was seen and changed in one field, the others are the same objects.
      const isPlaced = isSeen && before?.place.x === row.place.x && before.place.y === row.place.y
      expect(since.has(k) ? row : before).toBe(row)
      expect(isPlaced ? before?.place : row.place).toBe(row.place)
    }
    last = now
    isSeen = true
    since.clear()
    isAnew = false
  }

  const get = (n: number): void => {
    const model = new Map(sent)
    const now = rig.read()
    expect(now.get(name(n))).toEqual(model.get(name(n)))
    expect(now.has(name(n))).toBe(model.has(name(n)))
    expect(now.size).toBe(model.size)
  }

  const run = (c: Change): void => {
    if (c.do === 'put') put(c.key, crate(c.value))
    else if (c.do === 'weigh' || c.do === 'move') {
      const old = rig.state.get(name(c.key))
      if (old === undefined) return
      if (c.do === 'weigh') put(c.key, { ...old, weight: c.value }, 'weight')
      else put(c.key, { ...old, place: { ...old.place, x: c.value } }, 'place', 'x')
    } else if (c.do === 'drop') {
      if (!rig.state.delete(name(c.key))) return
      rig.changed(name(c.key))
      dirty.add(name(c.key))
    } else if (c.do === 'flood') for (let n = c.from; n < c.to; n++) put(n, crate(n + 1))
    else if (c.do === 'replace') rig.replaced()
    else if (c.do === 'send') send()
    else if (c.do === 'get') get(c.key)
    else if (c.do === 'keep') kept.push({ map: rig.read(), was: sent.slice() })
    else look()
  }

  const end = (): number => {
    expect([...rig.read()]).toEqual(sent)
    for (const { map, was } of kept) {
      expect([...map]).toEqual(was)
      expect([...map.keys()].every((k) => map.has(k))).toBe(true)
      expect(map.size).toBe(was.length)
    }
    return sent.length
  }

  return { run, end }
}

test.each([0, 3, 300, 520])(
  'beginning with %i rows: reads as the state that was sent, old maps stay what they were, and rows that did not change stay the same objects',
  (rows) => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 80 }), (changes) => {
        const beside = createBeside(rows)
        for (const one of changes) beside.run(one)
        expect(beside.end()).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 150 },
    )
  },
)

test('numbers as keys, and rows that are null', () => {
  const number = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
  const entries = fc.uniqueArray(fc.tuple(number, fc.option(fc.nat(9).map(crate))), {
    selector: ([k]) => k,
    maxLength: 40,
  })
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
