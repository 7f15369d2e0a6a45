import { describe, expect, test } from 'vitest'
import { readTs } from '../support/read-ts.ts'

/** What reading refuses: one error, where the mark stands, with a sentence for a hint, and no lock file. */
function refusalOf(sources: string | Readonly<Record<string, string>>) {
  const { errors, marks, lock } = readTs(sources)
  const [first] = errors
  const codes = errors.map((error) => error.code)
  const [mark] = marks
  const atMark = mark?.file === first?.file && mark?.line === first?.line && mark?.column === first?.column
  return { codes, message: first?.message, atMark, sentence: first?.hint.endsWith('.'), lock }
}

/** A complete refusal with this code. */
function refused(code: string, message: string = expect.any(String) as string) {
  return { codes: [code], message, atMark: true, sentence: true, lock: undefined }
}

describe('types that cannot travel', () => {
  test.each([
    ['«any', 'unsupported-type', 'S.f is `any`'],
    ['«object', 'unsupported-type', 'S.f is `object`'],
    ['«symbol', 'unsupported-type', 'S.f is a symbol'],
    ['«never', 'unsupported-type', 'S.f is `never`'],
    ['«undefined', 'undefined', 'S.f is `undefined`'],
    ['string | «undefined', 'undefined', 'S.f may be undefined'],
    ['string | null | «void', 'undefined', 'S.f may be undefined'],
    ['«null', 'unsupported-type', 'S.f is always null'],
    ['«null | null', 'unsupported-type', 'S.f is always null'],
    ['«unknown | null', 'unsupported-type', 'S.f is `unknown | null`'],
    ['«string | boolean', 'unsupported-type', 'S.f is one of several types'],
    ["«'a'", 'literal-type', 'S.f has values without a name'],
    ["«'a' | 'b' | null", 'literal-type', 'S.f has values without a name'],
    ['«true | false', 'literal-type', 'S.f has values without a name'],
    ['«() => void', 'unsupported-type', 'S.f is a function'],
    ['«new () => Date', 'unsupported-type', 'S.f is a constructor'],
    ['«[string, string]', 'unsupported-type', 'S.f is a tuple'],
    ['readonly «[string]', 'unsupported-type', 'S.f is a tuple'],
    ['«`a${string}`', 'unsupported-type', 'S.f is a template literal'],
    ['«{ a: string }', 'anonymous-struct', 'S.f has a struct without a name'],
    ['«{ [K in string]: string }', 'unsupported-type', 'S.f is a mapped type'],
    ['«string extends number ? string : number', 'unsupported-type', 'S.f is a conditional type'],
    ["«Date['getTime']", 'unsupported-type', 'S.f is an indexed access'],
    ['«typeof globalThis', 'unsupported-type', 'S.f is a `typeof`'],
    ["«import('./other.ts').X", 'unsupported-type', 'S.f is an `import()`'],
    ['«keyof Date', 'unsupported-type', 'S.f is `keyof` of something'],
    ['«unique symbol', 'unsupported-type', 'S.f is `unique` of something'],
    ['«string & Date', 'unsupported-type', 'S.f is an intersection'],
    ['«this', 'unsupported-type', 'S.f is `this`'],
    ['«Record<string, string>', 'unsupported-type', 'S.f is a Record'],
    ['«Partial<Date>', 'unsupported-type', 'S.f is a Partial'],
    ['«Float32Array', 'unsupported-type', 'S.f is a Float32Array'],
    ['«Nowhere', 'unknown-type', 'S.f: there is no type Nowhere'],
    ['«ns.Nowhere', 'unknown-type', 'S.f: there is no type ns.Nowhere'],
    ['«Promise<string>', 'unknown-type', 'S.f: there is no type Promise'],
    ['«uint8[]', 'byte-list', 'S.f is a list of uint8'],
    ['«ReadonlyArray<uint8>', 'byte-list', 'S.f is a list of uint8'],
    ['«Array', 'type-arguments', 'S.f: Array takes 1 type arguments, not 0'],
    ['«Map<string>', 'type-arguments', 'S.f: Map takes 2 type arguments, not 1'],
    ['ReadonlyMap<«Date, string>', 'map-key', 'S.f cannot have such a key'],
    ['ReadonlySet<«string | null>', 'map-key', 'S.f cannot have such a key'],
    ['ReadonlyMap<«readonly string[], string>', 'map-key', 'S.f cannot have such a key'],
    ['ReadonlyMap<«unknown, string>', 'map-key', 'S.f cannot have such a key'],
    ['«Box<string>', 'type-arguments', 'S.f is a Box of something that is never null'],
    ['«Box', 'type-arguments', 'S.f is a Box of something that is never null'],
  ])('%s: %s', (type, code, message) => {
    expect(refusalOf(`/** @restream.fields */ interface S { f: ${type} }`)).toEqual(refused(code, message))
  })

  test.each([
    ['f: Same', 'unknown-type', 'type Same = readonly «Same[]', 'S.f: Same is declared as itself'],
    ['f: «C', 'unsupported-type', 'class C {}', 'S.f: C is a class'],
    ['f: «N', 'unsupported-type', 'namespace N {}', 'S.f: N is a namespace'],
    ['f: «fn', 'unsupported-type', 'function fn() {}', 'S.f: fn is a function'],
    ['f: «Leaf<string>', 'type-arguments', 'interface Leaf {}', 'S.f: Leaf takes 0 type arguments, not 1'],
    [
      'f: «Duo<string>',
      'type-arguments',
      'interface Duo<A, B = A> { a: A, b: B }',
      'S.f: Duo takes 2 type arguments, not 1',
    ],
    [
      'f: One<«string | null>',
      'type-arguments',
      'interface One<A> { a: A }',
      'S.f: One gets a type argument that may be null',
    ],
    ['f: «E[]', 'byte-list', '/** @kind uint8 */ enum E { A }', 'S.f is a list of schema.E'],
  ])('%s: %s: %s', (field, code, more, message) => {
    const { errors, marks } = readTs(`/** @restream.fields */ interface S { ${field} }\n${more}`)
    const own = errors.filter((error) => error.code === code)
    expect(own.map((error) => error.message)).toEqual([message])
    expect(own[0]).toMatchObject(marks[0] as object)
  })

  test('type arguments that make keys, byte lists and endless types', () => {
    expect(
      refusalOf('/** @restream.fields */ interface S { f: By<Date> }\ninterface By<K> { «m: ReadonlyMap<K, string> }'),
    ).toEqual(refused('type-arguments', 'By.m would be keyed by something that is no key'))
    expect(
      refusalOf('/** @restream.fields */ interface S { f: Many<uint8> }\ninterface Many<T> { «m: readonly T[] }'),
    ).toEqual(refused('type-arguments', 'Many.m would be a list of uint8'))
    expect(
      refusalOf(
        '/** @restream.fields */ interface S { f: More<string> }\ninterface «More<T> { m: More<readonly T[]> | null }',
      ),
    ).toEqual(refused('type-arguments', 'More is used with type arguments without end'))
  })

  test('structs that contain themselves by value', () => {
    expect(refusalOf('/** @restream.fields */ interface «S { f: S }')).toEqual(refused('recursive-value'))
    const { errors } = readTs('/** @restream.fields */ interface S { f: T }\ninterface T { s: S }')
    expect(errors.map(({ message }) => message.split(' ')[0])).toEqual(['S', 'T'])
    expect(refusalOf('/** @restream.fields */ interface «S { f: W<S> }\ninterface W<T> { a: T }')).toEqual(
      refused('recursive-value'),
    )
    expect(
      refusalOf(
        '/** @restream.fields */ interface «S { f: V<S> }\ninterface V<T> { w: W<T> }\ninterface W<T> { a: T }',
      ),
    ).toEqual(refused('recursive-value'))
    for (const type of ['S | null', 'readonly S[]', 'ReadonlyMap<string, S>', 'L<S>', 'Box<S | null>'])
      expect(
        readTs(`/** @restream.fields */ interface S { f: ${type} }\ninterface L<T> { a: readonly T[] }`).errors,
      ).toEqual([])
  })

  test('a Box is never absent, so what is in it has to be', () => {
    expect(refusalOf('/** @restream.fields */ interface S { f: «Box<S> }')).toEqual(refused('type-arguments'))
  })

  test('lists of structs without fields, whose number no reader could bound', () => {
    const message = 'S.f: the elements of the list take no bytes'
    expect(refusalOf('/** @restream.fields */ interface S { «f: readonly E[] }\ninterface E {}')).toEqual(
      refused('unsupported-type', message),
    )
    expect(refusalOf('/** @restream.rpc */ interface C { d(«f: readonly E[]): void }\ninterface E {}')).toEqual(
      refused('unsupported-type', 'CDRequest.f: the elements of the list take no bytes'),
    )
  })
})

describe('names that lead nowhere', () => {
  const using = (line: string): string => `${line}\n/** @restream.fields */ interface S { f: «X }`
  test.each([
    [
      "import type { X } from './missing.ts'",
      'unknown-type',
      'S.f: X is imported from "./missing.ts", which is not there',
    ],
    ["import type { X } from 'somewhere'", 'foreign-package', 'S.f: X comes from the package "somewhere"'],
    [
      "import type { StoreDef as X } from '@rivulet/wire'",
      'unsupported-type',
      'S.f: X of @rivulet/wire is no type of a field',
    ],
    ["import type { X } from './main.ts'", 'unknown-type', 'S.f: there is no type X'],
    ["export * from './main.ts'", 'unknown-type', 'S.f: there is no type X'],
  ])('%s: %s', (line, code, message) =>
    expect(refusalOf({ 'schema/main.ts': using(line) })).toEqual(refused(code, message)),
  )

  test('re-exports in a circle', () => {
    expect(
      refusalOf({
        'schema/main.ts': "import type { X } from '../a.ts'\n/** @restream.fields */ interface S { f: «X }",
        'a.ts': "export { X } from './b.ts'\nexport * from './b.ts'",
        'b.ts': "export { X } from './a.ts'\nexport * from './a.ts'",
      }),
    ).toEqual(refused('unknown-type'))
  })

  test('a kind of number that is not imported, or declared by hand', () => {
    const source = '/** @restream.fields */ interface S { f: «uint32 }'
    expect(refusalOf({ 'schema/main.ts': source })).toEqual(refused('unknown-type', 'S.f: uint32 is not imported'))
    expect(refusalOf({ 'schema/main.ts': `type uint32 = number\n${source}` })).toEqual(refused('duplicate-name'))
  })

  test('an input that is not there', () => {
    const { errors } = readTs('', { inputs: ['schema', 'nowhere'] })
    expect(errors).toMatchObject([{ code: 'no-input', file: 'nowhere', line: 0 }])
  })

  test('a package name that makes no module', () => {
    expect(readTs('', { packageName: 'My-Schema' }).errors).toMatchObject([{ code: 'config' }])
  })

  test('syntax', () =>
    expect(refusalOf({ 'schema/main.ts': 'interface A {}\ninterface« {' })).toEqual(refused('syntax')))
})

describe('fields', () => {
  test.each([
    ['«f?: string', 'undefined', 'S.f is optional'],
    ['«f', 'unknown-type', 'S.f has no type'],
    ['«f(): void', 'unsupported-type', 'S has a method'],
    ['«[key: string]: string', 'unsupported-type', 'S has an index signature'],
    ['«(): void', 'unsupported-type', 'S has a call signature'],
    ['«new (): Date', 'unsupported-type', 'S has a constructor'],
    ["«'a-b': string", 'field-name', 'S has a field that cannot have its name on the wire'],
    ['«_a: string', 'field-name', undefined],
    ['«$a: string', 'field-name', undefined],
    ['«[Symbol.iterator]: string', 'field-name', undefined],
    ['«1: string', 'field-name', undefined],
    ['/** «@name urlPath */ f: string', 'field-name', '"urlPath" cannot be the host\'s name of S.f'],
    ['f: string; «f: string', 'field-clash', 'S.f is there twice, at schema/main.ts:2 too'],
    ['f: string; «F: string', 'field-clash', 'S.F and f are both F to the host'],
    ['/** @name URL */ f: string; /** @name URL */ «g: string', 'field-clash', 'S.g and f are both URL to the host'],
  ])('%s: %s', (member, code, message) => {
    expect(refusalOf(`/** @restream.fields */ interface S { ${member} }`)).toEqual(refused(code, message))
  })

  test.each([
    ['interface S extends «Nothing { f: string }', 'embedded', 'S: Nothing is not declared here'],
    ['interface S extends «T { f: string }\ntype T = string', 'embedded', 'S: T has no fields'],
    ['interface S extends «S { f: string }', 'embedded', 'S extends itself'],
    ['interface S extends «T<string, string> {}\ninterface T<A> { a: A }', 'type-arguments', undefined],
    [
      'interface S extends T { «f: string }\ninterface T { f: string }',
      'field-clash',
      'S.f is there twice, at schema/main.ts:3 too',
    ],
    ['type S = { a: string } & «string', 'embedded', 'a part of S has no fields'],
    [
      'interface S { a: string }\ninterface «S { b: string }',
      'duplicate-name',
      'S is declared more than once in its file',
    ],
  ])('%s: %s', (declaration, code, message) => {
    expect(refusalOf(`/** @restream.fields */ ${declaration}`)).toEqual(refused(code, message))
  })
})

describe('enums', () => {
  const using = (declaration: string): string => `/** @restream.fields */ interface S { f: E }\n${declaration}`
  test.each([
    ['enum «E {}', 'enum-member', 'E has no values'],
    ['enum E { A = 1, «B = 1.5 }', 'enum-kind', 'E.B is no int32'],
    ['enum E { A, «B = "b" }', 'enum-kind', 'E.B is no int32'],
    ['enum E { A = "a", «B = 2 }', 'enum-kind', 'E.B is no string'],
    ['/** @kind uint8 */ enum E { «A = 256 }', 'enum-kind', 'E.A is no uint8'],
    ['/** @kind uint8 */ enum E { «A = -1 }', 'enum-kind', 'E.A is no uint8'],
    ['/** «@kind float32 */ enum E { A }', 'enum-kind', '"float32" is no kind of integer'],
    ['/** «@kind uint8 */ enum E { A = "a" }', 'enum-kind', 'E has strings, and a @kind'],
    ['enum E { «A = Math.PI }', 'constant', 'the value of E.A cannot be worked out'],
    ['enum E { A = "a", «B }', 'constant', 'the value of E.B cannot be worked out'],
    ["type E = 'a' | «true", 'literal-type', 'a value of E is no string or number'],
    ["type E = 'a' | «'+'", 'literal-type', '"+" of E makes no name'],
    ["type E = 'a-b' | «'a b'", 'enum-member', 'two members would both be E.AB'],
    ['type «E = (typeof O)[keyof typeof O]', 'constant', 'the values of E cannot be read: O is no constant object'],
    ['const O = { A: 1 }\ntype «E = (typeof O)[keyof typeof O]', 'constant', undefined],
    ['const O = { «A: f() } as const\ntype E = (typeof O)[keyof typeof O]', 'constant', undefined],
    ['const O = { «...P } as const\ntype E = (typeof O)[keyof typeof O]', 'constant', undefined],
  ])('%s: %s', (declaration, code, message) => expect(refusalOf(using(declaration))).toEqual(refused(code, message)))
})

describe('annotations', () => {
  test.each([
    ['/** «@restream.nothing */ interface S {}', 'annotation', 'there is no annotation @restream.nothing'],
    ['/** «@restream.store */ interface S {}', 'annotation', '@restream.store does not name one store'],
    ['/** «@restream.store() */ interface S {}', 'annotation', '@restream.store does not name one store'],
    [
      '/** «@restream.store(A, CloudOnly, B) */ interface S {}',
      'annotation',
      '@restream.store does not name one store',
    ],
    ['/** «@restream.store(A, Nowhere) */ interface S {}', 'store-type', '"Nowhere" is not a store type'],
    ['/** @restream.store(A) «@access 256 */ interface S {}', 'access-level', undefined],
    ['/** @restream.store(A) «@access all */ interface S {}', 'access-level', undefined],
    [
      '/** @restream.store(A) */ interface S {}\n/** «@restream.store(A) */ interface T {}',
      'duplicate-name',
      'the store "A" is there already, at schema/main.ts:2',
    ],
    ['/** «@restream.store(A) */ interface S<T> { a: T }', 'generic-flavour', undefined],
    ['/** @restream.fields */ interface «S<T> { a: T }', 'generic-flavour', 'S is generic, and has ids'],
    ['/** «@restream.fields */ enum E { A }', 'annotation', 'E is annotated and has no fields'],
    ['/** «@restream.fields @restream.rpc */ interface S {}', 'annotation', 'S is annotated as state and as calls'],
    ['/** @restream.fields «@restream.file */ interface S {}', 'annotation', '@restream.file names no group'],
    [
      '/** @restream.fields */ interface A { b: B }\n/** @restream.fields */ interface B {}\n/** @restream.rpc() */ interface «A { b(): void }',
      'duplicate-name',
      undefined,
    ],
  ])('%s: %s', (source, code, message) => {
    const { errors, marks } = readTs(source)
    const own = errors.find((error) => error.code === code)
    expect(own).toMatchObject({ ...marks[0], ...(message === undefined ? {} : { message }) })
  })

  test('two structs of one name, in two files', () => {
    expect(
      refusalOf({
        'schema/a.ts': '/** @restream.fields */ export interface S {}',
        'schema/b.ts': '/** @restream.fields */ export interface «S {}',
      }),
    ).toEqual(refused('duplicate-name', 'S is there already, at schema/a.ts:1'))
  })

  test('an id where none travels is a warning', () => {
    const { diagnostics, marks } = readTs('/** @restream.serializers */ interface S { /** «@id 3 */ a: string }')
    expect(diagnostics).toMatchObject([{ severity: 'warning', code: 'annotation', ...marks[0] }])
  })
})
