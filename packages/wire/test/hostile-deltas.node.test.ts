import { describe, expect, test } from 'vitest'
import { applyMessage, decodeDeltaOf, OWNS_ALL, type StoreDef, zeroOf } from '../src/index.ts'
import { modelTypes, structNode, vectors } from './support/model.ts'
import { hexToBytes, type Neutral } from './support/neutral.ts'
import { fromNeutralDelta } from './support/neutral-delta.ts'
import { refusalOf } from './support/refusal-of.ts'

interface HostileVector {
  readonly type: string
  readonly hex: string
  readonly required: 'error' | 'ok'
  readonly why: string
  readonly value?: Neutral
}

const { decode } = vectors('hostile.json') as { readonly decode: readonly HostileVector[] }
const types = modelTypes('bigint')
const entries = decode
  .filter((v) => v.type.endsWith('Partial'))
  .map((v, i) => [`${i} ${v.type}: ${v.why}`, v, v.type.slice(0, -'Partial'.length)] as const)

function storeOf(ref: string): StoreDef {
  return { kind: 'store', name: ref, state: ref, types }
}

describe('hostile deltas of the golden vectors', () => {
  test('are there', () => {
    expect(entries.length).toBeGreaterThanOrEqual(26)
  })

  test.each(entries.filter(([, v]) => v.required === 'error'))('%s is refused, decoded and applied', (_, v, ref) => {
    const bytes = hexToBytes(v.hex)
    const state = (): unknown => zeroOf(types, structNode(ref))
    const errors = [
      refusalOf(() => decodeDeltaOf(types, ref, bytes)),
      refusalOf(() => applyMessage(storeOf(ref), state(), bytes, { owned: OWNS_ALL })),
      refusalOf(() => applyMessage(storeOf(ref), state(), bytes, {})),
    ]
    for (const error of errors) {
      expect(['truncated', 'malformed']).toContain(error.code)
      expect(error.offset).toBeGreaterThanOrEqual(0)
      expect(error.offset).toBeLessThanOrEqual(bytes.length)
    }
  })

  test.each(entries.filter(([, v]) => v.required === 'ok'))('%s is read', (_, v, ref) => {
    expect(decodeDeltaOf(types, ref, hexToBytes(v.hex))).toEqual(fromNeutralDelta(types, ref, v.value as Neutral))
  })
})
