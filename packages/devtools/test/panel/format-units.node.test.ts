import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatBytes, formatCount, formatMs, formatTime } from '../../src/panel/format-units.ts'

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1 kB'],
    [1234, '1.23 kB'],
    [25_300, '25.3 kB'],
    [999_499, '999 kB'],
    [999_501, '1 MB'],
    [4_194_304, '4.19 MB'],
    [7e15, '7000 TB'],
  ])('%d is %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text))

  it('never shows four digits below the largest unit, and stays within 1 % of the number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_000_000_000_000 }), (bytes) => {
        const [digits, unit] = formatBytes(bytes).split(' ') as [string, string]
        expect(digits.replace('.', '').length).toBeLessThanOrEqual(3)
        const back = Number(digits) * 1000 ** ['B', 'kB', 'MB', 'GB', 'TB'].indexOf(unit)
        expect(Math.abs(back - bytes)).toBeLessThanOrEqual(bytes * 0.01)
      }),
    )
  })
})

describe('formatMs', () => {
  it.each([
    [0, '0 ms'],
    [0.0001, '0 ms'],
    [0.0421, '0.042 ms'],
    [1.239, '1.24 ms'],
    [16.67, '16.7 ms'],
    [999, '999 ms'],
    [1500, '1.5 s'],
    [59_994, '60 s'],
    [60_000, '1 m 00 s'],
    [61_000, '1 m 01 s'],
    [3_660_000, '1 h 01 m'],
    [-250, '-250 ms'],
    [-61_000, '−1 m 01 s'],
  ])('%d is %s', (ms, text) => expect(formatMs(ms)).toBe(text))
})

it('formatCount separates thousands', () => {
  expect([0, 999, 12_345, 1e6].map(formatCount)).toEqual(['0', '999', '12,345', '1,000,000'])
})

describe('formatTime', () => {
  it('is the time of day here, with milliseconds', () => {
    expect(formatTime(new Date(2026, 0, 31, 4, 5, 6, 7).getTime())).toBe('04:05:06.007')
  })

  it('says so when it is no time', () => expect(formatTime(NaN)).toBe('not a time'))
})
