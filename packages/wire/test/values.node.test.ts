import { describe, expect, test } from 'vitest'
import { decodeValue, encodeValue } from '../src/index.ts'
import { codeOf } from './support/refusal-of.ts'
import { isWritable, modelTypes, structNode, values } from './support/model.ts'
import { bytesToHex, comparable, fromNeutral, hexToBytes } from './support/neutral.ts'

const types = modelTypes('bigint')

describe('golden values', () => {
  test.each(values.map((v, i) => [`${i} ${v.type} ${v.note ?? ''}`, v] as const))('%s decodes to its value', (_, v) => {
    const node = structNode(v.type)
    const got = decodeValue(types, node, hexToBytes(v.hex))
    expect(comparable(types, node, got)).toEqual(comparable(types, node, fromNeutral(types, node, v.value)))
  })

  const writable = values.filter(isWritable)
  test.each(writable.map((v, i) => [`${i} ${v.type} ${v.note ?? ''}`, v] as const))(
    '%s encodes to its bytes',
    (_, v) => {
      const node = structNode(v.type)
      expect(bytesToHex(encodeValue(types, node, fromNeutral(types, node, v.value)))).toBe(v.shortHex ?? v.hex)
    },
  )
})

describe('golden values, 64-bit integers as numbers', () => {
  const numbers = modelTypes('number')
  const isSafe = (v: unknown): boolean => {
    if (typeof v !== 'object' || v === null) return true
    if ('$dyn' in v) return true
    if ('$int' in v) return Number.isSafeInteger(Number(v.$int))
    return Object.values(v).every(isSafe)
  }

  const safe = values.filter((v) => isSafe(v.value))

  test('safe values are read and written', () => {
    expect(safe.length).toBeGreaterThan(600)
    for (const v of safe) {
      const node = structNode(v.type)
      expect(comparable(numbers, node, decodeValue(numbers, node, hexToBytes(v.hex)))).toEqual(
        comparable(numbers, node, fromNeutral(numbers, node, v.value)),
      )
    }
    for (const v of safe.filter(isWritable)) {
      const node = structNode(v.type)
      const value = fromNeutral(numbers, node, v.value)
      expect(bytesToHex(encodeValue(numbers, node, value))).toBe(v.shortHex ?? v.hex)
    }
  })

  test('others are refused as out-of-range', () => {
    const unsafe = values.filter((v) => !isSafe(v.value))
    expect(unsafe.length).toBeGreaterThan(0)
    for (const v of unsafe) {
      expect(
        codeOf(() => decodeValue(numbers, structNode(v.type), hexToBytes(v.hex))),
        `${v.type} ${v.hex}`,
      ).toBe('out-of-range')
    }
  })
})
