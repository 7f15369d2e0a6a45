import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkOutputOptions } from '../../src/project/output-options.ts'
import { emitters } from '../../src/project/wiring.ts'
import { cli, projectFolder, type ProjectFolder } from '../support/project-folder.ts'

const SOURCE = `import type { int64 } from '@rivulet/wire'
/** @restream.store(Tally) */
export interface TallyStoreState { readonly votes: int64; readonly at: Date; readonly total: int64; readonly end: Date }
`

/** A project whose outputs are these. */
function projectWith(...outputs: readonly object[]): ProjectFolder {
  return projectFolder({
    'rivulet.config.json': JSON.stringify({ source: 'typescript', inputDirs: ['schema'], outputs }),
    'schema/tally.ts': SOURCE,
  })
}

describe('an option does what it says', () => {
  test.each([
    ['nothing', {}, ['votes: number', 'at: Date', 'total: number', 'end: Date']],
    ['wide', { wide: 'bigint' }, ['votes: bigint', 'at: Date', 'total: bigint', 'end: Date']],
    ['time', { time: 'millis' }, ['votes: number', 'at: number', 'total: number', 'end: number']],
    [
      'fields, in front of the others',
      { wide: 'bigint', fields: { 'schema.TallyStoreState.Votes': { wide: 'number' } } },
      ['votes: number', 'at: Date', 'total: bigint', 'end: Date'],
    ],
    [
      'fields, alone',
      {
        fields: {
          'schema.TallyStoreState.Votes': { wide: 'bigint', time: 'millis' },
          'schema.TallyStoreState.End': { time: 'millis' },
        },
      },
      ['votes: bigint', 'at: Date', 'total: number', 'end: number'],
    ],
  ])('%s', async (_, options, properties) => {
    const { root, read } = projectWith({ emit: 'typescript', options })
    expect(await cli(root, 'generate')).toMatchObject({ code: 0, err: '' })
    const text = read('src/generated/PackageSchema.ts')
    expect(text.match(/readonly \w+: \w+/g)?.map((line) => line.slice('readonly '.length))).toEqual(properties)
  })

  test.each([
    ['.ts', './tally.gen.ts'],
    ['.js', './tally.gen.js'],
    ['', './tally.gen'],
  ])('importExtension "%s", and fileName', async (importExtension, from) => {
    const options = { fileName: 'tally.gen.ts', importExtension }
    const { root, read } = projectWith({ emit: 'typescript', options }, { emit: 'hooks', options })
    expect(await cli(root, 'generate')).toMatchObject({ code: 0, err: '' })
    expect(read('src/generated/tally.genHooks.ts')).toContain(`TallyStore, type TallyStoreState } from '${from}'`)
  })

  test('hooksFrom', async () => {
    const { root, read } = projectWith({ emit: 'hooks', options: { hooksFrom: '../my-hooks.ts' } })
    expect(await cli(root, 'generate')).toMatchObject({ code: 0 })
    expect(read('src/generated/PackageSchemaHooks.ts')).toContain("from '../my-hooks.ts'")
  })

  test.each([
    ['client', false],
    ['host', true],
  ])('role %s', async (role, registers) => {
    const { root, read, write } = projectWith({
      emit: 'go',
      dir: 'device',
      options: { importPath: 'example.com/device', role },
    })
    write('schema/calls.ts', '/** @restream.rpc */\nexport interface Tally { vote(): void }\n')
    expect(await cli(root, 'generate')).toMatchObject({ code: 0, err: '' })
    expect((await cli(root, 'generate', '--json')).code).toBe(0)
    const texts = readdirSync(join(root, 'device/schema')).map((name) => read(`device/schema/${name}`))
    expect(texts.join('').includes('RegisterRPCHandler')).toBe(registers)
  })
})

describe('an option that cannot be meant is refused, named with its output, and nothing is written', () => {
  test.each<[emit: string, options: object, message: string]>([
    ['typescript', { fileNam: 'x.ts' }, 'the output "typescript" has no option "fileNam"'],
    ['typescript', { hooksFrom: './x.ts' }, 'the output "typescript" has no option "hooksFrom"'],
    ['typescript', { toString: 'x' }, 'the output "typescript" has no option "toString"'],
    ['typescript', { fileName: 7 }, 'the option fileName of the output "typescript" is not a text'],
    ['typescript', { fileName: '' }, 'the option fileName of the output "typescript" is not a text'],
    ['typescript', { fileName: 'a/b.ts' }, '"a/b.ts" cannot be the name of a module'],
    ['typescript', { fileName: 'schema' }, '"schema" cannot be the name of a module'],
    ['typescript', { importExtension: 'js' }, 'importExtension of the output "typescript" is none of ".ts", ".js", ""'],
    ['typescript', { wide: 'bigints' }, 'the option wide of the output "typescript" is none of "number", "bigint"'],
    ['typescript', { wide: true }, 'the option wide of the output "typescript" is none of "number", "bigint"'],
    ['typescript', { time: null }, 'the option time of the output "typescript" is none of "date", "millis"'],
    ['typescript', { fields: [] }, 'the option fields of the output "typescript" is not an object'],
    ['typescript', { fields: { 'a.B.C': 'bigint' } }, 'has no object for a.B.C'],
    ['typescript', { fields: { 'a.B.C': { wide: 1 } } }, 'has a wide for a.B.C that is none of "number", "bigint"'],
    ['typescript', { fields: { 'a.B.C': { tim: 'date' } } }, 'has a "tim" for a.B.C, which is neither wide nor time'],
    ['typescript', { fields: { 'a.B.C': { wide: 'bigint' } } }, 'names a.B.C, which the model does not have'],
    ['hooks', { hooksFrom: 5 }, 'the option hooksFrom of the output "hooks" is not a text'],
    ['hooks', { role: 'host' }, 'the output "hooks" has no option "role"'],
    ['json', { fileName: 'x.json' }, 'the output "json" has no option "fileName". It has none.'],
    ['go', {}, 'the output "go" needs the option importPath'],
    ['go', { importPath: '' }, 'the option importPath of the output "go" is no import path'],
    ['go', { importPath: 'a b' }, 'the option importPath of the output "go" is no import path'],
    ['go', { importPath: '/a' }, 'the option importPath of the output "go" is no import path'],
    ['go', { importPath: 'a/' }, 'the option importPath of the output "go" is no import path'],
    ['go', { importPath: 'a"b' }, 'the option importPath of the output "go" is no import path'],
    ['go', { importPath: 'a', role: 'device' }, 'the option role of the output "go" is none of "client", "host"'],
    ['cobol', {}, 'nothing emits "cobol"'],
  ])('%s with %j', async (emit, options, message) => {
    const { root, read } = projectWith({ emit: 'json', dir: 'public' }, { emit, options })
    const { code, out, err } = await cli(root, 'generate')
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(message)
    expect(err).not.toContain('    at ')
    expect(() => read('public/schema.json')).toThrow('ENOENT')
    expect(() => read('schema.json')).toThrow('ENOENT')
  })
})

test('what is undefined was left out, and every emitter has a list of its options', () => {
  const required: Readonly<Record<string, object>> = { go: { importPath: 'example.com/x' } }
  for (const emit of emitters.keys()) {
    expect(() => checkOutputOptions(emit, { ...required[emit] })).not.toThrow()
    expect(() => checkOutputOptions(emit, { ...required[emit], nothing: 1 })).toThrow('has no option "nothing"')
  }
  expect(() => checkOutputOptions('typescript', { wide: undefined, fields: undefined })).not.toThrow()
})

test('whatever is given, the answer is a refusal with a hint, or an emitter that can use it', () => {
  const names = fc.constantFrom('wide', 'time', 'fields', 'fileName', 'importExtension', 'hooksFrom', 'role', 'x')
  const value = fc.oneof(
    fc.constantFrom('number', 'bigint', 'date', 'millis', '.ts', '{package}.ts', '', null, undefined, 1, {}),
    fc.jsonValue(),
  )
  fc.assert(
    fc.property(fc.constantFrom('typescript', 'hooks', 'json'), fc.dictionary(names, value), (emit, options) => {
      let refused: unknown
      try {
        checkOutputOptions(emit, options)
      } catch (error) {
        refused = error
      }
      const model = { format: 'restream-schema/1', packages: [] } as const
      const used = (): unknown => (refused === undefined ? emitters.get(emit)?.(model, options, {} as never) : [])
      expect(used).not.toThrow(TypeError)
      const refusal = { code: 'config', hint: expect.stringMatching(/\.$/) }
      expect(refused ?? refusal).toMatchObject(refusal)
    }),
  )
})

describe('two outputs that would be one file', () => {
  test.each([
    [
      'two modules',
      {},
      [{ emit: 'typescript' }, { emit: 'typescript', options: { wide: 'bigint' } }],
      'src/generated/PackageSchema.ts',
    ],
    [
      'a module and the hooks of another',
      {},
      [
        { emit: 'typescript', options: { fileName: 'aHooks.ts' } },
        { emit: 'hooks', options: { fileName: 'a.ts' } },
      ],
      'src/generated/aHooks.ts',
    ],
    [
      'a module and the schema file',
      { schema: './src/generated/PackageSchema.ts' },
      [{ emit: 'typescript' }],
      'src/generated/PackageSchema.ts',
    ],
  ])('are refused: %s', async (_, more, outputs, path) => {
    const { root, write } = projectFolder({ 'schema/tally.ts': SOURCE })
    const config = { source: 'typescript', inputDirs: ['schema'], ...more, outputs }
    write('rivulet.config.json', JSON.stringify(config))
    expect(await cli(root, 'generate')).toMatchObject({
      code: 2,
      err: expect.stringContaining(`two outputs would both be ${path}`),
    })
  })

  test('are one when they say the same', async () => {
    const { root } = projectWith({ emit: 'json', dir: '.' }, { emit: 'typescript' }, { emit: 'typescript' })
    expect(await cli(root, 'generate')).toMatchObject({ code: 0, err: '' })
    expect((await cli(root, 'generate', '--check')).code).toBe(0)
  })

  test('are two in folders of their own', async () => {
    const { root, read } = projectWith(
      { emit: 'typescript', dir: 'page' },
      { emit: 'typescript', dir: './host/', options: { wide: 'bigint' } },
    )
    expect(await cli(root, 'generate')).toMatchObject({ code: 0, err: '' })
    expect(read('page/PackageSchema.ts')).toContain('votes: number')
    expect(read('host/PackageSchema.ts')).toContain('votes: bigint')
  })
})
