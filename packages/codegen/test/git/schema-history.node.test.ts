import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { emitJson, type SchemaModel } from '../../src/index.ts'
import { git } from '../../src/git/git.ts'
import { commitOf, schemaAt, schemaHistory } from '../../src/git/schema-history.ts'
import { projectFolder, type ProjectFolder } from '../support/project-folder.ts'
import { modelWith, packageWith } from '../support/small-model.ts'

const schemaOf = (...names: readonly string[]): string =>
  emitJson(modelWith(...names.map((name) => packageWith(name, { ignoredConsts: [name] })))).text

const packagesOf = ({ packages }: SchemaModel): readonly string[] => packages.map(({ name }) => name)

/** A repository with one commit for each text of the schema file; undefined removes it. */
function repository(path: string, ...texts: readonly (string | undefined)[]): ProjectFolder {
  const project = projectFolder({ 'readme.md': '0' })
  project.git('init', '-q', '-b', 'main')
  for (const [turn, text] of texts.entries()) {
    if (text === undefined) rmSync(join(project.root, path))
    else project.write(path, text)
    project.write('readme.md', String(turn))
    project.git('add', '-A')
    project.git('commit', '-q', '-m', `turn ${turn}`)
  }
  return project
}

describe('commitOf', () => {
  test('knows what git knows a commit by, and nothing else', async () => {
    const { root, git: run } = repository('schema.json', schemaOf('a'), schemaOf('b'))
    const head = run('rev-parse', 'HEAD').trim()
    run('tag', '-a', 'v1', '-m', 'one')
    for (const ref of ['HEAD', 'main', 'v1', head, head.slice(0, 10), 'HEAD@{0}'])
      expect(await commitOf(root, ref)).toBe(head)
    expect(await commitOf(root, 'HEAD~1')).toBe(run('rev-parse', 'HEAD~1').trim())
    for (const ref of ['nothing', '', '--all', '-h', 'HEAD:schema.json', 'HEAD^{tree}', 'HEAD~5'])
      expect(await commitOf(root, ref)).toBeUndefined()
  })

  test('of a repository without commits, or of none, is none', async () => {
    const { root, git: run } = projectFolder({})
    expect(await commitOf(root, 'HEAD')).toBeUndefined()
    run('init', '-q')
    expect(await commitOf(root, 'HEAD')).toBeUndefined()
  })

  test('works where no branch is checked out', async () => {
    const { root, git: run } = repository('schema.json', schemaOf('a'), schemaOf('b'))
    run('checkout', '-q', '--detach', 'HEAD~1')
    expect(await commitOf(root, 'HEAD')).toBe(run('rev-parse', 'main~1').trim())
  })
})

describe('schemaAt', () => {
  test('has the file as the commit has it, whatever is on disk, and says of when it is', async () => {
    const { root, git: run, write } = repository('schema.json', schemaOf('a'), schemaOf('b'))
    write('schema.json', 'half of a file')
    const found = await schemaAt(root, 'HEAD~1', 'schema.json')
    expect(found && packagesOf(found.model)).toEqual(['a'])
    expect(found?.commit).toBe(run('rev-parse', '--short', 'HEAD~1').trim())
    expect(found?.date).toBe(run('show', '-s', '--format=%cI', 'HEAD~1').trim())
  })

  test('is undefined where the commit has no such file, and throws where it is no schema', async () => {
    const { root } = repository('schema.json', schemaOf('a'), '{}', undefined)
    expect(await schemaAt(root, 'HEAD', 'schema.json')).toBeUndefined()
    await expect(schemaAt(root, 'HEAD~1', 'schema.json')).rejects.toMatchObject({
      code: 'config',
      message: expect.stringMatching(/^schema\.json of [0-9a-f]+ is no schema file: /),
    })
  })

  test('is relative to the project, not to the repository', async () => {
    const { root } = repository('deep/er/schema.json', schemaOf('a'))
    expect(await schemaAt(join(root, 'deep/er'), 'HEAD', 'schema.json')).toBeDefined()
    expect(await schemaAt(join(root, 'deep'), 'HEAD', 'er/schema.json')).toBeDefined()
    expect(await schemaAt(root, 'HEAD', 'schema.json')).toBeUndefined()
  })
})

describe('schemaHistory', () => {
  test('has every version, newest first, over commits that removed it or left it alone', async () => {
    const { root } = repository('schema.json', schemaOf('a'), schemaOf('a'), undefined, schemaOf('b'), schemaOf('c'))
    const all = await schemaHistory(root, 'HEAD', 'schema.json', 50)
    expect(all.map(({ model }) => packagesOf(model))).toEqual([['c'], ['b'], ['a']])
    expect(new Set(all.map(({ commit }) => commit)).size).toBe(3)
  })

  test('is not longer than it may be, and begins where it is told', async () => {
    const { root } = repository('schema.json', schemaOf('a'), schemaOf('b'), schemaOf('c'))
    const some = await schemaHistory(root, 'HEAD', 'schema.json', 2)
    expect(some.map(({ model }) => packagesOf(model))).toEqual([['c'], ['b']])
    const earlier = await schemaHistory(root, 'HEAD~1', 'schema.json', 50)
    expect(earlier.map(({ model }) => packagesOf(model))).toEqual([['b'], ['a']])
  })

  test('goes over what was merged', async () => {
    const { root, git: run, write } = repository('schema.json', schemaOf('a'))
    run('checkout', '-q', '-b', 'side')
    write('schema.json', schemaOf('a', 'side'))
    run('commit', '-q', '-am', 'side')
    run('checkout', '-q', 'main')
    write('other.md', '')
    run('add', '-A')
    run('commit', '-q', '-m', 'meanwhile')
    run('merge', '-q', '--no-ff', '-m', 'merged', 'side')
    const all = await schemaHistory(root, 'HEAD', 'schema.json', 50)
    expect(all.map(({ model }) => packagesOf(model))).toEqual([['a', 'side'], ['a']])
  })

  test('of a file that never was is empty', async () => {
    const { root } = repository('schema.json', schemaOf('a'))
    expect(await schemaHistory(root, 'HEAD', 'none.json', 50)).toEqual([])
  })
})

test('without git on the machine the error says how to do without', async () => {
  const path = process.env['PATH']
  process.env['PATH'] = projectFolder({}).root
  try {
    await expect(git('.', ['status'])).rejects.toMatchObject({
      code: 'config',
      message: expect.stringContaining('git is not on this machine'),
      hint: 'Compare with a file: --against schema.json.',
    })
  } finally {
    process.env['PATH'] = path
  }
})
