import { readFileSync } from 'node:fs'
import { decodeDeltaOf, decodeValue, type TypeNode, type Types } from '@rivulet/wire'
import { describe, expect, test } from 'vitest'
import { modelTypes, values, vectors } from '../../../wire/test/support/model.ts'
import { hexToBytes } from '../../../wire/test/support/neutral.ts'
import { parseSchema, type SchemaModel, wireTypes } from '../../src/index.ts'

const golden = parseSchema(
  readFileSync(new URL('../../../../vectors/restream/schema.json', import.meta.url), 'utf8'),
  'schema.json',
)
const ours: Types = [wireTypes(golden, { wide: 'bigint' })]
const theirs = modelTypes('bigint')

describe('the golden schema as wire types', () => {
  test('reads every golden value as the types written by hand do', () => {
    for (const { type, hex } of values) {
      const node: TypeNode = { kind: 'struct', ref: type }
      expect(decodeValue(ours, node, hexToBytes(hex))).toEqual(decodeValue(theirs, node, hexToBytes(hex)))
    }
  })

  test('reads every golden delta as they do', () => {
    const { deltas } = vectors('deltas.json') as { deltas: readonly { type: string; deltaHex: string }[] }
    for (const { type, deltaHex } of deltas)
      expect(decodeDeltaOf(ours, type, hexToBytes(deltaHex))).toEqual(decodeDeltaOf(theirs, type, hexToBytes(deltaHex)))
  })

  test('by default has 64-bit integers as numbers', () => {
    const kinds = Object.values(wireTypes(golden)).flatMap(({ fields }) => fields.map(({ type }) => type))
    expect(kinds.filter(({ kind }) => kind === 'int64').every((type) => !('as' in type))).toBe(true)
  })

  test('a reference to nothing is refused', () => {
    const [pkg] = golden.packages
    const broken: SchemaModel = { ...golden, packages: [{ ...(pkg as SchemaModel['packages'][number]) }] }
    expect(() => wireTypes(broken)).toThrow(/the model has no struct "units\./)
  })
})

describe('a schema file', () => {
  test.each([
    ['{', /no schema file: /],
    ['null', /its format is not/],
    ['{ "format": "restream-schema/2" }', /its format is not/],
    ['{ "format": "restream-schema/1" }', /it has no packages/],
  ])('%s is refused', (text, message) => {
    expect(() => parseSchema(text, 'x.json')).toThrow(message)
  })
})
