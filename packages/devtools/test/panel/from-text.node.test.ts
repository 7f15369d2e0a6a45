import { encodeValue, equalValues, type TypeNode } from '@rivulet/wire'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sample } from '../../../wire/test/support/arbitrary.ts'
import { gardenOf, GardenStore } from '../../../wire/test/support/garden.ts'
import { fromText, readLeaf } from '../../src/panel/from-text.ts'
import { toText } from '../../src/panel/to-text.ts'

const { types } = GardenStore
const garden: TypeNode = { kind: 'struct', ref: 'garden.Garden' }
const outcome = (run: () => unknown): string => {
  try {
    run()
    return 'read'
  } catch (error) {
    return (error as Error).name
  }
}
const refusal = (run: () => unknown): unknown => {
  try {
    run()
  } catch (error) {
    return error
  }
  throw new Error('it was accepted')
}

describe('what is written is read again', () => {
  it('for any value of any schema, to the same wire bytes', () => {
    fc.assert(
      fc.property(sample(), ({ types: t, node, value }) => {
        const back = fromText(t, node, toText(t, node, value))
        expect(equalValues(t, node, back, value)).toBe(true)
        expect(encodeValue(t, node, back)).toHaveLength(encodeValue(t, node, value).length)
      }),
    )
  })

  it('is JSON, with line breaks', () => {
    const map: TypeNode = { kind: 'map', key: { kind: 'int8' }, value: { kind: 'bool' } }
    expect(toText([], map, new Map([[1, true]]))).toBe('{\n  "1": true\n}')
    expect(toText([], { kind: 'array', elem: { kind: 'bool' } }, [])).toBe('[]')
  })

  it.each([-0, NaN, Infinity, -Infinity, 5e-324])('float64 %d', (value) => {
    expect(fromText([], { kind: 'float64' }, toText([], { kind: 'float64' }, value))).toBe(value)
  })
})

describe('what people type', () => {
  it('leaves fields out', () => {
    expect(fromText(types, garden, '{"name": "mine"}')).toEqual(gardenOf({ name: 'mine' }))
  })

  it('keeps every digit of a 64-bit integer', () => {
    const node: TypeNode = { kind: 'uint64', as: 'bigint' }
    expect(fromText([], node, '18446744073709551615')).toBe(18446744073709551615n)
    expect(fromText([], node, '"18446744073709551615"')).toBe(18446744073709551615n)
    expect(fromText([], node, '5')).toBe(5n)
    expect(fromText([], { kind: 'uint64' }, '5')).toBe(5)
  })

  it('says bytes in hex, with or without spaces', () => {
    expect(fromText([], { kind: 'bytes' }, '"01 fF"')).toEqual(new Uint8Array([1, 255]))
  })

  it('says times in every form that a date has', () => {
    expect(readLeaf({ kind: 'time' }, '1970-01-01')).toEqual(new Date(0))
    expect(readLeaf({ kind: 'time', as: 'millis' }, '1970-01-01T00:00:01Z')).toBe(1000)
    expect(readLeaf({ kind: 'time', as: 'millis' }, 12)).toBe(12)
  })

  it('names dynamic types shortly or in full', () => {
    expect(fromText([], { kind: 'any' }, '{"type": "int8", "value": 3}')).toEqual({ type: { kind: 'int8' }, value: 3 })
    const list: TypeNode = { kind: 'array', elem: { kind: 'bool' } }
    const text = `{"type": ${JSON.stringify(list)}, "value": [true]}`
    expect(fromText([], { kind: 'any' }, text)).toEqual({ type: list, value: [true] })
    expect(fromText([], { kind: 'any' }, 'null')).toBeNull()
  })
})

describe('what does not fit is refused, with its place', () => {
  it.each<[string, TypeNode, string, string, readonly unknown[]]>([
    ['no JSON', { kind: 'bool' }, '{', 'not JSON', []],
    ['a text for a number', garden, '{"main": {"count": "many"}}', 'expected a whole number', ['main', 'count']],
    ['a fraction for an integer', garden, '{"nums": [1, 2.5]}', 'expected a whole number, got 2.5', ['nums', 1]],
    ['a field that is not there', garden, '{"nme": "x"}', 'there is no "nme" here', []],
    ['a number for a text', garden, '{"name": 1}', 'expected a text', ['name']],
    ['a list for a struct', garden, '{"main": []}', 'expected an object', ['main']],
    ['an object for a list', garden, '{"nums": {}}', 'expected a list', ['nums']],
    ['odd hex', garden, '{"raw": "123"}', 'expected bytes in hex', ['raw']],
    ['no hex', garden, '{"raw": "zz"}', 'expected bytes in hex', ['raw']],
    ['a key of another type', garden, '{"small": {"x": true}}', 'expected a whole number', ['small', 'x']],
    ['a bare value in a box', garden, '{"list": [1]}', 'expected an object', ['list', 'value']],
    ['null where there is none', { kind: 'bytes', notNull: true }, 'null', 'other than null', []],
    ['an any without a type', { kind: 'any' }, '{"value": 1}', 'expected the type of an any', []],
    ['no time', { kind: 'time' }, '"soon"', 'expected a time', []],
    ['no truth', { kind: 'bool' }, '1', 'expected true or false', []],
    ['an empty number', { kind: 'float32' }, '""', 'expected a number', []],
  ])('%s', (_what, node, text, message, path) => {
    const error = refusal(() => fromText(types, node, text))
    expect(error).toMatchObject({ code: 'invalid-value', path })
    expect((error as Error).message).toContain(message)
  })

  it('leaves ranges to the encoder, which knows them', () => {
    expect(fromText([], { kind: 'int8' }, '300')).toBe(300)
    expect(refusal(() => encodeValue([], { kind: 'int8' }, 300))).toMatchObject({ code: 'out-of-range' })
  })

  it('never throws anything else, whatever JSON there is', () => {
    fc.assert(
      fc.property(sample(), fc.jsonValue(), ({ types: t, node }, json) => {
        expect(outcome(() => fromText(t, node, JSON.stringify(json)))).toMatch(/^(read|RivuletError)$/)
      }),
    )
  })
})
