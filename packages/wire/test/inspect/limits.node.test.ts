import * as fc from 'fast-check'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { inspectDelta, inspectMessage, inspectValue } from '../../src/inspect/index.ts'
import { encodeState, encodeValue } from '../../src/index.ts'
import { modelTypes, structNode, values, vectors } from '../support/model.ts'
import { hexToBytes } from '../support/neutral.ts'
import { expectTiles } from '../support/tiles.ts'

const model = modelTypes('bigint')
const { deltas } = vectors('deltas.json') as {
  readonly deltas: readonly { readonly type: string; readonly deltaHex: string }[]
}

describe('at most so many parts', () => {
  test('are the first ones of all, and what is left is one more', () => {
    const inputs = [
      ...values.map(({ type, hex }) => ({ type, hex, inspect: inspectValueOf })),
      ...deltas.map(({ type, deltaHex }) => ({ type, hex: deltaHex, inspect: inspectDeltaOf })),
    ]
    let cut = 0
    fc.assert(
      fc.property(fc.constantFrom(...inputs), fc.integer({ min: 0, max: 30 }), ({ type, hex, inspect }, maxParts) => {
        const bytes = hexToBytes(hex)
        const all = inspect(type, bytes, Infinity)
        const some = inspect(type, bytes, maxParts)
        expectTiles(some, bytes.length)
        expect(some.error).toBeUndefined()
        const isCut = all.parts.length > maxParts
        if (isCut) cut++
        const at = all.parts[maxParts]?.offset ?? 0
        const rest = { offset: at, length: bytes.length - at, meaning: 'not looked at' }
        const { parts } = some
        expect(isCut ? parts.slice(0, -1) : parts).toEqual(all.parts.slice(0, maxParts))
        expect(isCut ? parts.at(-1) : rest).toMatchObject(rest)
        expect(some.rest).toBe(isCut ? at : undefined)
      }),
      { numRuns: 400 },
    )
    expect(cut).toBeGreaterThan(50)
  })

  test('take no longer for a longer message', () => {
    const types = [
      { list: { form: 'flat', fields: [{ name: 'all', type: { kind: 'array', elem: { kind: 'string' } } }] } },
    ] as const
    const node = { kind: 'struct', ref: 'list' } as const
    const bytes = encodeValue(types, node, { all: Array.from({ length: 50_000 }, (_, i) => `text ${i}`) })
    const decode = vi.spyOn(TextDecoder.prototype, 'decode')
    onTestFinished(() => decode.mockRestore())
    expect(inspectValue(types, node, bytes, 'x', { maxParts: 10 }).parts).toHaveLength(11)
    expect(decode.mock.calls.length).toBeLessThan(20)
  })
})

test('raw bytes are spelled out as far as was asked for', () => {
  const types = [
    { blob: { form: 'fielded', fields: [{ name: 'raw', id: 1, type: { kind: 'bytes', notNull: true } }] } },
  ] as const
  const def = { kind: 'store', name: 'Blob', state: 'blob', types } as const
  const bytes = encodeState(def, { raw: new Uint8Array([1, 2, 3, 4, 255]) })
  const rawOf = (maxValue?: number): unknown =>
    inspectMessage(def, bytes, 'full', maxValue === undefined ? {} : { maxValue }).parts.at(-1)?.value
  expect(rawOf()).toBe('01020304ff')
  expect(rawOf(5)).toBe('01020304ff')
  expect(rawOf(2)).toBe('0102…')
  expect(rawOf(0)).toBe('…')
})

function inspectValueOf(type: string, bytes: Uint8Array, maxParts: number) {
  return inspectValue(model, structNode(type), bytes, type, { maxParts })
}

function inspectDeltaOf(type: string, bytes: Uint8Array, maxParts: number) {
  return inspectDelta(model, type, bytes, type, { maxParts })
}
