import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { emitJson, plainSchema, type SchemaModel, schemaHash, sortModel } from '../../src/index.ts'
import { schemaModel } from '../support/arbitrary-model.ts'
import { goldenSchema, shuffled } from '../support/golden-schema.ts'

describe('the schema file', () => {
  test('is the golden schema, sorted, with its hash', () => {
    const { path, text, hash } = emitJson(goldenSchema())
    const { format, packages } = sortModel(goldenSchema())
    expect(path).toBe('schema.json')
    expect(JSON.parse(text)).toEqual({ format, hash, packages })
    expect(text.endsWith('}\n')).toBe(true)
    expect(hash).toMatch(/^sha256-[0-9a-f]{64}$/)
  })

  test('is called as asked', () => {
    expect(emitJson(goldenSchema(), 'model.json').path).toBe('model.json')
  })

  test('does not depend on the order of the model, or on its comments', () => {
    fc.assert(
      fc.property(schemaModel(), fc.nat(100), (model, turn) => {
        const file = emitJson(model)
        expect(emitJson(shuffled(model, turn))).toEqual(file)
        expect(emitJson(plainSchema(model))).toEqual(file)
      }),
    )
  })

  test('read again, it has the same hash', () => {
    const { text, hash } = emitJson(goldenSchema())
    const { hash: _, ...model } = JSON.parse(text) as SchemaModel & { readonly hash: string }
    expect(schemaHash(model)).toBe(hash)
  })
})

describe('the hash', () => {
  // One change at every place of the golden schema, whatever stands there.
  function changed(value: unknown, at: { left: number }): unknown {
    if (Array.isArray(value)) return value.map((item) => changed(item, at))
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, changed(part, at)]))
    if (at.left-- !== 0) return value
    return typeof value === 'string'
      ? `${value}x`
      : typeof value === 'number'
        ? value + 1
        : value === true
          ? false
          : 'x'
  }

  test('is another after any change', () => {
    const hash = schemaHash(goldenSchema())
    const seen = new Set([hash])
    for (let place = 1; place < 2000; place += 7) {
      const other = schemaHash(changed(goldenSchema(), { left: place }) as SchemaModel)
      expect(other).not.toBe(hash)
      seen.add(other)
    }
    expect(seen.size).toBe(287)
  })
})
