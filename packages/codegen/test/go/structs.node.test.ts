import { describe, expect, test } from 'vitest'
import { read } from '../support/read-sources.ts'

const brief = (fields: readonly { goName: string; id?: number }[]): unknown[] =>
  fields.map(({ goName, id }) => [goName, id])

describe('annotations', () => {
  test.each([
    ['// @restream.serializers', 'flat'],
    ['// Docs.\n// @restream.fields', 'fielded'],
    ['// @restream.serializers @restream.partials\n// @restream.fields', 'partial'],
    ['/* @restream.partials */', 'partial'],
    ['/*\n * Docs.\n * @restream.fields\n */', 'fielded'],
    ['//@restream.fields', 'fielded'],
  ])('%j is %s', async (comment, flavour) => {
    const reading = await read(`${comment}\ntype A struct {\n\t// MAXFIELD(1)\n\tX int8 \`restream:",fID=1"\`\n}`)
    expect(reading.errors).toEqual([])
    expect(reading.struct('A').flavour).toBe(flavour)
  })

  test('above a blank line, or at the end of a line above, are about something else', async () => {
    const reading = await read(
      '// @restream.fields\n\ntype A struct { X int8 }\nvar x int // @restream.fields\ntype B struct { X int8 }',
    )
    expect(reading.model.packages).toEqual([])
  })

  test('in a group everybody has their own; the one above the group is its first member’s', async () => {
    const reading = await read(`
// @restream.serializers
type (
	A struct { X int8 }
	// @restream.serializers
	B struct { X int8 }
	C struct { X int8 }
)`)
    expect(reading.pkg().structs.map(({ name }) => name)).toEqual(['A', 'B'])
  })

  test('documentation is kept, without annotations', async () => {
    const { model } = await read(`
// A is a thing.
// @restream.serializers
//
// It has parts.
type A struct {
	// X counts.
	X int8
}`)
    const struct = model.packages[0]?.structs[0]
    expect(struct?.extra?.doc).toBe('A is a thing.\n\nIt has parts.')
    expect(struct?.fields[0]?.extra).toEqual({
      at: { file: 'shop/shop.go', line: 10, column: 2 },
      typeText: 'int8',
      doc: 'X counts.',
    })
  })
})

describe('structs without an annotation', () => {
  test('travel flat when a struct of their file uses them, by way of others too', async () => {
    const reading = await read(`
// @restream.partials
type A struct {
	// MAXFIELD(1)
	X map[string]*B \`restream:",fID=1"\`
}
type B struct { C []C }
type C struct { N int8 }
type Unused struct { N int8 }`)
    expect(reading.errors).toEqual([])
    expect(reading.pkg().structs.map(({ name, flavour }) => [name, flavour])).toEqual([
      ['A', 'partial'],
      ['B', 'flat'],
      ['C', 'flat'],
    ])
    expect(reading.struct('A').fields[0]?.partial).toEqual({
      helper: 'map',
      key: { kind: 'string' },
      value: { kind: 'pointer', elem: { kind: 'struct', ref: 'shop.B' } },
    })
  })

  test('may be used from elsewhere once they travel', async () => {
    const reading = await read({
      'shop/a.go': 'package shop\n// @restream.serializers\ntype A struct { X B }\ntype B struct { N int8 }',
      'shop/b.go': 'package shop\n// @restream.serializers\ntype D struct { X B }',
    })
    expect(reading.errors).toEqual([])
  })
})

describe('the rule of one file', () => {
  const parent = `// @restream.partials
type Parent struct {
	// MAXFIELD(4)
	One   Child            \`restream:",fID=1"\`
	Maybe *Child           \`restream:",fID=2"\`
	Many  []Child          \`restream:",fID=3"\`
	Named map[string]*Child \`restream:",fID=4"\`
}
`
  const child = '// @restream.partials\ntype Child struct {\n\t// MAXFIELD(1)\n\tN int8 `restream:",fID=1"`\n}\n'

  test('in one file deltas reach into the child, and nothing is said', async () => {
    const reading = await read({ 'shop/a.go': `package shop\n${parent}${child}` })
    expect(reading.diagnostics).toEqual([])
    expect(reading.struct('Parent').fields.map(({ partial }) => [partial?.helper, partial?.sub])).toEqual([
      ['value', 'shop.Child'],
      ['value', 'shop.Child'],
      ['modArray', 'shop.Child'],
      ['modMap', 'shop.Child'],
    ])
  })

  test('in two files they do not, and every field is warned of', async () => {
    const reading = await read({ 'shop/a.go': `package shop\n${parent}`, 'shop/b.go': `package shop\n${child}` })
    expect(reading.errors).toEqual([])
    expect(reading.struct('Parent').fields.map(({ partial }) => partial?.helper)).toEqual([
      'scalar',
      'pointer',
      'array',
      'map',
    ])
    expect(reading.warnings.map(({ code, line }) => [code, line])).toEqual([
      ['file-boundary', 5],
      ['file-boundary', 6],
      ['file-boundary', 7],
      ['file-boundary', 8],
    ])
    expect(reading.warnings[0]?.message).toBe(
      'Parent.One is replaced whole by every delta, because shop.Child is declared in shop/b.go and not in this file',
    )
  })

  test('files of one name in two packages are two files', async () => {
    const reading = await read({
      'shop/a.go': `package shop\nimport "example.com/shop/parts"\n${parent.replaceAll('Child', 'parts.Child')}`,
      'parts/a.go': `package parts\n${child}`,
    })
    expect(reading.struct('Parent').fields.map(({ partial }) => partial?.sub)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })
})

describe('several names in one field declaration', () => {
  test('are all there, in order, with a warning that the reference drops all but the first', async () => {
    const reading = await read('// @restream.serializers\ntype A struct {\n\t«X, «Y int8\n\tZ bool\n}')
    expect(reading.struct('A').fields.map(({ goName }) => goName)).toEqual(['X', 'Y', 'Z'])
    expect(reading.errors).toEqual([])
    expect(reading.warnings.map(({ code, file, line, column }) => ({ code, file, line, column }))).toEqual(
      reading.marks.map((mark) => ({ code: 'beyond-reference', ...mark })),
    )
  })

  test('cannot share an id', async () => {
    const reading = await read(
      '// @restream.fields\ntype A struct {\n\t// MAXFIELD(1)\n\tX, Y int8 «`restream:",fID=1"`\n}',
    )
    expect(reading.errors.map(({ code, file, line, column }) => ({ code, file, line, column }))).toEqual([
      { code: 'duplicate-id', ...reading.marks[0] },
    ])
    expect(reading.errors[0]?.hint).toBe('Declare every field on a line of its own, with its own tag.')
  })
})

describe('embedded structs', () => {
  test('are replaced by their fields, in place, through other embedded structs and packages', async () => {
    const reading = await read({
      'shop/a.go': `package shop
import "example.com/shop/base"
// @restream.serializers
type A struct {
	First int8
	base.Base
	Pair[string, bool]
	Last int8
}
type Pair[K comparable, V any] struct { Table map[K]V }`,
      'base/b.go':
        'package base\ntype Base struct { Deeper; Size Size }\ntype Deeper struct { Depth int16 }\ntype Size uint32',
    })
    expect(reading.errors).toEqual([])
    expect(reading.warnings.map(({ code }) => code)).toEqual(['beyond-reference', 'beyond-reference'])
    expect(reading.struct('A').fields).toEqual([
      { goName: 'First', tsName: 'first', node: { kind: 'int8' } },
      { goName: 'Depth', tsName: 'depth', node: { kind: 'int16' } },
      { goName: 'Size', tsName: 'size', node: { kind: 'uint32', named: 'base.Size' } },
      { goName: 'Table', tsName: 'table', node: { kind: 'map', key: { kind: 'string' }, value: { kind: 'bool' } } },
      { goName: 'Last', tsName: 'last', node: { kind: 'int8' } },
    ])
    const depth = reading.model.packages.find(({ name }) => name === 'shop')?.structs[0]?.fields[1]
    expect(depth?.extra?.embedded).toEqual(['base.Base', 'base.Deeper'])
  })

  test('keep the ids of their own tags, above which the parent goes on', async () => {
    const source = `// @restream.fields
type Base struct {
	// MAXFIELD(4)
	N int8 \`restream:",fID=2"\`
	M int8 \`restream:",fID=4"\`
}
// @restream.partials
type A struct {
	Base
	Own int8
}`
    const reading = await read(source, { assignIds: true })
    expect(reading.errors).toEqual([])
    expect(brief(reading.struct('A').fields)).toEqual([
      ['N', 2],
      ['M', 4],
      ['Own', 5],
    ])
    expect(reading.struct('A').maxFieldID).toBe(5)
    expect(reading.struct('A').fields.map(({ partial }) => partial?.helper)).toEqual(['scalar', 'scalar', 'scalar'])
  })

  test('get their ids in their own declaration', async () => {
    const reading = await read(
      '// @restream.partials\ntype A struct { Base; Own int8 }\n// @restream.fields\ntype Base struct { N int8 }',
      { assignIds: true },
    )
    expect(reading.errors).toEqual([])
    expect(brief(reading.struct('Base').fields)).toEqual([['N', 1]])
    expect(brief(reading.struct('A').fields)).toEqual([
      ['N', 1],
      ['Own', 2],
    ])
    const again = await read({ 'shop/shop.go': reading.edits.get('shop/shop.go') as string })
    expect(again.errors).toEqual([])
    expect(again.struct('A')).toEqual(reading.struct('A'))
  })

  test('must not bring an id that is taken, nor a name', async () => {
    const reading = await read(`// @restream.fields
type Base struct {
	// MAXFIELD(2)
	N int8 «\`restream:",fID=1"\`
	«Own int8 \`restream:",fID=2"\`
}
// @restream.fields
type A struct {
	// MAXFIELD(1)
	Own int8 \`restream:",fID=1"\`
	Base
}`)
    expect(reading.errors.map(({ code, message }) => [code, message])).toEqual([
      ['duplicate-id', 'A.N has the field id 1 of Own'],
      ['field-clash', 'A.Own is there twice, at shop/shop.go:12 too'],
    ])
    expect(reading.errors.map(({ file, line, column }) => ({ file, line, column }))).toEqual(reading.marks)
  })

  test('without ids cannot be embedded where ids are needed', async () => {
    const reading = await read('type Base struct { N int8 }\n// @restream.fields\ntype A struct { Base }', {
      assignIds: true,
    })
    expect(reading.errors.map(({ code, hint }) => [code, hint])).toEqual([
      ['missing-id', 'Annotate Base with @restream.fields, so that its fields have ids.'],
    ])
  })

  test('with an id are fields like any other', async () => {
    const reading = await read(
      'type Base struct { N int8 }\n// @restream.fields\ntype A struct {\n\t// MAXFIELD(1)\n\t*Base `restream:",fID=1"`\n}',
    )
    expect(reading.diagnostics).toEqual([])
    expect(reading.struct('A').fields).toEqual([
      { goName: 'Base', tsName: 'base', id: 1, node: { kind: 'pointer', elem: { kind: 'struct', ref: 'shop.Base' } } },
    ])
  })

  test('that embed themselves end, with an error', async () => {
    const { errors } = await read(
      'type B struct { C }\ntype C struct { B }\n// @restream.serializers\ntype A struct { B }',
    )
    expect(errors.map(({ code }) => code)).toEqual(['embedded'])
  })
})

describe('recursion', () => {
  test('behind pointers, lists and maps is fine, with a warning', async () => {
    const reading = await read(`
// @restream.partials
type Tree struct {
	// MAXFIELD(2)
	Left *Tree \`restream:",fID=1"\`
	Kids map[string][]Leaf \`restream:",fID=2"\`
}
type Leaf struct { Up []Tree }`)
    expect(reading.errors).toEqual([])
    expect(reading.warnings.map(({ code, message }) => [code, message.split(' ')[0]])).toEqual([
      ['beyond-reference', 'Tree'],
      ['beyond-reference', 'Leaf'],
    ])
    expect(reading.struct('Tree').fields[0]?.partial).toMatchObject({ helper: 'value', sub: 'shop.Tree' })
  })

  test('by value through an array of fixed length is an error', async () => {
    const { errors } = await read('// @restream.serializers\ntype A struct { X [2]B }\ntype B struct { Y A }')
    expect(errors.map(({ code }) => code)).toEqual(['recursive-value', 'recursive-value'])
  })
})

test('blank fields are no data, unexported ones are, and an empty struct is fine', async () => {
  const reading = await read(
    '// @restream.serializers\ntype A struct { _ struct{}; x int8 }\n// @restream.partials\ntype B struct {}',
  )
  expect(reading.diagnostics).toEqual([])
  expect(reading.struct('A').fields.map(({ goName }) => goName)).toEqual(['x'])
  expect(reading.struct('B')).toEqual({ name: 'B', flavour: 'partial', file: 'shop.go', maxFieldID: 0, fields: [] })
})
