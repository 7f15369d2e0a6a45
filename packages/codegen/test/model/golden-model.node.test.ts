import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { partialShape, plainSchema, type SchemaModel, tsFileName, tsName } from '../../src/index.ts'

const golden = JSON.parse(
  readFileSync(new URL('../../../../vectors/restream/schema.json', import.meta.url), 'utf8'),
) as SchemaModel
const structs = golden.packages.flatMap((pkg) => pkg.structs.map((struct) => ({ pkg: pkg.name, struct })))

describe('the golden schema', () => {
  test('has the property names that tsName gives', () => {
    const fields = golden.packages.flatMap((pkg) => [...pkg.structs, ...pkg.packets]).flatMap((s) => s.fields)
    expect(fields.length).toBeGreaterThan(300)
    expect(fields.map((field) => tsName(field.goName))).toEqual(fields.map((field) => field.tsName))
  })

  test('has the file names that tsFileName gives', () => {
    expect(golden.packages.map((pkg) => tsFileName(pkg.name))).toEqual(golden.packages.map((pkg) => pkg.tsFile))
  })

  test('has the partial shapes that partialShape gives, with the rule of one file', () => {
    let compared = 0
    for (const { pkg, struct } of structs.filter(({ struct: { flavour } }) => flavour === 'partial')) {
      const nests = (ref: string): boolean =>
        structs.some(
          (other) =>
            other.pkg === pkg &&
            `${pkg}.${other.struct.name}` === ref &&
            other.struct.file === struct.file &&
            other.struct.flavour === 'partial',
        )
      for (const field of struct.fields) {
        expect(partialShape(field.node, nests), `${struct.name}.${field.goName}`).toEqual(field.partial)
        compared += 1
      }
    }
    expect(compared).toBe(115)
  })

  test('is already plain, and stays as it is when extras are added and taken out', () => {
    expect(plainSchema(golden)).toEqual(golden)
    const extra = { at: { file: 'glass/bed.go', line: 1, column: 1 } }
    const decorated: SchemaModel = {
      ...golden,
      packages: golden.packages.map((pkg) => ({
        ...pkg,
        extra,
        structs: pkg.structs.map((s) => ({ ...s, extra, fields: s.fields.map((field) => ({ ...field, extra })) })),
      })),
    }
    expect(plainSchema(decorated)).toEqual(golden)
  })
})

describe('tsName', () => {
  test.each([
    ['ID', 'id'],
    ['URL', 'url'],
    ['URLPath', 'urlPath'],
    ['DevicePGNs', 'devicePGNs'],
    ['UserID', 'userID'],
    ['Name', 'name'],
    ['A1', 'a1'],
    ['AB1', 'aB1'],
    ['My_F', 'my_F'],
    ['already', 'already'],
    ['Ärger', 'ärger'],
  ])('%s is %s', (goName, expected) => expect(tsName(goName)).toBe(expected))
})

describe('partialShape', () => {
  const seed = { kind: 'struct', ref: 'a.Seed' } as const

  test('a struct of the same file is changed in place, another is replaced', () => {
    expect(partialShape(seed, () => true)).toEqual({ helper: 'value', value: seed, sub: 'a.Seed' })
    expect(partialShape(seed, () => false)).toEqual({ helper: 'scalar', value: seed })
  })

  test('not-null marks go, except the inner one of a pointer to a pointer', () => {
    const inner = { kind: 'pointer', notNull: true, elem: { kind: 'int8' } } as const
    expect(partialShape({ kind: 'array', notNull: true, elem: inner }, () => false)).toEqual({
      helper: 'array',
      value: { kind: 'pointer', elem: { kind: 'int8' } },
    })
    expect(partialShape({ kind: 'pointer', notNull: true, elem: inner }, () => false)).toEqual({
      helper: 'pointer',
      value: { kind: 'pointer', elem: inner },
    })
  })

  test('a set has its key as the element', () => {
    const key = { kind: 'uint32' } as const
    expect(partialShape({ kind: 'set', notNull: true, key }, () => false)).toEqual({ helper: 'set', key, value: key })
  })
})
