import { describe, expect, test } from 'vitest'
import type { SchemaNode } from '../../src/index.ts'
import { type ReadTs, readTs } from '../support/read-ts.ts'

// TypeScript as people write it: what may stand where, and what must not make a difference.

const STATE = '/** @restream.fields */\nexport interface S {\n  readonly f: string\n}\n'

const text: SchemaNode = { kind: 'string' }
const leaf: SchemaNode = { kind: 'struct', ref: 'schema.Leaf' }

const contentOf = ({ diagnostics, pkg }: ReadTs): unknown => {
  expect(diagnostics).toEqual([])
  return pkg.structs.map(({ name, flavour, fields }) => [
    name,
    flavour,
    fields.map(({ tsName, node }) => [tsName, node]),
  ])
}

describe('what surrounds a declaration makes no difference', () => {
  test.each<[string, string]>([
    ['as it is', STATE],
    ['with Windows line ends', STATE.replaceAll('\n', '\r\n')],
    ['with a byte order mark', `\uFEFF${STATE}`],
    ['without a line end', STATE.trimEnd()],
    ['on one line', '/** @restream.fields */ interface S { f: string }'],
    ['with commas', '/** @restream.fields */ interface S { f: string, }'],
    ['not exported', STATE.replace('export ', '')],
    ['exported by default', STATE.replace('export ', 'export default ')],
    ['exported below, under another name', `${STATE.replace('export ', '')}export type { S as Other }\n`],
    ['declared', STATE.replace('export ', 'export declare ')],
    ['an object type', '/** @restream.fields */ export type S = { readonly f: string }'],
    ['an object type in parentheses', '/** @restream.fields */ type S = ({ f: string })'],
    ['writable', STATE.replace('readonly ', '')],
    ['with a quoted name', STATE.replace(' f:', " 'f':")],
    [
      'with line comments between',
      STATE.replace('\n  readonly', '\n  // why\n  readonly').replace('string\n', 'string // so\n'),
    ],
    ['with comments inside the type', STATE.replace('f: string', 'f /* of */: /* a */ string /* text */')],
    [
      'below a banner and imports of values',
      `/* license */\nimport { join } from 'node:path'\nimport './effects.css'\n\nconsole.log(join('a'))\n\n${STATE}`,
    ],
    [
      'among classes, functions and namespaces',
      `class C { f = 1 }\nfunction S2() {}\nnamespace N { export interface S { g: number } }\ndeclare module 'x' { interface S { h: number } }\ndeclare global { interface S { i: number } }\n${STATE}`,
    ],
    ['beside a value of its name', `${STATE}export const S = { f: 'x' }\n`],
    ['with a shebang', `#!/usr/bin/env node\n${STATE}`],
  ])('%s', (_, source) => {
    expect(contentOf(readTs({ 'schema/main.ts': source }))).toEqual([['S', 'fielded', [['f', text]]]])
  })

  test.each([
    ['in a line comment', '// @restream.fields\ninterface S { f: any }'],
    ['in a plain block comment', '/* @restream.fields */\ninterface S { f: any }'],
    ['above another statement', '/** @restream.fields */\nconsole.log(1)\ninterface S { f: any }'],
    ['in a text', "const x = '/** @restream.fields */'\ninterface S { f: any }"],
    ['in code', '/** Write `@restream.fields` above it. */\ninterface S { f: any }'],
    ['in an address', '/** me@restream.fields */\ninterface S { f: any }'],
    ['inside the interface', 'interface S {\n  /** @restream.fields */\n  f: any\n}'],
    ['in a function', 'function f() {\n  /** @restream.fields */\n  interface S { f: any }\n}'],
    ['in a namespace', 'namespace N {\n  /** @restream.fields */\n  export interface S { f: any }\n}'],
  ])('an annotation is none %s', (_, source) => {
    const { errors, pkg } = readTs(source)
    expect(errors).toEqual([])
    expect(pkg.structs).toEqual([])
  })
})

describe('places are those that an editor shows', () => {
  test.each([
    ['behind a tab', '/** @restream.fields */\ninterface S {\n\tf: «any\n}'],
    ['behind letters beyond ASCII', '/** @restream.fields */ interface S { größe: string; ключ: «any }'],
    ['behind letters of two units', '/** @restream.fields */ interface S { /* 🎲🎲 */ f: «any }'],
    ['below a template of several lines', 'const s = `a\nb\nc`\n/** @restream.fields */ interface S { f: «any }'],
    ['deep in a type', '/** @restream.fields */ interface S { f: ReadonlyMap<string, readonly «any[]> }'],
  ])('%s', (_, source) => {
    const { errors, marks } = readTs(source)
    expect(errors).toMatchObject([{ code: 'unsupported-type', ...marks[0] }])
  })

  test('with Windows line ends, and behind a byte order mark', () => {
    const source = '/** @restream.fields */\ninterface S {\n  f: any\n}\n'
    for (const given of [source.replaceAll('\n', '\r\n'), `\uFEFF${source}`])
      expect(readTs({ 'schema/main.ts': given }).errors).toMatchObject([
        { code: 'unsupported-type', file: 'schema/main.ts', line: 3, column: 6 },
      ])
  })
})

describe('doc comments', () => {
  test.each<[string, string, string | undefined]>([
    ['one line', '/** A board. @restream.fields */', 'A board.'],
    ['several lines', '/**\n * A board.\n *\n * With cells.\n * @restream.fields\n */', 'A board.\n\nWith cells.'],
    ['lines without stars', '/**\n  A board.\n  @restream.fields\n*/', 'A board.'],
    ['tags first', '/**\n * @restream.fields\n *\n * A board.\n */', 'A board.'],
    [
      'tags of others',
      '/**\n * A board.\n * @deprecated Use another.\n * @restream.fields\n */',
      'A board.\n@deprecated Use another.',
    ],
    ['nothing but tags', '/** @restream.fields @was T */', undefined],
    ['only the one directly above counts', '/** Far. */\n/** Near. @restream.fields */', 'Near.'],
  ])('%s', (_, comment, doc) => {
    const docOf = (source: string): unknown => {
      const { errors, model } = readTs(source)
      expect(errors.filter(({ code }) => code !== 'renamed')).toEqual([])
      return model.packages[0]?.structs[0]?.extra?.doc
    }
    const source = `${comment}\ninterface S { f: string }\n`
    expect(docOf(source)).toBe(doc)
    expect(docOf(source.replaceAll('\n', '\r\n'))).toBe(doc)
  })
})

describe('kinds of numbers', () => {
  const uses = (head: string, type: string): SchemaNode => {
    const reading = readTs({ 'schema/main.ts': `${head}\n/** @restream.fields */ interface S { f: ${type} }\n` })
    expect(reading.diagnostics).toEqual([])
    return reading.node('S.f')
  }

  test.each<[string, string, string]>([
    ['imported', "import type { int32 } from '@rivulet/wire'", 'int32'],
    ['imported with values', "import { type int32, encodeState } from '@rivulet/wire'", 'int32'],
    ['imported as a value would be', "import { int32 } from '@rivulet/wire'", 'int32'],
    ['imported under an alias', "import type { int32 as Count } from '@rivulet/wire'", 'Count'],
    ['imported as a namespace', "import type * as wire from '@rivulet/wire'", 'wire.int32'],
    ['in parentheses', "import type { int32 } from '@rivulet/wire'", '((int32))'],
  ])('%s', (_, head, type) => expect(uses(head, type)).toEqual({ kind: 'int32' }))

  test('passed on by a file of the project', () => {
    const { diagnostics, node } = readTs({
      'schema/main.ts':
        "import type { Count, int8 } from '../kinds.ts'\n/** @restream.fields */ interface S { f: Count; g: int8 }\n",
      'kinds.ts': "export type { int32 as Count, int8 } from '@rivulet/wire'\n",
    })
    expect(diagnostics).toEqual([])
    expect([node('S.f'), node('S.g')]).toEqual([{ kind: 'int32' }, { kind: 'int8' }])
  })

  test('imported and exported again', () => {
    const { diagnostics, node } = readTs({
      'schema/main.ts': "import type { Count } from '../kinds.ts'\n/** @restream.fields */ interface S { f: Count }\n",
      'kinds.ts': "import type { uint16 } from '@rivulet/wire'\nexport type { uint16 as Count }\n",
    })
    expect(diagnostics).toEqual([])
    expect(node('S.f')).toEqual({ kind: 'uint16' })
  })

  test('under an alias are a named kind, and an alias of that alias is the same one', () => {
    const { diagnostics, node, pkg } = readTs(
      'type Slot = uint16\ntype Place = Slot\n/** @restream.fields */ interface S { a: Slot; b: Place; c: readonly Place[] }',
    )
    expect(diagnostics).toEqual([])
    const slot = { kind: 'uint16', named: 'schema.Slot' }
    expect([node('S.a'), node('S.b'), node('S.c')]).toEqual([slot, slot, { kind: 'array', notNull: true, elem: slot }])
    expect(pkg.namedTypes).toEqual([{ name: 'Slot', kind: 'uint16' }])
  })
})

describe('aliases', () => {
  test.each<[string, string, string, SchemaNode]>([
    ['of a list', 'type Texts = readonly string[]', 'Texts', { kind: 'array', notNull: true, elem: text }],
    ['of what may be null', 'type Maybe = string | null', 'Maybe', { kind: 'pointer', elem: text }],
    [
      'of an alias that may be null, null again',
      'type Maybe = string | null',
      'Maybe | null',
      { kind: 'pointer', elem: text },
    ],
    ['of an interface', 'type Twig = Leaf', 'Twig', leaf],
    ['with a parameter', 'type List<T> = readonly T[]', 'List<string>', { kind: 'array', notNull: true, elem: text }],
    [
      'with parameters, of one with parameters',
      'type List<T> = readonly T[]\ntype By<K, V> = ReadonlyMap<K, List<V>>',
      'By<int8, string>',
      { kind: 'map', notNull: true, key: { kind: 'int8' }, value: { kind: 'array', notNull: true, elem: text } },
    ],
    ['whose parameter may be null', 'type Opt<T> = T | null', 'Opt<Leaf>', { kind: 'pointer', elem: leaf }],
    [
      'whose parameter has the name of a type',
      'type Odd<Leaf> = readonly Leaf[]',
      'Odd<string>',
      { kind: 'array', notNull: true, elem: text },
    ],
    ['that hide a type of JavaScript', 'interface Date { a: string }', 'Date', { kind: 'struct', ref: 'schema.Date' }],
  ])('%s', (_, more, type, node) => {
    const reading = readTs(`/** @restream.fields */ interface S { f: ${type} }\ninterface Leaf { a: string }\n${more}`)
    expect(reading.diagnostics).toEqual([])
    expect(reading.node('S.f')).toEqual(node)
  })
})

describe('interfaces that extend others', () => {
  const fields = (source: string): unknown => {
    const { diagnostics, struct } = readTs(`/** @restream.fields */ ${source}`)
    expect(diagnostics).toEqual([])
    return struct('S').fields.map(({ tsName, node }) => `${tsName}: ${node.kind}`)
  }

  test.each<[string, string, readonly string[]]>([
    ['one', 'interface S extends A { b: boolean }\ninterface A { a: string }', ['a: string', 'b: bool']],
    [
      'two, in order',
      'interface S extends B, A {}\ninterface A { a: string }\ninterface B { b: boolean }',
      ['b: bool', 'a: string'],
    ],
    [
      'one that extends',
      'interface S extends B {}\ninterface A { a: string }\ninterface B extends A { b: boolean }',
      ['a: string', 'b: bool'],
    ],
    ['an object type', 'interface S extends A {}\ntype A = { a: string }', ['a: string']],
    ['an intersection', 'interface S extends A {}\ntype A = { a: string } & { b: boolean }', ['a: string', 'b: bool']],
    [
      'one with type arguments',
      'interface S extends A<string, boolean> {}\ninterface A<T, U> { a: U; b: readonly T[] }',
      ['a: bool', 'b: array'],
    ],
    [
      'one that hands its argument on',
      'interface S extends A<string> {}\ninterface A<T> extends B<T> {}\ninterface B<U> { b: U }',
      ['b: string'],
    ],
    [
      'intersections of names and objects',
      'type S = A & { b: boolean } & (C)\ninterface A { a: string }\ninterface C { c: Date }',
      ['a: string', 'b: bool', 'c: time'],
    ],
  ])('%s', (_, source, expected) => expect(fields(source)).toEqual(expected))

  test('of another file, by every way to name it', () => {
    const { diagnostics, struct } = readTs({
      'schema/main.ts':
        "import type Def from '../lib.ts'\nimport type * as lib from '../lib.ts'\nimport type { A as B } from '../lib.ts'\n/** @restream.fields */ interface S extends Def, lib.C, B {}\n",
      'lib.ts':
        'export default interface Def { d: string }\nexport interface C { c: string }\nexport interface A { a: string }\n',
    })
    expect(diagnostics).toEqual([])
    expect(struct('S').fields.map(({ tsName }) => tsName)).toEqual(['d', 'c', 'a'])
  })

  test.each([
    ['«Omit<A, "a">', 'S: Omit is not declared here'],
    ['«Partial<A>', 'S: Partial is not declared here'],
    ['«N.Inner', 'S: N.Inner is not declared here'],
  ])('but not %s, which would have to be calculated', (base, message) => {
    const { errors, marks } = readTs(
      `/** @restream.fields */ interface S extends ${base} {}\ninterface A { a: string }`,
    )
    expect(errors).toMatchObject([{ code: 'embedded', message, ...marks[0] }])
  })
})

describe('enums', () => {
  const members = (declaration: string): unknown => {
    const { diagnostics, pkg } = readTs(`/** @restream.fields */ interface S { f: E }\n${declaration}`)
    expect(diagnostics).toEqual([])
    return Object.fromEntries(pkg.enums[0]?.members.map(({ name, value }) => [name, value]) ?? [])
  }

  test.each<[string, string, Readonly<Record<string, string | number>>]>([
    ['const', 'const enum E { A, B }', { A: 0, B: 1 }],
    ['declared', 'declare enum E { A = 1, B = 2 }', { A: 1, B: 2 }],
    ['exported below', 'enum E { A }\nexport { E }', { A: 0 }],
    ['with quoted members', "enum E { 'A', 'B c' }", { A: 0, BC: 1 }],
    ['that goes on from a given value', 'enum E { A = 5, B, C = -1, D }', { A: 5, B: 6, C: -1, D: 0 }],
    [
      'of shifts',
      'enum E { None = 0, Read = 1 << 0, Write = 1 << 1, All = Read | Write }',
      { None: 0, Read: 1, Write: 2, All: 3 },
    ],
    ['of members of its own by its name', 'enum E { A = 1, B = E.A + 1 }', { A: 1, B: 2 }],
    ['of strings and templates', 'enum E { A = "a", B = `b` }', { A: 'a', B: 'b' }],
    ['of literals', "type E = 'half-shade' | 'sun'", { HalfShade: 'half-shade', Sun: 'sun' }],
    ['of numbers', 'type E = 1 | -1 | 0', { Value1: 1, ValueMinus1: -1, Value0: 0 }],
    ['of one literal', "type E = 'only'", { Only: 'only' }],
    ['of literals in lines with bars in front', "type E =\n  | 'a'\n  | 'b'", { A: 'a', B: 'b' }],
    [
      'of an object',
      'const E = { Idle: 0, Busy: 1 } as const\ntype E = (typeof E)[keyof typeof E]',
      { Idle: 0, Busy: 1 },
    ],
    [
      'of an object without parentheses',
      'const P = { Idle: 0 } as const\ntype E = typeof P[keyof typeof P]',
      { Idle: 0 },
    ],
  ])('%s', (_, declaration, expected) => expect(members(declaration)).toEqual(expected))

  test('whose literals may be null where they are used', () => {
    const { diagnostics, node } = readTs(
      "/** @restream.fields */ interface S { f: Light | null }\ntype Light = 'on' | 'off'",
    )
    expect(diagnostics).toEqual([])
    expect(node('S.f')).toEqual({ kind: 'pointer', elem: { kind: 'string', named: 'schema.Light' } })
  })

  test('with null among the literals are one of several types', () => {
    const { errors, marks } = readTs("/** @restream.fields */ interface S { f: E }\ntype E = «'on' | 'off' | null")
    expect(errors).toMatchObject([{ code: 'literal-type', ...marks[0] }])
  })
})

describe('re-exports', () => {
  const STRUCT = '/** @restream.fields */ export interface Leaf { a: string }\n'
  test.each<[string, Readonly<Record<string, string>>]>([
    ['by name', { 'lib.ts': "export { Leaf } from './deep.ts'", 'deep.ts': STRUCT }],
    ['by name, as a type', { 'lib.ts': "export type { Leaf } from './deep.ts'", 'deep.ts': STRUCT }],
    [
      'by another name',
      { 'lib.ts': "export { Twig as Leaf } from './deep.ts'", 'deep.ts': `${STRUCT}export type { Leaf as Twig }` },
    ],
    ['all of a file', { 'lib.ts': "export * from './deep.ts'", 'deep.ts': STRUCT }],
    ['all of a file, as types', { 'lib.ts': "export type * from './deep.ts'", 'deep.ts': STRUCT }],
    [
      'the first of several files that has it',
      { 'lib.ts': "export * from './other.ts'\nexport * from './deep.ts'", 'other.ts': 'export {}', 'deep.ts': STRUCT },
    ],
    [
      'a default by a name',
      {
        'lib.ts': "export { default as Leaf } from './deep.ts'",
        'deep.ts': STRUCT.replace('export ', 'export default '),
      },
    ],
    ['an import', { 'lib.ts': "import type { Leaf } from './deep.ts'\nexport type { Leaf }", 'deep.ts': STRUCT }],
    ['of a folder', { 'lib.ts': "export * from './deep'", 'deep/index.ts': STRUCT }],
    ['of the folder above', { 'lib.ts': "export * from '../deep.ts'", '../deep.ts': STRUCT }],
  ])('%s', (_, files) => {
    const { diagnostics, node } = readTs({
      'schema/main.ts': "import type { Leaf } from '../lib.ts'\n/** @restream.fields */ interface S { f: Leaf }\n",
      ...files,
    })
    expect(diagnostics).toEqual([])
    expect(node('S.f')).toEqual(leaf)
  })

  test('do not pass on a default', () => {
    const { errors } = readTs({
      'schema/main.ts': "import type Leaf from '../lib.ts'\n/** @restream.fields */ interface S { f: Leaf }\n",
      'lib.ts': "export * from './deep.ts'",
      'deep.ts': STRUCT.replace('export ', 'export default '),
    })
    expect(errors.map(({ code, message }) => [code, message])).toEqual([['unknown-type', 'S.f: there is no type Leaf']])
  })

  test('a name of its own goes before one of `export *`', () => {
    const { diagnostics, struct } = readTs({
      'schema/main.ts': "import type { Leaf } from '../lib.ts'\n/** @restream.fields */ interface S { f: Leaf }\n",
      'lib.ts': "export * from './deep.ts'\nexport interface Leaf { own: boolean }",
      'deep.ts': STRUCT,
    })
    expect(diagnostics).toEqual([])
    expect(struct('Leaf').fields.map(({ tsName }) => tsName)).toEqual(['own'])
  })
})
