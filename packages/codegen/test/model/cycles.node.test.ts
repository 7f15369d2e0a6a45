import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { cyclic } from '../../src/model/cycles.ts'

const graph = fc.array(fc.tuple(fc.nat({ max: 7 }), fc.nat({ max: 7 })), { maxLength: 24 }).map((pairs) => {
  const edges = new Map<string, Set<string>>()
  for (const [from, to] of pairs) edges.set(`${from}`, (edges.get(`${from}`) ?? new Set()).add(`${to}`))
  return edges
})

function leadsBack(start: string, edges: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  const seen = new Set<string>()
  const visit = (node: string): boolean =>
    [...(edges.get(node) ?? [])].some((next) => next === start || (!seen.has(next) && (seen.add(next), visit(next))))
  return visit(start)
}

test('exactly the nodes from which a way leads back are cyclic', () => {
  fc.assert(
    fc.property(graph, (edges) => {
      const expected = [...edges.keys()].filter((node) => leadsBack(node, edges))
      expect([...cyclic(edges)].toSorted()).toEqual(expected.toSorted())
    }),
    { numRuns: 1000 },
  )
})

test('a chain as long as a program is no problem', () => {
  const edges = new Map(Array.from({ length: 50_000 }, (_, index) => [`${index}`, new Set([`${index + 1}`])]))
  expect(cyclic(edges).size).toBe(0)
  expect(cyclic(edges.set('50000', new Set(['0']))).size).toBe(50_001)
})
