import { describe, expect, test } from 'vitest'
import { read } from '../support/read-sources.ts'

describe('basic types', () => {
  test.each([
    ['bool', { kind: 'bool' }],
    ['string', { kind: 'string' }],
    ['int', { kind: 'int64', goType: 'int' }],
    ['int8', { kind: 'int8' }],
    ['int64', { kind: 'int64' }],
    ['uint', { kind: 'uint64', goType: 'uint' }],
    ['uint16', { kind: 'uint16' }],
    ['byte', { kind: 'uint8', goType: 'byte' }],
    ['rune', { kind: 'int32', goType: 'rune' }],
    ['float32', { kind: 'float32' }],
    ['any', { kind: 'any' }],
    ['interface{}', { kind: 'any' }],
    ['*bool', { kind: 'pointer', elem: { kind: 'bool' } }],
    ['(*bool)', { kind: 'pointer', elem: { kind: 'bool' } }],
    ['[][]byte', { kind: 'array', elem: { kind: 'array', elem: { kind: 'uint8', goType: 'byte' } } }],
    ['map[bool]any', { kind: 'map', key: { kind: 'bool' }, value: { kind: 'any' } }],
    ['time.Time', { kind: 'time' }],
    ['clock.Time', { kind: 'time' }],
  ])('%s', async (type, node) => {
    const source = `import "time"\nimport clock "time"\n// @restream.serializers\ntype A struct { X ${type} }`
    const reading = await read(source)
    expect(reading.diagnostics).toEqual([])
    expect(reading.node('A.X')).toEqual(node)
  })
})

describe('what goes beyond the reference is read, with a warning where it stands', () => {
  test.each([
    ['a set', 'map[string]struct{}', { kind: 'set', key: { kind: 'string' } }],
    ['a set of an enum', 'map[Colour]struct{}', { kind: 'set', key: { kind: 'uint8', named: 'shop.Colour' } }],
    ['a duration', 'time.Duration', { kind: 'int64', goType: 'time.Duration' }],
    ['an array', '[4]int8', { kind: 'array', notNull: true, elem: { kind: 'int8' }, goType: '[4]' }],
    [
      'an array of constant length',
      '[2 * Size]int8',
      { kind: 'array', notNull: true, elem: { kind: 'int8' }, goType: '[16]' },
    ],
    ['a named list', 'Lines', { kind: 'array', elem: { kind: 'string' } }],
    ['a named map', 'Index', { kind: 'map', key: { kind: 'string' }, value: { kind: 'int8' } }],
    ['a named generic list', 'List[int8]', { kind: 'array', elem: { kind: 'int8' } }],
    ['a list of bytes with names', '[]Colour', { kind: 'array', elem: { kind: 'uint8', named: 'shop.Colour' } }],
    ['a named bool', 'Flag', { kind: 'bool', named: 'shop.Flag' }],
    ['a named float', 'Ratio', { kind: 'float64', named: 'shop.Ratio' }],
    ['a type declared from time', 'When', { kind: 'time' }],
  ])('%s', async (_, type, node) => {
    const reading = await read(`import "time"
const Size = 8
type Colour uint8
type Lines []string
type Index map[string]int8
type List[T any] []T
type Flag bool
type Ratio float64
type When time.Time
// @restream.serializers
type A struct {
	X «${type}
}`)
    expect(reading.errors).toEqual([])
    expect(reading.warnings.map(({ code, file, line, column }) => ({ code, file, line, column }))).toEqual([
      { code: 'beyond-reference', ...reading.marks[0] },
    ])
    expect(reading.node('A.X')).toEqual(node)
  })
})

describe('names', () => {
  test('feature 175: of other files and packages, aliases, and types declared from declared types', async () => {
    const reading = await read({
      'shop/a.go': `package shop
import tools "example.com/shop/internal/tool-box"
// @restream.serializers
type A struct {
	Own    Label
	Other  toolbox
	Far    tools.Size
	Alias  Alias
	Deep   Second
	Struct Same
}
type Alias = tools.Size`,
      'shop/b.go': `package shop
type Label string
type First int32
type Second First
// @restream.serializers
type toolbox struct { N int8 }
type Same = toolbox`,
      'internal/tool-box/box.go': 'package toolbox\ntype Size uint16\n',
    })
    expect(reading.diagnostics).toEqual([])
    const nodes = reading.struct('A').fields.map(({ node }) => node)
    expect(nodes).toEqual([
      { kind: 'string', named: 'shop.Label' },
      { kind: 'struct', ref: 'shop.toolbox' },
      { kind: 'uint16', named: 'toolbox.Size' },
      { kind: 'uint16', named: 'toolbox.Size' },
      { kind: 'int32', named: 'shop.Second' },
      { kind: 'struct', ref: 'shop.toolbox' },
    ])
    expect(reading.pkg('toolbox').namedTypes).toEqual([{ name: 'Size', kind: 'uint16' }])
  })

  test('of a package imported with a dot, and of one imported without a name', async () => {
    const reading = await read({
      'shop/a.go': `package shop
import . "example.com/shop/units"
import "example.com/shop/v2"
// @restream.serializers
type A struct { U Unit; W wares.Ware }`,
      'units/u.go': 'package units\ntype Unit int8',
      'v2/w.go': 'package wares\ntype Ware int16',
    })
    expect(reading.diagnostics).toEqual([])
    expect(reading.struct('A').fields.map(({ node }) => node)).toEqual([
      { kind: 'int8', named: 'units.Unit' },
      { kind: 'int16', named: 'wares.Ware' },
    ])
  })

  test('that hide predeclared ones', async () => {
    const reading = await read('type string int8\n// @restream.serializers\ntype A struct { X string }')
    expect(reading.node('A.X')).toEqual({ kind: 'int8', named: 'shop.string' })
  })
})

describe('tags', () => {
  test.each([
    ['*int8 `restream:",notnil"`', { kind: 'pointer', notNull: true, elem: { kind: 'int8' } }],
    [
      '[]*int8 `json:"x" restream:",valnotnil"`',
      { kind: 'array', elem: { kind: 'pointer', notNull: true, elem: { kind: 'int8' } } },
    ],
    [
      'map[int8][]bool "restream:\\",valnotnil,notnil\\""',
      {
        kind: 'map',
        notNull: true,
        key: { kind: 'int8' },
        value: { kind: 'array', notNull: true, elem: { kind: 'bool' } },
      },
    ],
    ['[]int8 `restream:""`', { kind: 'array', elem: { kind: 'int8' } }],
    ['[]int8 `not restream`', { kind: 'array', elem: { kind: 'int8' } }],
  ])('%s', async (field, node) => {
    const reading = await read(`// @restream.serializers\ntype A struct { X ${field} }`)
    expect(reading.diagnostics).toEqual([])
    expect(reading.node('A.X')).toEqual(node)
  })
})

describe('generics', () => {
  test('with two type arguments, nested, and through another generic', async () => {
    const reading = await read(`
// @restream.serializers
type Pair[A comparable, B any] struct { One *A; Many []B; Table map[A]B }
// @restream.serializers
type Outer[K comparable, V any] struct { Inner Pair[K, []V] }
// @restream.serializers
type A struct { P Pair[string, Pair[int8, bool]]; O *Outer[string, any] }`)
    expect(reading.diagnostics).toEqual([])
    expect(reading.struct('Outer')).toMatchObject({ flavour: 'flat', typeParams: ['K', 'V'] })
    expect(reading.node('Outer.Inner')).toEqual({
      kind: 'struct',
      ref: 'shop.Pair',
      args: [
        { kind: 'param', name: 'K' },
        { kind: 'array', elem: { kind: 'param', name: 'V' } },
      ],
    })
    expect(reading.node('A.P')).toEqual({
      kind: 'struct',
      ref: 'shop.Pair',
      args: [{ kind: 'string' }, { kind: 'struct', ref: 'shop.Pair', args: [{ kind: 'int8' }, { kind: 'bool' }] }],
    })
  })

  test('with one type parameter, and with a bare one: beyond the reference', async () => {
    const reading = await read(
      '// @restream.serializers\ntype Box[T any] struct { «V T }\n// @restream.serializers\ntype A struct { B «Box[int8] }',
    )
    expect(reading.errors).toEqual([])
    expect(reading.warnings.map(({ code, file, line, column }) => [code, { file, line, column }])).toEqual(
      reading.marks.map((mark) => ['beyond-reference', mark]),
    )
    expect(reading.node('Box.V')).toEqual({ kind: 'param', name: 'T' })
  })
})
