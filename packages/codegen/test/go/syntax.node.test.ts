import { describe, expect, test } from 'vitest'
import type { SchemaNode } from '../../src/index.ts'
import { read } from '../support/read-sources.ts'

// Go as people write it: what may stand where, and what must not make a difference.

const A = '// @restream.serializers\ntype A struct {\n\tX int8\n}\n'

describe('what surrounds a declaration makes no difference', () => {
  test.each<[string, string]>([
    ['as it is', `package shop\n\n${A}`],
    ['with Windows line ends', `package shop\n\n${A}`.replaceAll('\n', '\r\n')],
    ['with a byte order mark', `\uFEFFpackage shop\n\n${A}`],
    ['without a line end', `package shop\n\n${A}`.trimEnd()],
    [
      'with semicolons',
      'package shop; // @restream.serializers\n\n// @restream.serializers\ntype A struct { X int8; };',
    ],
    [
      'with a comment in every gap',
      'package /* p */ shop\n\n// @restream.serializers\ntype /* a */ A /* b */ struct /* c */ { /* d */ X /* e */ int8 /* f */ } // g\n',
    ],
    ['with a block comment above', 'package shop\n\n/*\n * @restream.serializers\n */\ntype A struct {\n\tX int8\n}\n'],
    ['in a group', 'package shop\n\ntype (\n\tB int\n\n\t// @restream.serializers\n\tA struct {\n\t\tX int8\n\t}\n)\n'],
    [
      'below a directive',
      'package shop\n\n//go:generate restream\n\n// @restream.serializers\n//nolint:all\ntype A struct {\n\tX int8\n}\n',
    ],
    [
      'below a license and a package comment',
      `// Copyright\n// All rights reserved.\n\n// Package shop sells.\npackage shop\n\n${A}`,
    ],
    [
      'among functions with anything in them',
      `package shop\n\nfunc f() { type A struct { Y string }; const X = 1; var _ = struct{ A int }{} }\n\n${A}\nfunc (a A) g() {}\n`,
    ],
    [
      'beside other annotations',
      'package shop\n\n// A is a thing.\n// +k8s:deepcopy-gen=true\n// @restream.serializers\n// swagger:model\ntype A struct {\n\tX int8\n}\n',
    ],
    [
      'with a tag for others',
      'package shop\n\n// @restream.serializers\ntype A struct {\n\tX int8 `json:"x,omitempty" yaml:"x"`\n}\n',
    ],
    [
      'with an interpreted tag',
      'package shop\n\n// @restream.serializers\ntype A struct {\n\tX int8 "json:\\"x\\""\n}\n',
    ],
    ['with a type in parentheses', 'package shop\n\n// @restream.serializers\ntype A struct {\n\tX (int8)\n}\n'],
  ])('%s', async (_, text) => {
    const { pkg, diagnostics } = await read({ 'shop/shop.go': text })
    expect(diagnostics).toEqual([])
    expect(pkg().structs).toEqual([
      { name: 'A', flavour: 'flat', file: 'shop.go', fields: [{ goName: 'X', tsName: 'x', node: { kind: 'int8' } }] },
    ])
  })

  test.each([
    ['above a blank line', '// @restream.serializers\n\ntype A struct { X chan int }'],
    ['behind another declaration', 'var x = 1 // @restream.serializers\ntype A struct { X chan int }'],
    ['in a text', 'var x = `\n// @restream.serializers\n`\ntype A struct { X chan int }'],
    ['inside the struct', 'type A struct {\n\t// @restream.serializers\n\tX chan int\n}'],
    ['inside a function', 'func f() {\n\t// @restream.serializers\n\ttype A struct { X chan int }\n}'],
  ])('an annotation is none %s', async (_, source) => {
    const { model, errors } = await read(source)
    expect(errors).toEqual([])
    expect(model.packages.flatMap(({ structs }) => structs)).toEqual([])
  })
})

describe('places are those that an editor shows', () => {
  test.each([
    ['behind a tab', '// @restream.serializers\ntype A struct {\n\tX «chan int\n}'],
    ['behind letters beyond ASCII', '// @restream.serializers\ntype A struct { Größe int8; Ключ «chan int }'],
    ['behind letters of two units', '// @restream.serializers\ntype A struct { /* 🎲🎲 */ X «chan int }'],
    ['below a text of several lines', 'var s = `a\nb\nc`\n\n// @restream.serializers\ntype A struct { X «chan int }'],
    ['in a group', 'type (\n\t// @restream.serializers\n\tA struct {\n\t\tX []«chan int\n\t}\n)'],
  ])('%s', async (_, source) => {
    const { errors, marks } = await read(source)
    expect(errors).toMatchObject([{ code: 'unsupported-type', ...marks[0] }])
  })

  test('with Windows line ends, and behind a byte order mark', async () => {
    const source = 'package shop\n\n// @restream.serializers\ntype A struct {\n\tX «chan int\n}\n'
    for (const text of [source.replaceAll('\n', '\r\n'), `\uFEFF${source}`]) {
      const { errors } = await read({ 'shop/shop.go': text.replace('«', '') })
      expect(errors).toMatchObject([{ code: 'unsupported-type', file: 'shop/shop.go', line: 5, column: 4 }])
    }
  })
})

describe('comments become documentation', () => {
  const docsOf = async (source: string): Promise<readonly unknown[]> => {
    const { model } = await read({ 'shop/shop.go': source })
    const struct = model.packages[0]?.structs[0]
    return [struct?.extra?.doc, ...(struct?.fields.map(({ extra }) => extra?.doc) ?? [])]
  }

  test.each<[string, string, readonly (string | undefined)[]]>([
    [
      'lines',
      '// A is.\n//\n// It was.\n// @restream.serializers\ntype A struct {\n\t// X is.\n\tX int8\n}',
      ['A is.\n\nIt was.', 'X is.'],
    ],
    [
      'a block',
      '/*\nA is.\n\n@restream.serializers\n*/\ntype A struct {\n\t/* X is. */\n\tX int8\n}',
      ['A is.', 'X is.'],
    ],
    [
      'nothing at the end of a line, which is about that line alone',
      '// @restream.serializers\ntype A struct {\n\tW int8 // W is.\n\tX int8\n}',
      [undefined, undefined, undefined],
    ],
    [
      'no MAXFIELD, no directive',
      '// @restream.fields\n//nolint:all\ntype A struct {\n\t// MAXFIELD(1)\n\t// X is.\n\tX int8 `restream:",fID=1"`\n}',
      [undefined, 'X is.'],
    ],
    [
      'only of the block directly above',
      '// Far.\n\n// A is.\n// @restream.serializers\ntype A struct {\n\t// Far.\n\n\tX int8\n}',
      ['A is.', undefined],
    ],
  ])('%s', async (_, source, docs) => {
    expect(await docsOf(`package shop\n\n${source}\n`)).toEqual(docs)
    // Nothing of a line end is left in them.
    expect(await docsOf(`package shop\n\n${source}\n`.replaceAll('\n', '\r\n'))).toEqual(docs)
  })
})

describe('imports', () => {
  const parts = 'package parts\n\ntype Size uint16\n\nconst Limit = 9\n'
  const sized = { kind: 'uint16', named: 'parts.Size' } satisfies SchemaNode

  test.each([
    ['plain', 'import "example.com/shop/parts"', 'parts.Size'],
    ['in a group, with others', 'import (\n\t"fmt"\n\n\t"example.com/shop/parts"\n)', 'parts.Size'],
    ['in a raw text', 'import `example.com/shop/parts`', 'parts.Size'],
    ['under another name', 'import p "example.com/shop/parts"', 'p.Size'],
    ['with a dot', 'import . "example.com/shop/parts"', 'Size'],
    ['twice, under two names', 'import p "example.com/shop/parts"\nimport q "example.com/shop/parts"', 'q.Size'],
    ['beside one for its effects', 'import _ "embed"\nimport "example.com/shop/parts"', 'parts.Size'],
    ['behind a comment', 'import /* the parts */ p "example.com/shop/parts" // of it', 'p.Size'],
  ])('%s', async (_, line, type) => {
    const { diagnostics, node } = await read({
      'shop/shop.go': `package shop\n\n${line}\n\n// @restream.serializers\ntype A struct { X ${type} }\n`,
      'parts/parts.go': parts,
    })
    expect(diagnostics).toEqual([])
    expect(node('A.X')).toEqual(sized)
  })

  test('of a folder whose package has another name are used by that name', async () => {
    const { diagnostics, node } = await read({
      'shop/shop.go':
        'package shop\n\nimport "example.com/shop/go-parts"\n\n// @restream.serializers\ntype A struct { X parts.Size }\n',
      'go-parts/parts.go': parts,
    })
    expect(diagnostics).toEqual([])
    expect(node('A.X')).toEqual(sized)
  })

  test('are of one file: another file that does not import cannot use them', async () => {
    const { errors, marks } = await read({
      'shop/a.go': 'package shop\n\nimport "example.com/shop/parts"\n\nvar _ parts.Size\n',
      'shop/b.go': 'package shop\n\n// @restream.serializers\ntype A struct { X «parts.Size }\n',
      'parts/parts.go': parts,
    })
    expect(errors).toMatchObject([{ code: 'unknown-type', message: 'A.X: nothing imports "parts"', ...marks[0] }])
  })

  test('give constants, by name and with a dot', async () => {
    const { errors, pkg } = await read({
      'shop/shop.go':
        'package shop\n\nimport . "example.com/shop/parts"\nimport p "example.com/shop/parts"\n\nconst Twice = 2 * Limit\nconst Thrice = 3 * p.Limit\n',
      'parts/parts.go': parts,
    })
    expect(errors).toEqual([])
    expect(pkg().consts.map(({ name, value }) => [name, value])).toEqual([
      ['Thrice', 27],
      ['Twice', 18],
    ])
  })
})

describe('constants in groups', () => {
  const valuesOf = async (source: string): Promise<Readonly<Record<string, unknown>>> => {
    const { errors, pkg } = await read(source)
    expect(errors).toEqual([])
    return Object.fromEntries(pkg().consts.map(({ name, value }) => [name, value]))
  }

  test.each<[string, string, Readonly<Record<string, unknown>>]>([
    ['iota counts from zero, repeated without saying it', 'const (\n\tA = iota\n\tB\n\tC\n)', { A: 0, B: 1, C: 2 }],
    [
      'iota counts lines, blank ones and comments not',
      'const (\n\tA = iota\n\n\t// about B\n\tB // b\n\t_\n\tC\n)',
      { A: 0, B: 1, C: 3 },
    ],
    ['iota is the place, not the number of uses', 'const (\n\tA = "a"\n\tB = iota\n\tC\n)', { A: 'a', B: 1, C: 2 }],
    [
      'an expression is repeated',
      'const (\n\tA = 1 << (10 * (iota + 1))\n\tB\n\tC\n)',
      { A: 1024, B: 1_048_576, C: 1_073_741_824 },
    ],
    ['two in a line', 'const (\n\tA, B = iota, iota * 10\n\tC, D\n)', { A: 0, B: 0, C: 1, D: 10 }],
    [
      'a new group begins at zero',
      'const (\n\tA = iota\n\tB\n)\nconst (\n\tC = iota\n\tD\n)',
      { A: 0, B: 1, C: 0, D: 1 },
    ],
    ['one that is not repeated ends it', 'const (\n\tA = iota\n\tB\n\tC = 7\n\tD\n)', { A: 0, B: 1, C: 7, D: 7 }],
    ['iota of a single declaration', 'const A = iota + 5', { A: 5 }],
  ])('%s', async (_, source, expected) => {
    expect(await valuesOf(source)).toEqual(expected)
  })

  test.each<[string, unknown]>([
    ['0b1010', 10],
    ['0o17', 15],
    ['017', 15],
    ['0xFF_FF', 65_535],
    ['1_000_000', 1_000_000],
    ["'a'", 'a'],
    ["'\\n'", '\n'],
    ["'\\x41'", 'A'],
    ["'\\u00e9'", 'é'],
    ["'\\U0001F3B2'", '🎲'],
    ["'a' + 1", 98],
    ['1e3', 1000],
    ['0x1p-2', 0.25],
    ['.5', 0.5],
    ['7 / 2', 3],
    ['7 / 2.0', 3.5],
    ['-7 / 2', -3],
    ['-7 % 3', -1],
    ['7 &^ 5', 2],
    ['^0', -1],
    ['6 ^ 3', 5],
    ['1<<3 | 1', 9],
    ['"a" + `b\\n`', 'ab\\n'],
    ['`raw\n"text"`', 'raw\n"text"'],
    ['"\\u00e9\\t\\""', 'é\t"'],
    ['len("é")', 2],
    ['!true || 1 < 2', true],
    ['"b" > "a"', true],
    ['int8(5)', 5],
    ['float64(3) / 2', 1.5],
    ['string(65)', 'A'],
    ['time.Second', 1_000_000_000],
    ['math.MaxInt16', 32_767],
  ])('const A = %s', async (text, value) => {
    expect(await valuesOf(`import ("math"; "time")\nvar _ time.Time\nvar _ = math.Pi\nconst A = ${text}`)).toEqual({
      A: value,
    })
  })

  test('of a type with members are its enum, wherever the groups are', async () => {
    const { errors, pkg } = await read({
      'shop/a.go': 'package shop\n\ntype Phase uint8\n\nconst (\n\tPhaseOpen Phase = iota + 1\n\tPhaseOver\n)\n',
      'shop/b.go': 'package shop\n\nconst PhaseLate Phase = 9\n\n// @restream.serializers\ntype A struct { X Phase }\n',
    })
    expect(errors).toEqual([])
    expect(pkg().enums).toEqual([
      {
        name: 'Phase',
        kind: 'uint8',
        members: [
          { name: 'Open', goName: 'PhaseOpen', value: 1 },
          { name: 'Over', goName: 'PhaseOver', value: 2 },
          { name: 'Late', goName: 'PhaseLate', value: 9 },
        ],
      },
    ])
  })
})

describe('type parameters', () => {
  const nodes = async (declaration: string, field: string): Promise<unknown> => {
    const { errors, struct, node } = await read(
      `// @restream.serializers\n${declaration}\n\n// @restream.serializers\ntype A struct { X ${field} }`,
    )
    expect(errors).toEqual([])
    return [struct('G').typeParams, node('A.X')]
  }

  test.each([
    [
      'two names of one constraint',
      'type G[K, V comparable] struct { M map[K]V }',
      'G[string, int8]',
      ['K', 'V'],
      [{ kind: 'string' }, { kind: 'int8' }],
    ],
    [
      'constraints that are unions',
      'type G[K ~int | ~string, V any] struct { M map[K]V }',
      'G[string, bool]',
      ['K', 'V'],
      [{ kind: 'string' }, { kind: 'bool' }],
    ],
    [
      'on lines of their own',
      'type G[\n\tK comparable,\n\tV any,\n] struct {\n\tM map[K]V\n}',
      'G[string,\n\tbool,\n]',
      ['K', 'V'],
      [{ kind: 'string' }, { kind: 'bool' }],
    ],
    [
      'given types that are made of others',
      'type G[K comparable, V any] struct { M map[K]V }',
      'G[string, []*int8]',
      ['K', 'V'],
      [{ kind: 'string' }, { kind: 'array', elem: { kind: 'pointer', elem: { kind: 'int8' } } }],
    ],
  ])('%s', async (_, declaration, field, params, args) => {
    expect(await nodes(declaration, field)).toEqual([params, { kind: 'struct', ref: 'shop.G', args }])
  })
})

describe('aliases', () => {
  test('are what they stand for, through other packages and generics', async () => {
    const { errors, node } = await read({
      'shop/shop.go': `package shop

import "example.com/shop/parts"

type Text = string
type Texts = []Text
type Mine = parts.Alias

// @restream.serializers
type A struct {
	X Text
	Y Texts
	Z Mine
	W parts.Alias
}
`,
      'parts/parts.go': 'package parts\n\ntype Size uint16\ntype Alias = Size\n',
    })
    expect(errors).toEqual([])
    expect(node('A.X')).toEqual({ kind: 'string' })
    expect(node('A.Y')).toEqual({ kind: 'array', elem: { kind: 'string' } })
    const size = { kind: 'uint16', named: 'parts.Size' }
    expect([node('A.Z'), node('A.W')]).toEqual([size, size])
  })
})

describe('feature 129: a file that does not count', () => {
  const B = 'package shop\n\n// @restream.serializers\ntype B struct { X chan int }\n'

  test.each([
    ['with a build tag', 'shop/b.go', `//go:build linux\n\n${B}`],
    ['with an old build tag', 'shop/b.go', `// +build linux\n\n${B}`],
    ['for a platform', 'shop/b_windows.go', B],
    ['that a generator wrote', 'shop/b.go', `// Code generated by x. DO NOT EDIT.\n\n${B}`],
    ['beside its source, generated', 'shop/shop_rs.go', B],
    ['with an underscore in front', 'shop/_b.go', B],
    ['in a folder that is no input', 'shop/testdata/b.go', B],
  ])('%s', async (_, path, text) => {
    const { pkg, errors } = await read(
      { 'shop/shop.go': `package shop\n\n${A}`, [path]: text },
      { inputDirs: ['shop'] },
    )
    expect(errors).toEqual([])
    expect(pkg().structs.map(({ name }) => name)).toEqual(['A'])
  })
})
