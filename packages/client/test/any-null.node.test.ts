import { decodeValue, dynamic, encodeValue, type StoreDef, type TypeNode } from '@rivulet/wire'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodePart } from '../src/decode-part.ts'
import { encodePart } from '../src/encode-part.ts'
import { collectChanges } from '../src/engine/collect-changes.ts'
import { applyChanges } from '../src/page/apply-change.ts'
import { createSnapshot } from '../src/page/create-snapshot.ts'
import { schemaHash } from '../src/page/schema-hash.ts'
import type { PathChange } from '../src/patch.ts'

// A host that leaves an `any` out of a whole state means null; one that sends its null in a delta has to give it a type, and that is another value. What the page gets is what the engine has.

const ANY: TypeNode = { kind: 'any' }
const TYPED_NULL = dynamic(null)
const types = [
  {
    'a.Any': {
      form: 'partial',
      fields: [
        { name: 'any', id: 1, type: ANY },
        { name: 'text', id: 2, type: { kind: 'string' } },
      ],
    },
  },
] as const
const def: StoreDef = { kind: 'store', name: 'Any', state: 'a.Any', types }

describe('an `any` alone', () => {
  test('is null or a null of some type, as it was', () => {
    expect(encodePart(types, ANY, null)).toEqual(new Uint8Array(0))
    expect(decodePart(types, ANY, new Uint8Array(0))).toBeNull()
    expect(decodePart(types, ANY, encodePart(types, ANY, TYPED_NULL))).toEqual(TYPED_NULL)
  })

  test('has its wire bytes otherwise, as other types always have', () => {
    const values = fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.array(fc.integer())).map((v) => dynamic(v))
    fc.assert(
      fc.property(values, (value) => {
        const bytes = encodePart(types, ANY, value)
        expect(bytes).toEqual(encodeValue(types, ANY, value))
        expect(decodePart(types, ANY, bytes)).toEqual(decodeValue(types, ANY, bytes))
      }),
    )
    const list: TypeNode = { kind: 'array', elem: { kind: 'bool' } }
    expect(encodePart(types, list, null)).toEqual(encodeValue(types, list, null))
    expect(() => decodePart(types, list, new Uint8Array(0))).toThrow(expect.objectContaining({ code: 'truncated' }))
  })

  test.each([null, TYPED_NULL, dynamic('here')])('is changed to %j by a patch', (any) => {
    const node: TypeNode = { kind: 'struct', ref: 'a.Any' }
    const changes: PathChange[] = []
    expect(collectChanges(types, node, { any, text: 'a' }, new Map([['any', null]]), changes)).toBe(true)
    for (const before of [null, TYPED_NULL, dynamic(7)])
      expect(applyChanges(types, node, { any: before, text: 'a' }, changes)).toEqual({ any, text: 'a' })
  })

  test.each([null, TYPED_NULL])('is %j in what a server has rendered', (any) => {
    const snapshot = createSnapshot((error) => {
      throw error
    })
    snapshot.put({ store: def.name, hash: schemaHash(def), path: ['any'], bytes: encodePart(types, ANY, any) })
    expect(snapshot.initial(def, ['any'])).toEqual({ value: any })
  })
})
