import { describe, expect, test } from 'vitest'
import { decodeValue, encodeValue, type FieldDef, type TypeNode, type Types } from '../src/index.ts'
import { claimMaker, FREQUENT } from '../src/object-maker.ts'

/** More structs than there are makers. */
const STRUCTS = 24

const nameOf = (struct: number, i: number): string => (i % 2 === 0 ? `f${i}` : `s${struct}f${i}`)

/** Structs of 1 to 40 fields, so that some have more than a maker has places. */
const sizes = Array.from({ length: STRUCTS }, (_, i) => 1 + Math.floor((i * 39) / (STRUCTS - 1)))
const fieldsOf = (struct: number): FieldDef[] =>
  Array.from({ length: sizes[struct] as number }, (_, i) => ({
    name: nameOf(struct, i),
    id: i + 1,
    type: { kind: i % 3 === 0 ? 'string' : 'float64' },
  }))

const listOf = (ref: string): TypeNode => ({ kind: 'array', elem: { kind: 'struct', ref }, notNull: true })

describe('objects of structs', () => {
  test.each(['flat', 'fielded'] as const)(
    '%s: however many there are, all are plain and have their fields in order',
    (form) => {
      const types: Types = [
        Object.fromEntries(Array.from({ length: STRUCTS }, (_, s) => [`m.S${s}`, { form, fields: fieldsOf(s) }])),
      ]
      for (let s = 0; s < STRUCTS; s++) {
        const values = Array.from({ length: FREQUENT * 3 }, (_, k) =>
          Object.fromEntries(fieldsOf(s).map((f, i) => [f.name, i % 3 === 0 ? `${k}` : k + i / 8])),
        )
        const decoded = decodeValue(types, listOf(`m.S${s}`), encodeValue(types, listOf(`m.S${s}`), values))
        expect(decoded).toStrictEqual(values)
        for (const [k, object] of (decoded as object[]).entries()) {
          expect(Object.getPrototypeOf(object)).toBe(Object.prototype)
          expect(Object.keys(object)).toEqual(Object.keys(values[k] as object))
          expect(structuredClone(object)).toStrictEqual(values[k])
        }
      }
    },
  )

  test('a field called __proto__ is a field like any other, however often it comes', () => {
    const types: Types = [
      {
        'm.Odd': {
          form: 'fielded',
          fields: [
            { name: '__proto__', id: 1, type: { kind: 'string' } },
            { name: 'toString', id: 2, type: { kind: 'uint8' } },
          ],
        },
      },
    ]
    const entry = [1, 2, 1, 0x61, 2, 1, 5]
    const message = Uint8Array.from([20, ...Array.from({ length: 20 }, () => [entry.length, ...entry]).flat()])
    for (const object of decodeValue(types, listOf('m.Odd'), message) as object[]) {
      expect(Object.getPrototypeOf(object)).toBe(Object.prototype)
      expect(Object.entries(object)).toEqual([
        ['__proto__', 'a'],
        ['toString', 5],
      ])
    }
  })

  test('no maker for __proto__, and an end to them', () => {
    expect(claimMaker(['__proto__'])).toBeUndefined()
    const claimed = new Set(Array.from({ length: 100 }, () => claimMaker(['a'])))
    expect(claimed).toContain(undefined)
    expect(claimed.size).toBeLessThan(20)
  })
})
