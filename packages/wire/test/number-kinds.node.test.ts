import { expect, expectTypeOf, test } from 'vitest'
import type {
  bigint64,
  biguint64,
  float32,
  float64,
  int16,
  int32,
  int64,
  int8,
  millis,
  uint16,
  uint32,
  uint64,
  uint8,
} from '../src/index.ts'
import * as wire from '../src/index.ts'

test('kinds of numbers are plain numbers and bigints to TypeScript', () => {
  expectTypeOf<[int8, int16, int32, int64]>().toEqualTypeOf<[number, number, number, number]>()
  expectTypeOf<[uint8, uint16, uint32, uint64]>().toEqualTypeOf<[number, number, number, number]>()
  expectTypeOf<[float32, float64, millis]>().toEqualTypeOf<[number, number, number]>()
  expectTypeOf<[bigint64, biguint64]>().toEqualTypeOf<[bigint, bigint]>()
  const x: int32 = 3
  const sum: uint8 = x + 1
  expect(sum).toBe(4)
})

test('they are not there at run time', () => {
  expect(Object.keys(wire).filter((name) => /^(big)?u?int\d+$|^float\d+$|^millis$/.test(name))).toEqual([])
})
