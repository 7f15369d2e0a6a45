import { describe, expect, test } from 'vitest'
import { read } from '../support/read-sources.ts'

const NUMBERED = '// @restream.fields\ntype'

describe('every construct that cannot travel is one error, at its place', () => {
  test.each([
    ['unsupported-type', 'A.X is a channel', '// @restream.serializers\ntype A struct { X «chan int }'],
    ['unsupported-type', 'A.X is a function', '// @restream.serializers\ntype A struct { X «func(int) string }'],
    ['unsupported-type', 'A.X is a channel', '// @restream.serializers\ntype A struct {\n\tX []*«<-chan int\n}'],
    [
      'unsupported-type',
      'A.X is an interface with methods',
      '// @restream.serializers\ntype A struct { X «interface{ F() } }',
    ],
    [
      'unsupported-type',
      'A.X is of type complex64, which cannot travel',
      '// @restream.serializers\ntype A struct { X «complex64 }',
    ],
    [
      'unsupported-type',
      'A.X is of type error, which cannot travel',
      '// @restream.serializers\ntype A struct { X «error }',
    ],
    [
      'anonymous-struct',
      'A.X has a struct without a name',
      '// @restream.serializers\ntype A struct { X «struct{ Y int } }',
    ],
    [
      'anonymous-struct',
      'A.X has a struct without a name',
      '// @restream.serializers\ntype A struct { X []«struct{} }',
    ],
    ['unknown-type', 'A.X: there is no type Nowhere', '// @restream.serializers\ntype A struct { X «Nowhere }'],
    ['unknown-type', 'A.X: nothing imports "units"', '// @restream.serializers\ntype A struct { X «units.Size }'],
    [
      'unknown-type',
      'A.X: shop.L is declared as itself',
      'type L M\ntype M «L\n// @restream.serializers\ntype A struct { X L }',
    ],
    [
      'unknown-type',
      'A.X: shop.L is declared as itself',
      'type L []«L\n// @restream.serializers\ntype A struct { X L }',
    ],
    [
      'foreign-package',
      'A.X: the sources of "net/url" are not here, so url.URL is unknown',
      'import "net/url"\n// @restream.serializers\ntype A struct { X *«url.URL }',
    ],
    [
      'defined-from-struct',
      'A.X: shop.C is declared from the struct shop.B',
      'type B struct { N int8 }\ntype C B\n// @restream.serializers\ntype A struct { X «C; Y B }',
    ],
    ['map-key', 'A.X cannot have *int8 as its key', '// @restream.serializers\ntype A struct { X map[«*int8]bool }'],
    ['map-key', 'A.X cannot have any as its key', '// @restream.serializers\ntype A struct { X map[«any]bool }'],
    [
      'map-key',
      'A.X cannot have time.Time as its key',
      'import "time"\n// @restream.serializers\ntype A struct { X map[«time.Time]bool }',
    ],
    [
      'type-arguments',
      'A.X: shop.B takes 2 type arguments, not 1',
      '// @restream.serializers\ntype B[K comparable, V any] struct { M map[K]V }\n// @restream.serializers\ntype A struct { X «B[int] }',
    ],
    [
      'type-arguments',
      'A.X: shop.B takes 0 type arguments, not 2',
      'type B struct { N int8 }\n// @restream.serializers\ntype A struct { Y B; X «B[int, string] }',
    ],
    [
      'generic-flavour',
      'the generic struct B cannot have field ids: its type arguments are not on the wire',
      '// @restream.partials\ntype «B[K comparable, V any] struct {\n\t// MAXFIELD(1)\n\tM map[K]V `restream:",fID=1"`\n}',
    ],
    [
      'recursive-value',
      'A contains itself by value, so it would be endless',
      '// @restream.serializers\ntype «A struct { X A }',
    ],
    [
      'constant',
      'the length of A.X is no constant',
      'var n = 3\n// @restream.serializers\ntype A struct { X «[n]int8 }',
    ],
    [
      'embedded',
      'A.B is embedded as a pointer, which may be nil',
      'type B struct { N int8 }\n// @restream.serializers\ntype A struct { «*B }',
    ],
    [
      'embedded',
      'A.Name is embedded and is no struct',
      'type Name string\n// @restream.serializers\ntype A struct { «Name }',
    ],
    [
      'embedded',
      'A.Time is embedded and is no struct',
      'import "time"\n// @restream.serializers\ntype A struct { «time.Time }',
    ],
    [
      'embedded',
      'A.Mutex is embedded, and the sources of its package are not here',
      'import "sync"\n// @restream.serializers\ntype A struct { «sync.Mutex }',
    ],
    [
      'tag',
      'the tag of A.X: "x" is no field id',
      `${NUMBERED} A struct {\n\t// MAXFIELD(1)\n\tX int8 «\`restream:",fID=1,fID=x"\`\n}`,
    ],
    [
      'tag',
      'the tag of A.X: "nonil" is no option',
      '// @restream.serializers\ntype A struct { X *int8 «`restream:",nonil"` }',
    ],
    [
      'tag',
      'the tag of A.X: "x" stands in front of the first comma',
      '// @restream.serializers\ntype A struct { X *int8 «`restream:"x"` }',
    ],
    [
      'tag',
      'the tag of A.X: restream has no value in double quotes',
      '// @restream.serializers\ntype A struct { X *int8 «`restream:,notnil` }',
    ],
    ['annotation', 'A is annotated and is no struct', '«// @restream.partials\ntype A string'],
    ['annotation', 'there is no annotation @restream.partial', '«// @restream.partial\ntype A struct { X int8 }'],
  ] as const)('%s: %s', async (code, message, source) => {
    const reading = await read(source)
    expect(reading.errors.map((error) => [error.code, error.message])).toEqual([[code, message]])
    const [{ file, line, column, hint } = { file: '', line: 0, column: 0, hint: '' }] = reading.errors
    expect({ file, line, column }).toEqual(reading.marks[0])
    expect(hint).toMatch(/^[A-Z`].*\.$/)
  })

  test('not annotated: a struct of another file, wherever it is used', async () => {
    const reading = await read({
      'shop/a.go': 'package shop\n// @restream.serializers\ntype A struct {\n\tX []*«B\n}',
      'shop/b.go': 'package shop\ntype B struct { N int8 }',
    })
    expect(reading.errors).toEqual([
      {
        severity: 'error',
        code: 'not-annotated',
        message: 'A.X: shop.B is declared in another file, shop/b.go, without an annotation',
        ...reading.marks[0],
        hint: 'Write // @restream.serializers, @restream.fields or @restream.partials above its declaration.',
      },
    ])
  })

  test('an error of one field does not hide the others', async () => {
    const { errors, struct } = await read('// @restream.serializers\ntype A struct { X chan int; Y int8; Z func() }')
    expect(errors.map(({ message }) => message)).toEqual(['A.X is a channel', 'A.Z is a function'])
    expect(struct('A').fields.map(({ goName }) => goName)).toEqual(['Y'])
  })

  test('a file that is no Go: where the grammar gives up, and the rest is read', async () => {
    const reading = await read({
      'shop/a.go': 'package shop\n// @restream.serializers\ntype A struct { X int8 }\n',
      'shop/b.go': 'package shop\n\nfunc broken( {\n',
    })
    expect(reading.errors.map(({ code, file, line }) => ({ code, file, line }))[0]).toEqual({
      code: 'syntax',
      file: 'shop/b.go',
      line: 3,
    })
    expect(reading.struct('A').fields).toHaveLength(1)
  })

  test('two declarations of one name that would share a generated file', async () => {
    const { errors } = await read({
      'shop/a.go': 'package shop\n// @restream.serializers\ntype A struct { X int8 }',
      'other/shop/a.go': 'package shop\n// @restream.serializers\ntype B struct { X int8 }',
    })
    expect(errors.map(({ code, message }) => [code, message])).toEqual([
      ['duplicate-package', 'package shop is in shop and in other/shop: both would be PackageShop.ts'],
    ])
  })

  test('two structs of one reference, of which the wire would know only the first', async () => {
    const source = '// @restream.serializers\ntype «A struct { X int8 }\n'
    const apart = await read({ 'shop/a.go': `package shop\n${source}`, 'other/shop/a.go': `package shop\n${source}` })
    expect(apart.errors).toMatchObject([
      { code: 'duplicate-package', message: 'shop.A is there already, at shop/a.go:3', file: 'other/shop/a.go' },
    ])
    const beside = await read({ 'shop/a.go': `package shop\n${source}`, 'shop/b.go': `package shop\n${source}` })
    expect(beside.errors).toMatchObject([
      { code: 'duplicate-name', message: 'shop.A is there already, at shop/a.go:3', ...beside.marks[1] },
    ])
  })

  test('generics that use themselves with growing arguments end, with an error', async () => {
    const { errors } = await read(`
// @restream.serializers
type Grow[A comparable, B any] struct { Next *Grow[A, []B] }
// @restream.serializers
type Twice[A comparable, B any] struct { Next *Twice[A, Grow[A, B]] }
// @restream.serializers
type A struct { G Grow[string, int8]; T Twice[string, int8] }`)
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['type-arguments']))
  })

  test('type declarations that branch back to themselves end, with an error', async () => {
    const { errors } = await read(`
// @restream.serializers
type Pair[A comparable, B any] struct { M map[A]B }
type P = Pair[P, P]
// @restream.serializers
type A struct { X P }`)
    expect(errors.map(({ code }) => code)).toContain('unknown-type')
  })
})
