import { describe, expect, test } from 'vitest'
import { quantile, summary } from '../src/harness/stats.ts'

describe('quantile', () => {
  test('interpolates between neighbours, whatever the order', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5)
    expect(quantile([10, 0], 0.95)).toBeCloseTo(9.5)
    expect(quantile([7], 0.95)).toBe(7)
  })

  test('refuses to make a figure out of nothing', () => {
    expect(() => quantile([], 0.5)).toThrow('at least one sample')
  })

  test('leaves the samples as they are', () => {
    const samples = [3, 1, 2]
    expect(summary(samples)).toEqual({ p50: 2, p95: expect.closeTo(2.9), samples: 3 })
    expect(samples).toEqual([3, 1, 2])
  })
})
