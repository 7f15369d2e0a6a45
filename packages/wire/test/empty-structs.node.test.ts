import { describe, expect, test } from 'vitest'
import { decodeDelta, decodeState, encodeDelta, encodeState, type StoreDef } from '../src/index.ts'
import { inspectMessage } from '../src/inspect/index.ts'

const def: StoreDef = {
  kind: 'store',
  name: 'Flags',
  state: 't.Flags',
  types: [
    {
      't.Flags': {
        form: 'partial',
        fields: [
          {
            name: 'raised',
            id: 1,
            type: { kind: 'map', key: { kind: 'uint8' }, value: { kind: 'struct', ref: 't.Nothing' } },
          },
        ],
      },
      't.Nothing': { form: 'flat', fields: [] },
    },
  ],
}

describe('a map of flat structs without fields, whose values take no bytes', () => {
  test('comes back, in a state and in a delta', () => {
    const raised = new Map([[5, {}]])
    expect(decodeState(def, encodeState(def, { raised }))).toEqual({ raised })
    expect(decodeDelta(def, encodeDelta(def, { raised: { sets: raised } }))).toEqual({ raised: { sets: raised } })
  })

  test('is bounded by its keys', () => {
    const bytes = Uint8Array.of(6, 1, 4, 0, 9, 1, 2)
    expect(() => decodeState(def, bytes)).toThrow(/a length of 9 with/)
    expect(inspectMessage(def, bytes, 'full').error?.offset).toBe(4)
  })
})
