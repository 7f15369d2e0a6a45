import { expect, test } from 'vitest'
import { measure } from '../src/harness/measure.ts'

test('gives every candidate one positive sample per round', () => {
  const samples = measure(
    [
      { name: 'a', run: () => Math.sqrt(2) },
      { name: 'b', run: () => JSON.parse('[1,2,3]') },
    ],
    { rounds: 4, sampleMs: 0.1, warmMs: 1 },
  )
  expect([...samples.keys()]).toEqual(['a', 'b'])
  for (const list of samples.values()) {
    expect(list).toHaveLength(4)
    expect(list.every((ms) => ms >= 0 && Number.isFinite(ms))).toBe(true)
  }
})

test('interleaves: nobody runs all of its rounds in one go', () => {
  const order: string[] = []
  // A sample of no duration is one operation, so the order of operations is the order of samples.
  const candidate = (name: string) => ({ name, run: () => order.push(name) })
  measure([candidate('a'), candidate('b'), candidate('c')], { rounds: 3, sampleMs: 0, warmMs: 0 })
  expect(order.slice(3).join('')).toBe('abcbcacab')
})

test('lets an error through: a contestant that fails has no figure', () => {
  const failing = {
    name: 'a',
    run: () => {
      throw new Error('broken')
    },
  }
  expect(() => measure([failing], { rounds: 1, sampleMs: 0, warmMs: 0 })).toThrow('broken')
})
