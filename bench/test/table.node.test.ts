import { describe, expect, test } from 'vitest'
import type { Figure, Result } from '../src/harness/result.ts'
import { table } from '../src/harness/table.ts'
import { versionOf } from '../src/harness/versions.ts'

const figure = (contestant: string, p50: number, more: Partial<Figure> = {}): Figure => ({
  scenario: 'full state',
  contestant,
  packageName: null,
  ours: false,
  p50,
  p95: p50 * 2,
  samples: 3,
  ...more,
})

const result = (figures: readonly Figure[], more: Partial<Result> = {}): Result => ({
  benchmark: 'decode',
  title: 'decode, Node',
  unit: 'ms',
  figures,
  absent: [],
  ...more,
})

const rowOf = (text: string, name: string): string => text.split('\n').find((line) => line.includes(name)) ?? ''

describe('table', () => {
  test('lists the fastest first and everybody in multiples of ours', () => {
    const text = table(
      result([figure('slow', 6, { bytes: 500 }), figure('we', 3, { ours: true, bytes: 1000 }), figure('fast', 1.5)]),
    )
    const names = text.split('\n').flatMap((line) => /fast|we |slow/.exec(line)?.[0].trim() ?? [])
    expect(names).toEqual(['fast', 'we', 'slow'])
    expect(rowOf(text, 'slow')).toMatch(/6\.00 ms\s+12\.0 ms\s+×2\.00\s+500 B\s+×0\.500/)
    expect(rowOf(text, 'fast')).toMatch(/1\.50 ms\s+3\.00 ms\s+×0\.500/)
    expect(rowOf(text, 'we')).toMatch(/^▸ we/)
  })

  test('uses the unit that a reader can compare', () => {
    const text = table(
      result([figure('nano', 0.0002), figure('micro', 0.25), figure('milli', 40), figure('long', 1234.5)]),
    )
    expect(rowOf(text, 'nano')).toContain('200 ns')
    expect(rowOf(text, 'micro')).toContain('250 µs')
    expect(rowOf(text, 'milli')).toContain('40.0 ms')
    expect(rowOf(text, 'long')).toContain('1235 ms')
  })

  test('shows the time of each part where an operation has parts', () => {
    expect(rowOf(table(result([figure('many', 10, { parts: 1000 })])), 'many')).toContain('10.0 µs')
  })

  test('weighs bundles without a tail', () => {
    const text = table(result([figure('bundle', 7500)], { unit: 'bytes' }))
    expect(text).toContain('min + gzip')
    expect(text).not.toContain('p95')
    expect(rowOf(text, 'bundle')).toContain('7.50 kB')
  })

  test('names who could not take part, and why', () => {
    const text = table(result([figure('one', 1)], { absent: [{ contestant: 'other', reason: 'not published' }] }))
    expect(text).toContain('other: not available (not published)')
  })
})

describe('versionOf', () => {
  test('reads what is installed, not what is asked for', () => {
    expect(versionOf('msgpackr')).toMatch(/^\d+\.\d+\.\d+/)
  })

  test('says what to do about a package that is missing', () => {
    expect(() => versionOf('no-such-package-as-this')).toThrow(/not installed.*npm ci/)
  })
})
