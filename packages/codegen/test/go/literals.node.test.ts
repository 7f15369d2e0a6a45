import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  parseFloatLiteral,
  parseIntLiteral,
  parseRuneLiteral,
  parseStringLiteral,
} from '../../src/go/constants/literals.ts'

describe('what is no literal is undefined', () => {
  test.each(['', 'x', '08', '0x', '0b2', '1.5', '-1', '0xg'])('integer %j', (text) =>
    expect(parseIntLiteral(text)).toBeUndefined(),
  )
  test.each(['', '.', 'e3', '0xp1', '1p1', 'Inf'])('float %j', (text) =>
    expect(parseFloatLiteral(text)).toBeUndefined(),
  )
  test.each(['', "''", "'ab'", "'a", String.raw`'\q'`, String.raw`'\U00110000'`])('rune %j', (text) =>
    expect(parseRuneLiteral(text)).toBeUndefined(),
  )
  test.each(['', '"', '"a', '`a', 'a', String.raw`"\q"`, String.raw`"\x4"`, String.raw`"\"`])('string %j', (text) =>
    expect(parseStringLiteral(text)).toBeUndefined(),
  )
})

describe('literals', () => {
  test.each([
    ["'\\x41'", 65],
    ["'\\101'", 65],
    ["'\\u00e4'", 228],
    ["'\\U0001F642'", 0x1f642],
    ["'🙂'", 0x1f642],
    ["'\\\\'", 92],
  ])('rune %s', (text, point) => expect(parseRuneLiteral(text)).toBe(point))

  test('raw strings lose carriage returns, as in Go', () => expect(parseStringLiteral('`a\r\nb`')).toBe('a\nb'))
  test('bytes that are no UTF-8 show as U+FFFD', () =>
    expect(parseStringLiteral(String.raw`"a\xffb"`)).toBe('a\ufffdb'))

  test('floats are what JavaScript reads, in every decimal spelling', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(parseFloatLiteral(String(value))).toBe(value)
        expect(parseFloatLiteral(value.toExponential())).toBe(value)
      }),
    )
  })

  test('bytes and characters mix', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const bytes = Array.from(new TextEncoder().encode(text), (byte) => `\\x${byte.toString(16).padStart(2, '0')}`)
        expect(parseStringLiteral(`"${bytes.join('')}"`)).toBe(
          new TextDecoder('utf-8', { ignoreBOM: false }).decode(new TextEncoder().encode(text)),
        )
      }),
    )
  })
})
