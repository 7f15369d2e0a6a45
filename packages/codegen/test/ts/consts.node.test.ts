import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { emitGo, emitTypeScript, memoryTree, readGo, type SchemaConst } from '../../src/index.ts'
import { COMPILER_TIME, importEmitted, typeErrors, writeEmitted } from '../support/emitted.ts'
import { expression } from '../support/expression.ts'
import { readTs } from '../support/read-ts.ts'

/** The value that a constant of this expression has in the model. */
function valueOf(text: string, before = ''): SchemaConst['value'] | undefined {
  const { pkg, errors } = readTs(`${before}\n/** @restream.const */ export const Value = ${text}`)
  expect(errors).toEqual([])
  return pkg.consts.find(({ name }) => name === 'Value')?.value
}

describe('a constant', () => {
  test.each([
    ['7', 7],
    ['-12', -12],
    ['0x1F', 31],
    ['1_000_000', 1_000_000],
    ['1.5e-3', 0.0015],
    ['1e300', 1e300],
    ['-0', 0],
    ['true', true],
    ['!true', false],
    ["'it\\'s'", "it's"],
    ['`a${1 + 1}b`', 'a2b'],
    ["'a' + 1 + true", 'a1true'],
    ['9007199254740993n', { $int: '9007199254740993' }],
    ['-10n', { $int: '-10' }],
    ['2n ** 63n - 1n', { $int: '9223372036854775807' }],
    ['~0n & 0xffn', { $int: '255' }],
    ['(1 << 4) | 3', 19],
    ['7 / 2', 3.5],
    ['60 * 60 * 24 % 7', 86_400 % 7],
    ['5 as Slot', 5],
    ['5 satisfies number', 5],
    ['Other * 2', 42],
    ['-Other', -21],
    ['Phase.Busy + 1', 8],
    ["Phase['Busy']", 7],
    ['Limits.max', 99],
    ['`${Greeting}, ${Limits.name}!`', 'Hello, Limits!'],
  ])('%s', (text, expected) => {
    const before = `
type Slot = number
const Other = 21
const Greeting = 'Hello'
enum Phase { Idle = 6, Busy }
const Limits = { max: Other * 5 - 6, name: 'Limits' } as const`
    expect(valueOf(text, before)).toEqual(expected)
  })

  test('has its doc comment and its place, and its statement may declare several', () => {
    const { model, marks, errors } = readTs(`
/** How many may play. @restream.const */
export const «maxPlayers = 4, «minPlayers = 2
export const other = 3
/** @restream.const */
const «hidden = 1`)
    expect(errors).toEqual([])
    const doc = 'How many may play.'
    expect(model.packages[0]?.consts).toEqual([
      { name: 'hidden', value: 1, origin: 'const', extra: { at: marks[2] } },
      { name: 'maxPlayers', value: 4, origin: 'const', extra: { at: marks[0], doc } },
      { name: 'minPlayers', value: 2, origin: 'const', extra: { at: marks[1], doc } },
    ])
  })

  test('may be made of what other files export, under other names too', () => {
    const { pkg, errors } = readTs({
      'schema/a.ts': `import { Base as Floor, Phase } from './lib/base.ts'
/** @restream.const */ export const Top = Floor + Phase.On`,
      'schema/lib/base.ts':
        "export * from './more.ts'\nexport enum Phase { Off, On = Base * 2 }\nimport { Base } from './more.ts'",
      'schema/lib/more.ts': 'export const Base = 20',
    })
    expect(errors).toEqual([])
    expect(pkg.consts).toEqual([{ name: 'Top', value: 60, origin: 'const' }])
  })

  test('gives enums their values', () => {
    const { pkg, errors } = readTs(`
const Base = 40
/** @restream.partials */ interface A { phase: Phase; mode: Mode }
enum Phase { Off = Base, On, Last = Phase.On + Base }
const Mode = { Slow: Base, Fast: Base * 2 } as const
type Mode = (typeof Mode)[keyof typeof Mode]`)
    expect(errors).toEqual([])
    expect(pkg.enums.map(({ members }) => members.map(({ value }) => value))).toEqual([
      [40, 80],
      [40, 41, 81],
    ])
  })

  test('that is not annotated stays where it is', () => {
    expect(readTs('export const Limit = 3\nexport const parse = () => Limit').pkg.consts).toEqual([])
  })
})

describe('refused', () => {
  test.each([
    ['/** @restream.const */ const «X = parse()', 'constant', 'the value of X cannot be worked out'],
    ['/** @restream.const */ const «X = { a: 1 } as const', 'constant', 'the value of X cannot be worked out'],
    ['/** @restream.const */ const «X = Y; const Y = X', 'constant', 'the value of X cannot be worked out'],
    ['/** @restream.const */ const «X = O.a; const O = { a: O.a } as const', 'constant', 'cannot be worked out'],
    ['/** @restream.const */ const «X = E.B; enum E { A = E.B, B = E.A }', 'constant', 'cannot be worked out'],
    ['/** @restream.const */ const «X = 1 / 0', 'constant', 'cannot be worked out'],
    ['/** @restream.const */ const «X = 1n / 0n', 'constant', 'cannot be worked out'],
    ['/** @restream.const */ const «X = 1n + 1', 'constant', 'cannot be worked out'],
    ['/** @restream.const */ const «X = 2n ** 100000n', 'constant', 'cannot be worked out'],
    ['/** @restream.const */ const «X = 9007199254740993', 'constant', 'cannot be worked out'],
    ["/** @restream.const */ const «X = '\\ud800'", 'constant', 'cannot be worked out'],
    ['/** @restream.const */ const «X = null', 'constant', 'cannot be worked out'],
    ['/** @restream.const */ declare const «X: number', 'constant', 'cannot be worked out'],
    ['/** «@restream.const */ let X = 1', 'annotation', 'X has @restream.const and may change'],
    ['/** «@restream.const */ const { a, b } = { a: 1, b: 2 }', 'annotation', '{ a, b } has @restream.const'],
    ['/** «@restream.const */ enum X { A }', 'annotation', 'X has @restream.const and is no constant'],
    ['/** «@restream.const */ interface X { a: string }', 'annotation', 'X has @restream.const and is no constant'],
    ['/** «@restream.const */ function x() {}', 'annotation', 'x has @restream.const and is no constant'],
    ['/** «@restream.partials */ const X = 1', 'annotation', 'X is annotated as state or calls and is a value'],
    ['/** «@restream.rpc */ let X = 1', 'annotation', 'X is annotated as state or calls and is a value'],
    [
      '/** @restream.partials */ interface X { a: string }\n/** @restream.const */ const «X = 1',
      'duplicate-name',
      'X is there already',
    ],
  ])('%s', (source, code, message) => {
    const { errors, marks } = readTs(source)
    expect(errors.map((error) => error.code)).toEqual([code])
    expect(errors[0]).toMatchObject({ ...marks[0], message: expect.stringContaining(message) })
    expect(errors[0]?.hint).not.toBe('')
  })

  test('what grows without end: constants that double each other', () => {
    const lines = Array.from({ length: 60 }, (_, at) => `const C${at + 1} = C${at} + C${at}`)
    const { errors } = readTs(`const C0 = 'ab'\n${lines.join('\n')}\n/** @restream.const */ const X = C60`)
    expect(errors.map(({ code }) => code)).toEqual(['constant'])
  })

  test('what needs others without end', () => {
    const lines = Array.from({ length: 5000 }, (_, at) => `const C${at + 1} = C${at}`)
    const { errors } = readTs(`const C0 = 1\n${lines.join('\n')}\n/** @restream.const */ const X = C5000`)
    expect(errors.map(({ code }) => code)).toEqual(['constant'])
  })

  test('what is nested without end', () => {
    const { errors } = readTs(`/** @restream.const */ const X = ${'1+'.repeat(3000)}1`)
    expect(errors.map(({ code }) => code)).toEqual(['constant'])
  })
})

const SOURCE = `
/** How many. @restream.const */ export const maxPlayers = 4
/** @restream.const */ export const Ratio = -1.5
/** @restream.const */ export const Mask = 0xffff_ffff_ffff_ffffn
/** @restream.const */ export const Motto = 'Say "hi"\\n'
/** @restream.const */ export const Debug = false`

describe('what is generated', () => {
  test('feature 118: has them as they are, with their types', { timeout: COMPILER_TIME }, async () => {
    const files = emitTypeScript(readTs(SOURCE).model)
    expect(files[0]?.text).toContain('/** How many. */\nexport const maxPlayers = 4\n')
    const module = await importEmitted(writeEmitted(files), 'PackageSchema.ts')
    expect({ ...module }).toEqual({
      maxPlayers: 4,
      Ratio: -1.5,
      Mask: 0xffff_ffff_ffff_ffffn,
      Motto: 'Say "hi"\n',
      Debug: false,
    })
    const use =
      "import { Mask, maxPlayers } from './PackageSchema.ts'\nexport const of: [4, bigint] = [maxPlayers, Mask]"
    expect(typeErrors(writeEmitted([...files, { path: 'use.ts', text: use }]))).toBe('')
  })

  test('in Go begins with a capital, and reads back', async () => {
    const files = emitGo(readTs(SOURCE).model, { importPath: 'example.com/game' })
    expect(files[0]?.text).toContain('// How many.\nconst MaxPlayers = 4\n')
    const { model, diagnostics } = await readGo(
      memoryTree({ 'go.mod': 'module example.com/game\n', 'schema/schema.go': files[0]?.text ?? '' }),
      { inputDirs: ['schema'] },
    )
    expect(diagnostics).toEqual([])
    expect(model.packages[0]?.consts.map(({ name, value }) => [name, value])).toEqual([
      ['Debug', false],
      ['Mask', { $int: '18446744073709551615' }],
      ['MaxPlayers', 4],
      ['Motto', 'Say "hi"\n'],
      ['Ratio', -1.5],
    ])
  })

  test('in Go cannot have two of one name', () => {
    const { model } = readTs('/** @restream.const */ const a = 1\n/** @restream.const */ const A = 2')
    expect(() => emitGo(model, { importPath: 'example.com/game' })).toThrow(
      expect.objectContaining({ code: 'schema', hint: 'Rename one of them.' }),
    )
  })
})

test('random expressions have the value that JavaScript gives them', () => {
  const leaf = fc.oneof(
    fc.integer({ min: -1000, max: 1000 }).map((n) => (n < 0 ? `(${n})` : String(n))),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => `(${n})`),
    fc.string({ maxLength: 6 }).map((text) => expression(text)),
    fc.bigInt({ min: -1000n, max: 1000n }).map((n) => `(${n}n)`),
    fc.boolean().map(String),
  )
  const { tree } = fc.letrec<{ tree: string }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      leaf,
      fc
        .tuple(tie('tree'), fc.constantFrom('+', '-', '*', '/', '%', '<<', '>>', '|', '&', '^'), tie('tree'))
        .map(([a, operator, b]) => `(${a} ${operator} ${b})`),
      fc.tuple(fc.constantFrom('-', '~'), tie('tree')).map(([operator, a]) => `(${operator} ${a})`),
      tie('tree').map((a) => `\`<\${${a}}>\``),
    ),
  }))
  let compared = 0
  fc.assert(
    fc.property(tree, (text) => {
      const { pkg, errors } = readTs(`/** @restream.const */ export const X = ${text}`)
      const found = pkg.consts.map(({ value }) => plain(value))
      // What is refused is refused with its code: JavaScript may calculate with mixed types, and this does not.
      expect(errors.map(({ code }) => code)).toEqual(found.length === 0 ? ['constant'] : [])
      compared += found.length
      // oxlint-disable-next-line no-eval -- the second opinion
      const real = (): unknown => (0, eval)(text)
      expect(found).toEqual(found.map(() => withoutSign(real())))
    }),
    { numRuns: 400 },
  )
  expect(compared).toBeGreaterThan(100)
})

const plain = (value: SchemaConst['value']): unknown => (typeof value === 'object' ? BigInt(value.$int) : value)

/** No constant is -0. */
const withoutSign = (value: unknown): unknown => (typeof value === 'number' ? value + 0 : value)
