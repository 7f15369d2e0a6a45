import { describe, expect, test } from 'vitest'
import {
  type Diagnostic,
  type DiagnosticCode,
  formatDiagnostic,
  memoryTree,
  readGo,
  readTypeScript,
} from '../src/index.ts'

// Every code of both front ends, as somebody at a terminal or in an editor meets it. The record is complete: a new code needs its place here.

type Case = readonly [line: string, sources: string | Readonly<Record<string, string>>, lock?: string]

const FLAT = '// @restream.serializers\ntype A struct {\n'
const STATE = '// @restream.partials\ntype BoardState struct {\n\t// MAXFIELD(1)\n\tN int8 `restream:",fID=1"`\n}\n'
const EVENTS = 'import "github.com/boatkit-io/tugboat/pkg/subscribableevent"\n'

/** The line that the code is told with, in Go; null for those of TypeScript alone. */
const GO: Readonly<Record<DiagnosticCode, Case | null>> = {
  config: ['restream.yaml:2:1: error config', { 'restream.yaml': 'inputDirs: [shop]\ngoImports: [1]\n' }],
  'no-package': [
    'restream.yaml:1:13: error no-package',
    { 'restream.yaml': 'inputDirs: [shop]\n', 'shop/readme.md': '' },
  ],
  'duplicate-package': [
    'other/shop/b.go:4:6: error duplicate-package',
    {
      'shop/a.go': `package shop\n\n${FLAT}}\n`,
      'other/shop/b.go': `package shop\n\n${FLAT}}\n`,
      'restream.yaml': 'inputDirs: [shop, other/shop]\n',
    },
  ],
  syntax: ['shop/shop.go:3:1: error syntax', 'func broken( {\n'],
  'foreign-package': ['shop/shop.go:7:4: error foreign-package', `import "net/url"\n\n${FLAT}\tX url.URL\n}`],
  'excluded-file': [
    'shop/a.go:5:4: error excluded-file',
    { 'shop/a.go': `package shop\n\n${FLAT}\tX B\n}\n`, 'shop/b_linux.go': 'package shop\n\ntype B int8\n' },
  ],
  'unknown-type': ['shop/shop.go:5:4: error unknown-type', `${FLAT}\tX Nowhere\n}`],
  'unsupported-type': ['shop/shop.go:5:4: error unsupported-type', `${FLAT}\tX chan int\n}`],
  'anonymous-struct': ['shop/shop.go:5:4: error anonymous-struct', `${FLAT}\tX struct{ Y int }\n}`],
  'not-annotated': [
    'shop/a.go:5:4: error not-annotated',
    { 'shop/a.go': `package shop\n\n${FLAT}\tX B\n}\n`, 'shop/b.go': 'package shop\n\ntype B struct { N int8 }\n' },
  ],
  'defined-from-struct': [
    'shop/shop.go:8:4: error defined-from-struct',
    `type B struct { N int8 }\ntype C B\n\n${FLAT}\tX C\n}`,
  ],
  'type-arguments': [
    'shop/shop.go:8:4: error type-arguments',
    `// @restream.serializers\ntype B[K comparable, V any] struct { M map[K]V }\n\n${FLAT}\tX B[int]\n}`,
  ],
  'generic-flavour': [
    'shop/shop.go:4:6: error generic-flavour',
    '// @restream.fields\ntype B[K comparable, V any] struct {\n\t// MAXFIELD(0)\n}',
  ],
  'map-key': ['shop/shop.go:5:8: error map-key', `${FLAT}\tX map[any]bool\n}`],
  'recursive-value': ['shop/shop.go:4:6: error recursive-value', `${FLAT}\tX A\n}`],
  'field-clash': ['shop/shop.go:6:2: error field-clash', `${FLAT}\tX int8\n\tX bool\n}`],
  embedded: ['shop/shop.go:5:2: error embedded', `${FLAT}\tName\n}\n\ntype Name string`],
  tag: ['shop/shop.go:5:9: error tag', `${FLAT}\tX int8 \`restream:",nonil"\`\n}`],
  'beyond-reference': ['shop/shop.go:5:2: warning beyond-reference', `${FLAT}\tX, Y int8\n}`],
  'file-boundary': [
    'shop/a.go:6:2: warning file-boundary',
    {
      'shop/a.go':
        'package shop\n\n// @restream.partials\ntype A struct {\n\t// MAXFIELD(1)\n\tX B `restream:",fID=1"`\n}\n',
      'shop/b.go':
        'package shop\n\n// @restream.partials\ntype B struct {\n\t// MAXFIELD(1)\n\tN int8 `restream:",fID=1"`\n}\n',
    },
  ],
  'missing-id': [
    'shop/shop.go:6:2: error missing-id',
    '// @restream.fields\ntype A struct {\n\t// MAXFIELD(0)\n\tX int8\n}',
  ],
  'duplicate-id': [
    'shop/shop.go:7:9: error duplicate-id',
    '// @restream.fields\ntype A struct {\n\t// MAXFIELD(1)\n\tX int8 `restream:",fID=1"`\n\tY int8 `restream:",fID=1"`\n}',
  ],
  'id-range': [
    'shop/shop.go:6:9: error id-range',
    '// @restream.fields\ntype A struct {\n\t// MAXFIELD(0)\n\tX int8 `restream:",fID=0"`\n}',
  ],
  'max-field': [
    'shop/shop.go:5:2: error max-field',
    '// @restream.fields\ntype A struct {\n\t// MAXFIELD(1)\n\tX int8 `restream:",fID=2"`\n}',
  ],
  constant: ['shop/shop.go:7:4: error constant', `var n = 3\n\n${FLAT}\tX [n]int8\n}`],
  'enum-member': [
    'shop/shop.go:5:7: error enum-member',
    'type Size uint8\nconst Small Size = 1\nconst SizeSmall Size = 2',
  ],
  annotation: ['shop/shop.go:3:1: error annotation', '// @restream.partial\ntype A struct { X int8 }'],
  'store-state': ['shop/shop.go:4:6: error store-state', '// @restream.store(Board)\ntype Board struct{}'],
  'store-type': [
    'shop/shop.go:3:1: error store-type',
    `// @restream.store(Board, Nowhere)\ntype Board struct{}\n\n${STATE}`,
  ],
  'access-level': [
    'shop/shop.go:3:43: error access-level',
    'func r(d any) { d.RegisterRPCHandler("A", 256, func() error { return nil }) }',
  ],
  registration: [
    'shop/shop.go:3:38: error registration',
    'func r(d any) { d.RegisterRPCHandler("a-b", 0, func() error { return nil }) }',
  ],
  handler: ['shop/shop.go:3:46: error handler', 'func r(d any) { d.RegisterRPCHandler("A", 0, nothing) }'],
  'event-type': ['shop/shop.go:6:23: error event-type', 'func r(d any) {\n\n\tx := 1\n\td.RegisterEvent("A", &x)\n}'],
  'keyed-event': [
    'shop/shop.go:5:37: error keyed-event',
    `${EVENTS}func r(d any) {\n\tvar e subscribableevent.Event[func(n int8)]\n\td.RegisterKeyedEvent("A", &e, "Board")\n}`,
  ],
  'duplicate-name': [
    'shop/shop.go:12:6: error duplicate-name',
    `// @restream.store(Board)\ntype Board struct{}\n\n${STATE.trimEnd()}\n// @restream.store(Board)\ntype Other struct{ storeData *restream.StoreData[BoardState, *BoardState, *BoardStatePartial] }`,
  ],
  'no-input': null,
  undefined: null,
  'byte-list': null,
  'literal-type': null,
  'field-name': null,
  call: null,
  'enum-kind': null,
  lock: null,
  'frozen-lock': null,
  'moved-id': null,
  'reused-id': null,
  renamed: null,
}

const lockOf = (fields: string, next: number, retired = ''): string =>
  `{\n  "format": "rivulet-lock/1",\n  "structs": {\n    "S": {\n      "next": ${next},\n      "fields": {\n${fields}\n      },\n      "retired": [${retired}]\n    }\n  }\n}\n`
const ONE = lockOf('        "f": { "id": 1, "type": "string" }', 2)
const S = (field: string): string => `/** @restream.fields */\ninterface S { ${field} }`

/** The same in TypeScript; null for those of Go alone. */
const TS: Readonly<Record<DiagnosticCode, Case | null>> = {
  config: ['rivulet.lock.json: error config', '', 'not a package name'],
  'no-input': ['nowhere: error no-input', { 'nowhere.txt': '' }],
  syntax: ['schema/main.ts:1:10: error syntax', 'interface {'],
  'foreign-package': [
    'schema/main.ts:3:18: error foreign-package',
    "import type { X } from 'x'\n/** @restream.fields */\ninterface S { f: X }",
  ],
  'unknown-type': ['schema/main.ts:2:18: error unknown-type', S('f: Nowhere')],
  'unsupported-type': ['schema/main.ts:2:18: error unsupported-type', S('f: any')],
  'anonymous-struct': ['schema/main.ts:2:18: error anonymous-struct', S('f: { a: string }')],
  'type-arguments': ['schema/main.ts:2:18: error type-arguments', S('f: Map<string>')],
  'generic-flavour': ['schema/main.ts:1:36: error generic-flavour', '/** @restream.fields */  interface S<T> { f: T }'],
  'map-key': ['schema/main.ts:2:22: error map-key', S('f: Map<Date, string>')],
  'recursive-value': ['schema/main.ts:2:11: error recursive-value', S('f: S')],
  'field-clash': ['schema/main.ts:2:26: error field-clash', S('f: string; f: string')],
  embedded: ['schema/main.ts:2:21: error embedded', '/** @restream.fields */\ninterface S extends Nothing {}'],
  'duplicate-id': ['schema/main.ts:2:43: error duplicate-id', S('/** @id 7 */ f: string; /** @id 7 */ g: string')],
  'id-range': ['schema/main.ts:2:19: error id-range', S('/** @id 256 */ f: string')],
  constant: ['schema/main.ts:3:10: error constant', `${S('f: E')}\nenum E { A = Math.PI }`],
  'enum-member': ['schema/main.ts:3:6: error enum-member', `${S('f: E')}\nenum E {}`],
  annotation: ['schema/main.ts:1:5: error annotation', '/** @restream.nothing */ interface S {}'],
  'store-type': ['schema/main.ts:1:5: error store-type', '/** @restream.store(A, Nowhere) */ interface S {}'],
  'access-level': ['schema/main.ts:1:24: error access-level', '/** @restream.store(A) @access 256 */ interface S {}'],
  'keyed-event': [
    'schema/main.ts:1:5: error keyed-event',
    '/** @restream.keyedEvent(A) */ interface C { go(key: string): void }',
  ],
  'duplicate-name': [
    'schema/main.ts:2:5: error duplicate-name',
    '/** @restream.store(A) */ interface AState {}\n/** @restream.store(A) */ interface BState {}',
  ],
  undefined: ['schema/main.ts:2:15: error undefined', S('f?: string')],
  'byte-list': [
    'schema/main.ts:3:18: error byte-list',
    `import type { uint8 } from '@rivulet/wire'\n${S('f: uint8[]')}`,
  ],
  'literal-type': ['schema/main.ts:2:18: error literal-type', S("f: 'a' | 'b'")],
  'field-name': ['schema/main.ts:2:15: error field-name', S('$f: string')],
  call: ['schema/main.ts:1:36: error call', '/** @restream.rpc */ interface C { go?(): void }'],
  'enum-kind': ['schema/main.ts:3:17: error enum-kind', `${S('f: E')}\nenum E { A = 1, B = 1.5 }`],
  lock: ['rivulet.lock.json:1:2: error lock', S('f: string'), '{'],
  'frozen-lock': ['schema/main.ts:2:26: error frozen-lock', S('f: string; g: string'), ONE],
  'moved-id': ['schema/main.ts:2:19: error moved-id', S('/** @id 2 */ f: string'), ONE],
  'reused-id': ['schema/main.ts:2:19: error reused-id', S('/** @id 1 */ g: string'), ONE],
  renamed: ['schema/main.ts:2:19: error renamed', S('/** @was nobody */ g: string'), ONE],
  'no-package': null,
  'duplicate-package': null,
  'excluded-file': null,
  'not-annotated': null,
  'defined-from-struct': null,
  tag: null,
  'beyond-reference': null,
  'file-boundary': null,
  'missing-id': null,
  'max-field': null,
  'store-state': null,
  registration: null,
  handler: null,
  'event-type': null,
}

const casesOf = (codes: Readonly<Record<DiagnosticCode, Case | null>>): readonly (readonly [DiagnosticCode, Case])[] =>
  Object.entries(codes).flatMap(([code, found]) => (found === null ? [] : [[code as DiagnosticCode, found] as const]))

/** What a terminal shows of the first diagnostic with the code. */
function shown(diagnostics: readonly Diagnostic[], code: DiagnosticCode): { line: string; hint: string; more: number } {
  const found = diagnostics.find((diagnostic) => diagnostic.code === code)
  const [line = '', hint = '', ...more] = found === undefined ? [] : formatDiagnostic(found).split('\n')
  return { line, hint, more: more.length }
}

/** The line begins so and ends in a message without a full stop; the hint below is a sentence. */
const told = (line: string) => ({
  line: expect.stringMatching(new RegExp(`^${line.replaceAll('.', '\\.')}: \\S.*[^.]$`)),
  hint: expect.stringMatching(/^ {2}[A-Z`"@(<].*\.$/),
  more: 0,
})

describe('in Go', () => {
  test.each(casesOf(GO))('%s', async (code, [line, sources]) => {
    const given = typeof sources === 'string' ? { 'shop/shop.go': `package shop\n\n${sources}\n` } : sources
    const base = { 'go.mod': 'module example.com/shop\n', 'restream.yaml': 'inputDirs:\n  - shop\n' }
    const { diagnostics } = await readGo(memoryTree({ ...base, ...given }))
    expect(shown(diagnostics, code)).toEqual(told(line))
  })
})

describe('in TypeScript', () => {
  test.each(casesOf(TS))('%s', (code, [line, sources, lock]) => {
    const given = typeof sources === 'string' ? { 'schema/main.ts': sources } : sources
    const isName = code === 'config'
    const tree = memoryTree({ ...given, ...(lock === undefined || isName ? {} : { 'rivulet.lock.json': lock }) })
    const { diagnostics } = readTypeScript(tree, {
      inputs: code === 'no-input' ? ['nowhere'] : ['schema'],
      frozen: code === 'frozen-lock',
      ...(isName ? { packageName: lock as string } : {}),
    })
    expect(shown(diagnostics, code)).toEqual(told(line))
  })
})

test('every code belongs to at least one of the two', () => {
  const nobody = Object.entries(GO).filter(([code, found]) => found === null && TS[code as DiagnosticCode] === null)
  expect(nobody).toEqual([])
})
