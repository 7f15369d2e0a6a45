import { readFile } from 'node:fs/promises'
import { runInThisContext } from 'node:vm'
import { dynamic, type StoreDef, type Types } from '@rivulet/wire'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Fleet, FleetStore, makeBoat, makeFleet } from '../../../client/test/support/fleet.ts'
import { literal } from '../../src/recording/test-source/literal.ts'
import { copyAsTest, type Recording, takeRecording } from '../../src/recording.ts'
import { buildRing } from '../support/ring-builder.ts'
import { makeFolder, runTool } from '../support/run-tool.ts'

interface Odd {
  readonly big: bigint
  readonly minus: number
  readonly none: number
  readonly any: unknown
  readonly seen: ReadonlyMap<bigint, Date>
  readonly text: string
}
const types: Types = [
  {
    'odd.Odd': {
      form: 'partial',
      fields: [
        { name: 'big', id: 1, type: { kind: 'uint64', as: 'bigint' } },
        { name: 'minus', id: 2, type: { kind: 'pointer', elem: { kind: 'float64' } } },
        { name: 'none', id: 3, type: { kind: 'float64' } },
        { name: 'any', id: 4, type: { kind: 'any' } },
        { name: 'seen', id: 5, type: { kind: 'map', key: { kind: 'int64', as: 'bigint' }, value: { kind: 'time' } } },
        { name: 'text', id: 6, type: { kind: 'string' } },
      ],
    },
  },
]
const OddStore: StoreDef<Odd> = { kind: 'store', name: 'Odd', state: 'odd.Odd', types }
const odd: Odd = {
  big: 2n ** 63n,
  minus: -0,
  none: Number.NaN,
  any: dynamic([1.5, 'two']),
  seen: new Map([[-1n, new Date(5)]]),
  text: 'it\'s `a` ${test} \\ with "quotes"\nand ключ 日本',
}

function recorded(fleet: Partial<Fleet> = {}, value: Odd = odd): Recording {
  const ring = buildRing()
  ring.full(FleetStore, makeFleet(fleet))
  ring.partial(FleetStore, { count: { set: 7 } })
  ring.full(OddStore, value)
  ring.partial(FleetStore, { boats: { mods: new Map([['a', { at: { mod: { lat: { set: 40.25 } } } }]]) } })
  const stores = [FleetStore, OddStore] as readonly StoreDef[]
  return takeRecording(ring.ring(), { stores }, { url: 'https://host.test' })
}

const boats = new Map(Array.from({ length: 300 }, (_, i) => [`b${i}`, makeBoat(`Boat ${i}`, i)]))

let folder: Awaited<ReturnType<typeof makeFolder>>
beforeAll(async () => {
  folder = await makeFolder()
})
afterAll(() => folder.clean())

const vitest = (...files: readonly string[]) =>
  runTool('vitest', 'vitest', ['run', '--project', 'node', '--retry', '0', ...files])

describe('a recording as a test', () => {
  test('passes as it is written, fails when the recording is another one, compiles and is formatted', async () => {
    const small = copyAsTest(recorded(), { moments: [2, 1, 2, 99], name: "what 'they' saw" })
    expect(small.recording).toBeNull()
    const large = copyAsTest(recorded({ boats }), { file: 'large.rsrec', inlineLimit: 5000 })
    expect(large.recording).not.toBeNull()
    await folder.write('large.rsrec', large.recording as string)
    const files = [
      await folder.write('small.node.test.ts', small.test),
      await folder.write('large.node.test.ts', large.test),
    ]
    const passed = await vitest(...files)
    expect([passed.code, passed.output]).toEqual([0, expect.stringMatching(/Tests .*2 passed/)])

    // The strictest settings that there are, with what the repository has anyway.
    await folder.write(
      'tsconfig.json',
      JSON.stringify({
        extends: '../../../../tsconfig.test.json',
        compilerOptions: {
          noPropertyAccessFromIndexSignature: true,
          noImplicitReturns: true,
          noUncheckedSideEffectImports: true,
          exactOptionalPropertyTypes: true,
          skipLibCheck: true,
        },
        include: ['*.ts'],
        exclude: [],
      }),
    )
    expect(await runTool('typescript', 'tsc', ['-p', folder.path])).toEqual({ code: 0, output: '' })
    expect(await runTool('oxfmt', 'oxfmt', ['--check', ...files])).toMatchObject({ code: 0 })

    // One byte of a delta, one of a file: what was asserted is not what comes any more.
    const other = copyAsTest(recorded({}, { ...odd, minus: 0 }), { moments: [2, 1] })
    await folder.write(
      'small.node.test.ts',
      small.test.slice(0, small.test.indexOf('function recorded')) +
        other.test.slice(other.test.indexOf('function recorded')),
    )
    const changed = (large.recording as string).replace('[4,"', '[4,"AA')
    await folder.write('large.rsrec', changed)
    const failed = await vitest(...files)
    expect([failed.code, failed.output]).toEqual([1, expect.stringMatching(/Tests .*2 failed/)])
    expect(failed.output).toContain('-0')
  }, 300_000)

  test('asserts chosen stores at chosen moments, in order, and always the end', () => {
    const { test: source } = copyAsTest(recorded(), { stores: ['Odd'], moments: [3, 1, 4, 0, 17, 3] })
    expect(source.match(/replay\.\w+\([^)]*\)/g)).toEqual([
      'replay.dispose()',
      'replay.to(1)',
      "replay.state('Odd')",
      'replay.to(3)',
      "replay.state('Odd')",
      'replay.end()',
      "replay.state('Odd')",
    ])
    expect(source).toContain("expect(await replay.state('Odd')).toBeUndefined()")
    expect(source).not.toContain("state('fleet')")
  })

  test('refuses what nobody could read, and stores that are not there', () => {
    const huge = new Map(Array.from({ length: 20_000 }, (_, i) => [`b${i}`, makeBoat(`Boat ${i}`, i)]))
    expect(() => copyAsTest(recorded({ boats: huge }))).toThrow(expect.objectContaining({ code: 'limit' }))
    expect(() => copyAsTest(recorded(), { stores: ['ghost'] })).toThrow(
      expect.objectContaining({ code: 'unknown-store' }),
    )
  })
})

describe('a literal', () => {
  test('evaluates to an equal value', () => {
    fc.assert(
      fc.property(value, (it) => {
        const made = runInThisContext(`(${literal(it)})`) as unknown
        expect(made).toStrictEqual(it)
      }),
      { numRuns: 500 },
    )
  })

  test('is laid out as oxfmt would', async () => {
    const values = fc.sample(value, { numRuns: 400, seed: 7 })
    const widths = Array.from({ length: 60 }, (_, i) => ({
      numbers: Array.from({ length: 20 + i }, (__, n) => n * 3),
      text: 'x'.repeat(60 + i),
      on: true,
      list: ['y'.repeat(55 + i)],
    }))
    const lines = [...values, ...widths]
      .map((it, i) => literal(it, `export const v${i}: unknown = `))
      .filter((line) => !/= ['"]/.test(line))
    const file = await folder.write('literals.ts', `${lines.join('\n')}\n`)
    const before = lines.join('\n')
    await runTool('oxfmt', 'oxfmt', [file])
    expect((await readFile(file, 'utf8')).trimEnd()).toBe(before)
  }, 60_000)

  test('never becomes a prototype, and hides nothing', () => {
    expect(literal(JSON.parse('{"__proto__":1}'))).toBe("{ ['__proto__']: 1 }")
    expect(literal('a\u200bb\u202ec\u0301')).toBe(String.raw`'a\u200bb\u202ec\u0301'`)
    expect(literal(new Date(Number.NaN))).toBe('new Date(NaN)')
    expect(literal(new Date(-62_135_596_800_000))).toBe("new Date('0001-01-01T00:00:00.000Z')")
  })
})

const leaf = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom('日本語のテキスト', 'été', "'", '"', '\'"', 'a\\b', '\n\t', '${x}', '`'),
  fc.double(),
  fc.integer(),
  fc.bigInt(),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom(-0, Number.NaN, Infinity, -Infinity, 1e21, 1e-7),
  fc.date({ noInvalidDate: true }),
  fc.uint8Array({ maxLength: 60 }),
)
const key = fc.constantFrom('a', 'count', 'longerName', 'ab', 'theLongestNameOfThemAll', 'x$', '_y', 'with-dash')
const value: fc.Arbitrary<unknown> = fc.letrec<{ one: unknown }>((tie) => ({
  one: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc.array(tie('one'), { maxLength: 6 }),
    fc.array(fc.integer(), { maxLength: 60 }),
    fc.dictionary(key, tie('one'), { maxKeys: 6, noNullPrototype: true }),
    fc.array(fc.tuple(leaf, tie('one')), { maxLength: 5 }).map((entries) => new Map(entries)),
    fc.array(leaf, { maxLength: 5 }).map((items) => new Set(items)),
  ),
})).one
