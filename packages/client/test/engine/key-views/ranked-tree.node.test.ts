import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRankedTree } from '../../../src/engine/key-views/ranked-tree.ts'

const byNumber = (a: number, b: number): number => a - b

type Step = { do: 'insert' | 'remove'; n: number } | { do: 'fill'; all: readonly number[] }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ do: fc.constantFrom('insert' as const, 'remove' as const), n: fc.nat(60) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('fill' as const),
      all: fc.uniqueArray(fc.nat(60)).map((a) => a.toSorted(byNumber)),
    }),
  },
)

describe('a ranked tree', () => {
  test('is a sorted array, whatever is put in and taken out', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), fc.nat(70), fc.nat(70), (steps, from, count) => {
        const tree = createRankedTree<number>(byNumber)
        let model: number[] = []
        for (const s of steps) {
          if (s.do === 'fill') {
            tree.fill(s.all)
            model = [...s.all]
          } else if (s.do === 'insert') {
            if (model.includes(s.n)) continue
            tree.insert(s.n)
            model = [...model, s.n].toSorted(byNumber)
          } else {
            tree.remove(s.n)
            model = model.filter((n) => n !== s.n)
          }
          expect(tree.size).toBe(model.length)
        }
        expect(tree.slice(0, Infinity)).toEqual(model)
        expect(tree.slice(from, count)).toEqual(model.slice(from, from + count))
        for (const [i, n] of model.entries()) expect(tree.rank(n)).toBe(i)
        // Of an item that is not in: how many come before it.
        expect(tree.rank(from - 0.5)).toBe(model.filter((n) => n < from).length)
      }),
      { numRuns: 300 },
    )
  })

  // Weight balance of 3 keeps the depth below log(n) / log(4/3); what is inserted in order is the worst that a host does.
  test.each(['ascending', 'descending', 'scattered', 'taken out from one side'])('stays balanced: %s', (how) => {
    const size = 50_000
    let compared = 0
    const tree = createRankedTree<number>((a, b) => {
      compared++
      return a - b
    })
    for (let i = 0; i < size; i++) {
      if (how === 'descending') tree.insert(size - i)
      else tree.insert(how === 'scattered' ? (i * 7_919) % size : i)
    }
    if (how === 'taken out from one side') for (let i = 0; i < size - 1_000; i++) tree.remove(i)
    const most = Math.log(size) / Math.log(4 / 3)
    for (const n of [1, Math.floor(size / 3), size - 2]) {
      compared = 0
      tree.rank(n)
      expect(compared).toBeLessThan(most)
      compared = 0
      tree.insert(n + 0.5)
      expect(compared).toBeLessThan(most)
    }
  })
})
