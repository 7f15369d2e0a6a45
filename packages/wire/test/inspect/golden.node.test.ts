import { describe, expect, test } from 'vitest'
import { decodeDeltaOf, decodeValue, isRivuletError } from '../../src/index.ts'
import { inspectDelta, inspectValue, type Inspection } from '../../src/inspect/index.ts'
import { modelTypes, structNode, values, vectors } from '../support/model.ts'
import { hexToBytes } from '../support/neutral.ts'
import { expectTiles } from '../support/tiles.ts'

interface DeltaFile {
  readonly deltas: readonly { readonly type: string; readonly deltaHex: string }[]
  readonly merges: readonly { readonly type: string; readonly mergedHex: string }[]
}

const model = modelTypes('bigint')
const { deltas, merges } = vectors('deltas.json') as DeltaFile
const { decode: hostile } = vectors('hostile.json') as {
  readonly decode: readonly { readonly type: string; readonly hex: string; readonly why: string }[]
}

/** Where decoding fails; undefined when it does not. */
function failure(decode: () => unknown): { code: string; offset: number | undefined } | undefined {
  try {
    decode()
    return undefined
  } catch (error) {
    if (!isRivuletError(error)) throw error
    return { code: error.code, offset: error.offset }
  }
}

const failureOf = ({ error }: Inspection) =>
  error === undefined ? undefined : { code: error.code, offset: error.offset }

describe('every byte has one name', () => {
  test(`in ${values.length} golden values`, () => {
    expect(values.length).toBeGreaterThan(100)
    for (const { type, hex } of values) {
      const bytes = hexToBytes(hex)
      const found = inspectValue(model, structNode(type), bytes, type)
      expect(found.error, `${type} ${hex}`).toBeUndefined()
      expectTiles(found, bytes.length)
    }
  })

  test(`in ${deltas.length} golden deltas and ${merges.length} merged ones`, () => {
    const all = [...deltas.map((d) => [d.type, d.deltaHex]), ...merges.map((m) => [m.type, m.mergedHex])] as const
    expect(all.length).toBeGreaterThan(100)
    for (const [type = '', hex = ''] of all) {
      const bytes = hexToBytes(hex)
      const found = inspectDelta(model, type, bytes, type)
      expect(found.error, `${type} ${hex}`).toBeUndefined()
      expectTiles(found, bytes.length)
    }
  })
})

describe('hostile input', () => {
  const cases = hostile.map(({ type, hex, why }, index) => [`${index} ${type}: ${why}`, type, hex] as const)

  test.each(cases)('%s fails where the decoder fails, or not at all', (_, type, hex) => {
    const bytes = hexToBytes(hex)
    const partial = type.endsWith('Partial') ? type.slice(0, -'Partial'.length) : undefined
    const found =
      partial === undefined
        ? inspectValue(model, structNode(type), bytes, 'x')
        : inspectDelta(model, partial, bytes, 'x')
    const expected = failure(() =>
      partial === undefined ? decodeValue(model, structNode(type), bytes) : decodeDeltaOf(model, partial, bytes),
    )
    expect(failureOf(found)).toEqual(expected)
    expectTiles(found, bytes.length)
  })

  test('every golden value and delta, cut at every byte, fails where the decoder fails', () => {
    let refused = 0
    const compare = (found: Inspection, expected: ReturnType<typeof failure>, length: number): void => {
      if (expected !== undefined) refused += 1
      expect(failureOf(found)).toEqual(expected)
      expectTiles(found, length)
    }
    for (const { type, hex } of values.slice(0, 120)) {
      const whole = hexToBytes(hex)
      for (let length = 0; length < Math.min(whole.length, 60); length += 1) {
        const bytes = whole.slice(0, length)
        const expected = failure(() => decodeValue(model, structNode(type), bytes))
        compare(inspectValue(model, structNode(type), bytes, type), expected, length)
      }
    }
    for (const { type, deltaHex } of deltas.slice(0, 60)) {
      const whole = hexToBytes(deltaHex)
      for (let length = 0; length < Math.min(whole.length, 60); length += 1) {
        const bytes = whole.slice(0, length)
        compare(
          inspectDelta(model, type, bytes, type),
          failure(() => decodeDeltaOf(model, type, bytes)),
          length,
        )
      }
    }
    expect(refused).toBeGreaterThan(1000)
  })
})
