import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeValue, encodeValue, type IntKind, type TypeNode } from '../src/index.ts'
import { bytesToHex, hexToBytes } from './support/neutral.ts'

const big = (kind: 'int64' | 'uint64'): TypeNode => ({ kind, as: 'bigint' })
const encode = (node: TypeNode, v: unknown): string => bytesToHex(encodeValue([], node, v))
const decode = (node: TypeNode, hex: string): unknown => decodeValue([], node, hexToBytes(hex))

const WORKED: readonly (readonly [bigint, string])[] = [
  [0n, '00'],
  [1n, '01'],
  [-1n, '41'],
  [63n, '3f'],
  [64n, '8001'],
  [-63n, '7f'],
  [-64n, 'c001'],
  [127n, 'bf01'],
  [128n, '8002'],
  [-128n, 'c002'],
  [2n ** 32n - 1n, 'bfffffff0f000000'],
  [2n ** 53n, '8080008000000002'],
  [2n ** 59n - 1n, 'bfffffffffffff7f'],
  [2n ** 63n - 1n, 'bfffffffffffffff0f'],
  [-(2n ** 63n), 'c08000800000008010'],
  [8191n, 'bf7f'],
  [8192n, '80800100'],
  [-8192n, 'c0800100'],
  [65535n, 'bfff0700'],
  [100000n, 'a09a0c00'],
  [2n ** 28n - 1n, 'bfffff7f'],
  [2n ** 28n, '8080008001000000'],
  [-(2n ** 28n), 'c080008001000000'],
  [2n ** 31n - 1n, 'bfffffff07000000'],
  [-(2n ** 31n), 'c080008008000000'],
  [2n ** 32n, '8080008010000000'],
  [2n ** 53n + 1n, '8180008000000002'],
  [2n ** 59n, '808000800000008001'],
]

describe('packed integers', () => {
  test.each(WORKED)('%d is %s', (value, hex) => {
    expect(encode(big('int64'), value)).toBe(hex)
    expect(decode(big('int64'), hex)).toBe(value)
  })

  test.each(WORKED.filter(([value]) => Number.isSafeInteger(Number(value))))('%d as a number is %s', (value, hex) => {
    expect(encode({ kind: 'int64' }, Number(value))).toBe(hex)
    expect(decode({ kind: 'int64' }, hex)).toBe(Number(value))
  })

  test.each([
    [2n ** 64n - 1n, 'bfffffffffffffff1f'],
    [2n ** 63n, '808000800000008010'],
  ])('unsigned %d is %s', (value, hex) => {
    expect(encode(big('uint64'), value)).toBe(hex)
    expect(decode(big('uint64'), hex)).toBe(value)
  })

  test('feature 7: every 64-bit integer comes back', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }),
        fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
        (i, u) => {
          expect(decode(big('int64'), encode(big('int64'), i))).toBe(i)
          expect(decode(big('uint64'), encode(big('uint64'), u))).toBe(u)
        },
      ),
    )
  })

  test.each([
    ['00', 0],
    ['8000', 0],
    ['80800000', 0],
    ['8080008000000000', 0],
    ['808000800000008000', 0],
    ['8500', 5],
    ['c5800000', -5],
  ])('the overlong form %s is %d', (hex, value) => {
    for (const kind of ['int8', 'int32', 'int64'] as const) expect(decode({ kind }, hex)).toBe(value)
  })

  test('pitfall 3: a 64-bit integer is exact as a bigint', () => {
    expect(decode(big('int64'), '8180008000000002')).toBe(9007199254740993n)
    expect(decode(big('uint64'), 'bfffffffffffffff1f')).toBe(18446744073709551615n)
  })

  test('pitfall 3: as a number it throws rather than rounds, reading and writing', () => {
    for (const kind of ['int64', 'uint64'] as const) {
      expect(() => decode({ kind }, '8180008000000002')).toThrow(
        expect.objectContaining({ code: 'out-of-range', offset: 0 }),
      )
      expect(() => encode({ kind }, 2 ** 53)).toThrow(expect.objectContaining({ code: 'out-of-range' }))
      expect(decode({ kind }, encode({ kind }, Number.MAX_SAFE_INTEGER))).toBe(Number.MAX_SAFE_INTEGER)
    }
    expect(decode({ kind: 'int64' }, encode({ kind: 'int64' }, Number.MIN_SAFE_INTEGER))).toBe(Number.MIN_SAFE_INTEGER)
    expect(() => decode({ kind: 'int64' }, encode(big('int64'), -(2n ** 53n)))).toThrow(
      expect.objectContaining({ code: 'out-of-range' }),
    )
  })

  test.each([
    ['int8', 'c0feffffffffffff1f', 'c002', -128],
    ['int16', 'c080fcffffffffff1f', 'c0800400', -32768],
    ['int32', 'c0800080f8ffffff1f', 'c080008008000000', -2147483648],
  ] as const)(
    'pitfall 4: the minimum of %s is read in the host’s long form and written in the short one',
    (kind, long, short, value) => {
      expect(decode({ kind }, long)).toBe(value)
      expect(decode({ kind }, short)).toBe(value)
      expect(encode({ kind }, value)).toBe(short)
    },
  )

  test('a value too wide for its type is truncated, as the host does it', () => {
    expect(decode({ kind: 'uint8' }, encode({ kind: 'int32' }, 300))).toBe(44)
    expect(decode({ kind: 'uint8' }, '41')).toBe(255)
    expect(decode({ kind: 'uint16' }, '41')).toBe(65535)
    expect(decode({ kind: 'uint32' }, '41')).toBe(4294967295)
    expect(decode(big('uint64'), '41')).toBe(2n ** 64n - 1n)
    expect(decode({ kind: 'int8' }, encode({ kind: 'int32' }, 128))).toBe(-128)
  })

  test('pitfall 14: negative zero never comes out', () => {
    for (const hex of ['40', 'c000', 'c0800000', 'c080008000000000', 'c08000800000008000']) {
      for (const kind of ['int8', 'int16', 'int32', 'uint8', 'uint16', 'uint32', 'int64', 'uint64'] as const) {
        expect(Object.is(decode({ kind }, hex), 0), `${kind} ${hex}`).toBe(true)
      }
      expect(decode(big('int64'), hex)).toBe(0n)
      expect(Object.is(decode({ kind: 'time', as: 'millis' }, hex), 0)).toBe(true)
    }
    expect(encode({ kind: 'int32' }, -0)).toBe('00')
    expect(encode({ kind: 'int64' }, -0)).toBe('00')
  })

  test('a narrow integer agrees with the wide one, reduced to its width', () => {
    const widths: readonly (readonly [IntKind, (v: bigint) => bigint])[] = [
      ['int8', (v) => BigInt.asIntN(8, v)],
      ['int16', (v) => BigInt.asIntN(16, v)],
      ['int32', (v) => BigInt.asIntN(32, v)],
      ['uint8', (v) => BigInt.asUintN(8, v)],
      ['uint16', (v) => BigInt.asUintN(16, v)],
      ['uint32', (v) => BigInt.asUintN(32, v)],
    ]
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 9, maxLength: 9 }), (bytes) => {
        const wide = decodeValue([], big('int64'), bytes) as bigint
        for (const [kind, narrow] of widths) expect(decodeValue([], { kind }, bytes)).toBe(Number(narrow(wide)))
      }),
    )
  })

  test('a cut integer is refused at every length', () => {
    const whole = hexToBytes('bfffffffffffffff0f')
    for (const kind of ['int8', 'uint32', 'int64', 'time'] as const) {
      for (let n = 0; n < whole.length; n++) {
        const cut = whole.subarray(0, n)
        expect(() => decodeValue([], { kind }, cut)).toThrow(expect.objectContaining({ code: 'truncated' }))
      }
    }
  })
})
