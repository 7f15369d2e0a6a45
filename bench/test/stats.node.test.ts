import { describe, expect, test } from 'vitest'
import { quantile, slope, summary } from '../src/harness/stats.ts'

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
    expect(summary(samples)).toEqual({ p50: 2, p95: expect.closeTo(2.9), p99: expect.closeTo(2.98), samples: 3 })
    expect(samples).toEqual([3, 1, 2])
  })
})

describe('slope', () => {
  const xs = Array.from({ length: 9 }, (_, i) => i * 10)

  test('is that of a line, whatever its height', () => {
    expect(
      slope(
        xs,
        xs.map((x) => 5 - 2 * x),
      ),
    ).toBe(-2)
    expect(
      slope(
        xs,
        xs.map(() => 7),
      ),
    ).toBe(0)
  })

  test('is not moved by samples that something else disturbed', () => {
    const disturbed = xs.map((x, i) => 3 * x + (i % 4 === 1 ? 100_000 : 0))
    expect(slope(xs, disturbed)).toBeCloseTo(3)
  })

  test('sees growth that noise hides from a single pair', () => {
    const grown = xs.map((x, i) => 4 * x + (i % 2 === 0 ? 15 : -15))
    expect(slope(xs, grown)).toBeGreaterThan(2)
    expect(slope(xs, grown)).toBeLessThan(6)
  })

  test('refuses to make a figure out of one sample', () => {
    expect(() => slope([1], [1])).toThrow('at least one sample')
  })
})
