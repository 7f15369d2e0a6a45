import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/index.ts'
import { projectFolder } from '../support/project-folder.ts'

describe('a project without a configuration of its own', () => {
  test('feature 92: has the defaults, and what restream.yaml says', async () => {
    const { root } = projectFolder({
      'restream.yaml': 'inputDirs: [game]\ntsDir: web/src\ntsImports:\n  - path: ./more\n',
    })
    expect(await loadConfig(root)).toEqual({
      root,
      source: 'go',
      inputDirs: undefined,
      outDir: 'web/src',
      schema: 'schema.json',
      outputs: undefined,
      configFiles: ['restream.yaml'],
      tsImports: [{ path: './more', imports: [], typeImports: [] }],
    })
  })

  test('and without a restream.yaml is none', async () => {
    const { root } = projectFolder({})
    await expect(loadConfig(root)).rejects.toMatchObject({
      code: 'config',
      message: expect.stringContaining('there is neither a rivulet.config.ts, a rivulet.config.mjs'),
      hint: expect.stringContaining('rivulet init'),
    })
  })
})

describe('a configuration', () => {
  const whole = {
    source: 'typescript',
    inputDirs: ['schema'],
    outDir: 'made',
    schema: 'made/schema.json',
    outputs: [{ emit: 'hooks', dir: 'hooks', options: { hooksFrom: './mine.ts' } }],
  }

  test.each([
    ['rivulet.config.json', JSON.stringify(whole)],
    ['rivulet.config.mjs', `export default ${JSON.stringify(whole)}`],
    ['rivulet.config.ts', `export default ${JSON.stringify(whole)}`],
  ])('may be a %s', async (file, text) => {
    const { root } = projectFolder({ [file]: text })
    expect(await loadConfig(root)).toEqual({ root, ...whole, configFiles: [file], tsImports: [] })
  })

  test('is the first of several, unless one is named', async () => {
    const { root } = projectFolder({
      'rivulet.config.json': '{ "schema": "json.json" }',
      'rivulet.config.mjs': "export default { schema: 'mjs.json' }",
      'other.json': '{ "schema": "other.json" }',
    })
    expect((await loadConfig(root)).schema).toBe('mjs.json')
    expect((await loadConfig(root, 'other.json')).schema).toBe('other.json')
  })

  test('goes before restream.yaml, which still counts', async () => {
    const { root } = projectFolder({
      'rivulet.config.json': '{ "outDir": "mine" }',
      'restream.yaml': 'inputDirs: [game]\ntsDir: theirs\n',
    })
    expect(await loadConfig(root)).toMatchObject({
      outDir: 'mine',
      configFiles: ['rivulet.config.json', 'restream.yaml'],
    })
  })

  test('is read again after it changed', async () => {
    const { root, write } = projectFolder({ 'rivulet.config.mjs': "export default { schema: 'one.json' }" })
    expect((await loadConfig(root)).schema).toBe('one.json')
    await expect
      .poll(async () => {
        // Files are told apart by when they were written, which some file systems know to a hundredth of a second.
        write('rivulet.config.mjs', "export default { schema: 'two.json' }")
        return (await loadConfig(root)).schema
      })
      .toBe('two.json')
  })

  test.each([
    ['rivulet.config.json', '[]', 'it exports no object'],
    ['rivulet.config.json', 'null', 'it exports no object'],
    ['rivulet.config.json', '{', 'rivulet.config.json cannot be read: '],
    ['rivulet.config.mjs', 'export const a = 1', 'it exports no object'],
    ['rivulet.config.mjs', 'throw new Error("no luck")', 'rivulet.config.mjs cannot be read: no luck'],
    ['rivulet.config.json', '{ "inputDir": "a" }', '"inputDir" is not a setting'],
    ['rivulet.config.json', '{ "source": 1 }', 'source is not a text'],
    ['rivulet.config.json', '{ "outDir": ["a"] }', 'outDir is not a text'],
    ['rivulet.config.json', '{ "inputDirs": "a" }', 'inputDirs is not a list of texts'],
    ['rivulet.config.json', '{ "inputDirs": [1] }', 'inputDirs is not a list of texts'],
    ['rivulet.config.json', '{ "outputs": {} }', 'outputs is not a list of outputs'],
    ['rivulet.config.json', '{ "outputs": ["hooks"] }', 'outputs is not a list of outputs'],
    ['rivulet.config.json', '{ "outputs": [{ "dir": "a" }] }', 'outputs is not a list of outputs'],
    ['rivulet.config.json', '{ "outputs": [{ "emit": "go", "dir": 1 }] }', 'outputs is not a list of outputs'],
    ['rivulet.config.json', '{ "outputs": [{ "emit": "go", "options": [] }] }', 'outputs is not a list of outputs'],
  ])('%s with %s is refused with the fix', async (file, text, message) => {
    const { root } = projectFolder({ [file]: text })
    await expect(loadConfig(root)).rejects.toMatchObject({
      code: 'config',
      message: expect.stringContaining(message),
      hint: expect.stringMatching(/\.$/),
    })
  })

  test('that is named must be there', async () => {
    const { root } = projectFolder({})
    await expect(loadConfig(root, 'none.json')).rejects.toThrow(`there is no none.json in ${root}`)
  })
})
