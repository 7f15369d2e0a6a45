import { decodeValue, encodeValue, type Types, zeroOf } from '@rivulet/wire'
import { describe, expect, test } from 'vitest'
import { type DiagnosticCode, emitTypeScript } from '../../src/index.ts'
import { COMPILER_TIME, importEmitted, typeErrors, writeEmitted } from '../support/emitted.ts'
import { cli, GAME_FILES, projectFolder } from '../support/project-folder.ts'
import { read } from '../support/read-sources.ts'

const PARTIALS = '// @restream.partials\ntype'
const FLAT = '// @restream.serializers\ntype'
const IMPORTS = `import (
	"time"
	"github.com/boatkit-io/restream/pkg/restream"
	"github.com/boatkit-io/tugboat/pkg/subscribableevent"
)
var _ time.Time
var _ restream.AccessLevel
var _ subscribableevent.Event[func()]
`
const register = (...statements: string[]): string => `${IMPORTS}
func handle(x int8) (int8, error) { return x, nil }
func wide(x int8) (int8, int8, error) { return x, x, nil }
func silent(x int8) {}
func text(x int8) string { return "" }
var plain int8
func setUp(rpcd *restream.RPCDispatcher, eventd *restream.EventDispatcher) {
	keyed := subscribableevent.NewEvent[func(key int8)]()
	told := subscribableevent.NewEvent[func(x int8) bool]()
	heard := subscribableevent.NewEvent[func(key string, x int8)]()
	_, _, _ = keyed, told, heard
	${statements.join('\n\t')}
}`

/** Each row of codegen.md §6 and §8 that can be read, by the reference's failure. */
const READ: readonly (readonly [row: string, source: string])[] = [
  [
    'set map[K]struct{}: crash',
    `${PARTIALS} A struct {\n\t// MAXFIELD(1)\n\tX map[string]struct{} \`restream:",fID=1"\`\n}`,
  ],
  ['embedded struct: crash', `${FLAT} B struct { N int8 }\n${FLAT} A struct { B; M int8 }`],
  ['X, Y int on one line: Y dropped', `${FLAT} A struct { X, Y int }`],
  ['self-referential struct: stack overflow', `${FLAT} A struct { Next *A; All []A; Named map[string]A }`],
  ['mutually recursive structs: stack overflow', `${FLAT} A struct { B *B }\n${FLAT} B struct { A *A }`],
  ['generic with one type param: unsupported', `${FLAT} G[T any] struct { X []T }\n${FLAT} A struct { G G[string] }`],
  ['generic with a bare T: crash', `${FLAT} G[T any] struct { X T }\n${FLAT} A struct { G G[int8] }`],
  ['fixed array: Go that does not compile', `${FLAT} A struct { X [4]int }`],
  ['named slice type: module that does not load', `type L []string\n${FLAT} A struct { X L }`],
  [
    'slice of a uint8 enum: crash while encoding',
    `type E uint8\nconst (\n\tE1 E = 1\n\tE2 E = 2\n)\n${FLAT} A struct { X []E }`,
  ],
  ['time.Duration: bad enum int conversion', `${IMPORTS}\n${FLAT} A struct { X time.Duration }`],
  ['type Flag bool in an input file: unhandled', `type Flag bool\n${FLAT} A struct { X Flag }`],
  ['type A OtherStruct that is not used: unhandled', `type B struct { N int8 }\ntype C B\n${FLAT} A struct { X int8 }`],
  ['empty partials struct: Go that does not compile', `${PARTIALS} A struct {}`],
  [
    'LeafBox of Leaf: module that throws when it is loaded',
    `${PARTIALS} LeafBox struct {\n\t// MAXFIELD(1)\n\tL Leaf \`restream:",fID=1"\`\n}\n${PARTIALS} Leaf struct {\n\t// MAXFIELD(1)\n\tN int8 \`restream:",fID=1"\`\n}`,
  ],
  ['handler passed as an identifier: crash', register('rpcd.RegisterRPCHandler("Do", 0, handle)')],
  ['member E0 of type E: illegal name', `type E uint8\nconst (\n\tE0 E = 0\n\tE1 E = 1\n)\n${FLAT} A struct { X E }`],
  ['bool as a key: type error', `${PARTIALS} A struct {\n\t// MAXFIELD(1)\n\tX map[bool]int8 \`restream:",fID=1"\`\n}`],
  ['byte: broken name', `${FLAT} A struct { X byte }`],
  ['notnil pointer: type error', `${FLAT} B struct { N int8 }\n${FLAT} A struct { X *B \`restream:",notnil"\` }`],
  ['named float: crash while encoding', `type F float64\n${FLAT} A struct { X F }`],
  ['negative constant: not exported', `const Low = -12\n${FLAT} A struct { X int8 }`],
]

/** The other rows: what is wrong is said with a code, at the mark. */
const REFUSED: readonly (readonly [row: string, code: DiagnosticCode, source: string])[] = [
  ['self-referential by value', 'recursive-value', `${FLAT} «A struct { X A }`],
  ['self-referential behind notnil', 'recursive-value', `${FLAT} «A struct { X *A \`restream:",notnil"\` }`],
  [
    'self-referential behind notnil twice',
    'recursive-value',
    `${FLAT} «A struct { X **A \`restream:",notnil,valnotnil"\` }`,
  ],
  [
    'self-referential through a type argument',
    'recursive-value',
    `${FLAT} G[T any] struct { X T }\n${FLAT} «A struct { X G[A] }`,
  ],
  ['list of a struct without fields', 'unsupported-type', `${FLAT} E struct {}\n${FLAT} A struct { «X []E }`],
  [
    'list of a struct that takes no bytes either',
    'unsupported-type',
    `${FLAT} E struct {}\n${FLAT} F struct { E E }\n${FLAT} G[T any] struct { «X []T }\n${FLAT} A struct { X G[F] }`,
  ],
  [
    'generic with partials',
    'generic-flavour',
    `${PARTIALS} «G[A comparable, B any] struct {\n\t// MAXFIELD(1)\n\tM map[A]B \`restream:",fID=1"\`\n}`,
  ],
  ['anonymous struct field', 'anonymous-struct', `${FLAT} A struct { X «struct{ Y int } }`],
  [
    'type A OtherStruct that is used',
    'defined-from-struct',
    `type B struct { N int8 }\ntype C B\n${FLAT} A struct { X «C; Y B }`,
  ],
  ['channel field', 'unsupported-type', `${FLAT} A struct { X «chan int }`],
  ['func field', 'unsupported-type', `${FLAT} A struct { X «func() }`],
  [
    'duplicate event name',
    'duplicate-name',
    register('eventd.RegisterKeyedEvent("E", &heard, "S")', '«eventd.RegisterKeyedEvent("E", &heard, "S")'),
  ],
  [
    'two names that map to one type',
    'duplicate-name',
    register('eventd.RegisterKeyedEvent("A.B", &heard, "S")', '«eventd.RegisterKeyedEvent("AB", &heard, "S")'),
  ],
  [
    'key that is no string',
    'keyed-event',
    register('eventd.RegisterKeyedEvent("E", &keyed, "S")').replace('func(key int8)', 'func(«key int8)'),
  ],
  ['event callback with results', 'event-type', register('eventd.RegisterEvent("E", «&told)')],
  ['wrong event type', 'event-type', register('eventd.RegisterEvent("E", «&plain)')],
  ['RPC handler without results', 'handler', register('rpcd.RegisterRPCHandler("Do", 0, «silent)')],
  ['RPC handler with three results', 'handler', register('rpcd.RegisterRPCHandler("Do", 0, «wide)')],
  ['RPC handler whose last result is no error', 'handler', register('rpcd.RegisterRPCHandler("Do", 0, «text)')],
  ['FFRPC handler with two results', 'handler', register('rpcd.RegisterFFRPCHandler("Do", 0, «handle)')],
  ['FFRPC handler with a result that is no error', 'handler', register('rpcd.RegisterFFRPCHandler("Do", 0, «text)')],
]

describe('what the reference crashes on, or generates wrongly, is read and works', () => {
  test.each(READ)('%s', async (_, source) => {
    const { errors, model } = await read(source)
    expect(errors).toEqual([])
    const folder = writeEmitted(emitTypeScript(model))
    const { types } = (await importEmitted(folder, 'PackageShop.ts')) as { types: Types }
    const tables = types.flatMap((table) => Object.keys(table))
    expect(tables).not.toEqual([])
    for (const ref of tables) {
      const node = { kind: 'struct', ref } as const
      const zero = zeroOf(types, node)
      expect(decodeValue(types, node, encodeValue(types, node, zero))).toEqual(zero)
    }
  })

  test('and type-checks, all of it', { timeout: COMPILER_TIME }, async () => {
    const files = await Promise.all(
      READ.map(async ([, source], at) =>
        emitTypeScript((await read(source)).model).map(({ path, text }) => ({ path: `row${at}/${path}`, text })),
      ),
    )
    expect(typeErrors(writeEmitted(files.flat()))).toBe('')
  })
})

describe('what cannot travel is an error with a code, at its place', () => {
  test.each(REFUSED)('%s: %s', async (_, code, source) => {
    const { errors, marks } = await read(source)
    expect(errors.map((error) => error.code)).toEqual([code])
    expect(errors[0]).toMatchObject({ ...marks[0] })
    expect(errors[0]?.hint).toMatch(/\.$/)
  })

  test.each([
    ['an unknown type in additionalEnums', 'unknown-type', 'additionalEnums: [«example.com/game/game.Nothing]'],
    ['an unknown package in additionalEnums', 'foreign-package', 'additionalEnums: [«example.com/nowhere.Size]'],
    [
      'an unknown package in buildSerializers',
      'foreign-package',
      'buildSerializers: [«example.com/nowhere/Size]\ngoExtraFile: x/x.go',
    ],
    [
      'what is no struct in buildSerializers',
      'config',
      'goExtraFile: x/x.go\nbuildSerializers:\n  - example.com/game/game/BoardStoreState\n  - «example.com/game/game/Size',
    ],
    ['buildSerializers without goExtraFile', 'config', '«buildSerializers: [example.com/game/game/BoardStoreState]'],
    ['a setting that is a list of something else', 'config', '«goImports: [1]'],
    ['an import without a path', 'config', 'tsImports:\n  - path: a\n  - «imports: [b]'],
    ['an unknown mode', 'config', '«tsRuntimeImportMode: global'],
  ])('%s', async (_, code, text) => {
    const { root, write } = projectFolder({ ...GAME_FILES, 'game/size.go': 'package game\n\ntype Size int8\n' })
    const yaml = `inputDirs:\n  - game\n${text}\n`
    const before = yaml.slice(0, yaml.indexOf('«')).split('\n')
    write('restream.yaml', yaml.replace('«', ''))
    const result = await cli(root, 'generate')
    expect(result.code).toBe(1)
    expect(result.err).toContain(`restream.yaml:${before.length}:${(before.at(-1) ?? '').length + 1}: error ${code}: `)
  })
})

test('255 ids and no more: the 256th field says so', async () => {
  const fields = Array.from({ length: 256 }, (_, at) => `\tF${at} int8`).join('\n')
  const { errors } = await read(`${PARTIALS} A struct {\n${fields}\n}`, { assignIds: true })
  expect(errors.map(({ code, line }) => [code, line])).toEqual([['id-range', 260]])
})

test('needs neither eslint, pnpm, goimports nor Go: nothing else is run', async () => {
  const { root, read: text } = projectFolder()
  const path = process.env['PATH']
  process.env['PATH'] = ''
  try {
    expect(await cli(root, 'generate')).toMatchObject({ code: 0 })
  } finally {
    process.env['PATH'] = path
  }
  expect(text('src/generated/PackageGame.ts')).toContain('export const BoardStore')
})
