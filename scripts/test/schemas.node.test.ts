import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { root } from '../lib/root.mjs'
import { schemaProjects } from '../lib/schema-projects.mjs'
import { schemas } from '../lib/schemas.mjs'
import { tempTree } from './temp-tree.ts'

vi.setConfig({ testTimeout: 60_000 })

const SOURCE = `/** @restream.store(Tide) */
export interface TideStoreState {
  readonly level: number
  readonly rising: boolean
}
`
const CONFIG = JSON.stringify({ source: 'typescript', inputDirs: ['model'], outDir: 'src' })

/** A repository with one workspace that has a schema and one that has none, generated and committed. */
async function repository(): Promise<string> {
  const folder = tempTree({
    'package.json': JSON.stringify({ workspaces: ['apps/*', 'tools'] }),
    'apps/tide/rivulet.config.json': CONFIG,
    'apps/tide/model/tide.ts': SOURCE,
    'apps/plain/package.json': '{}',
    'tools/package.json': '{}',
  })
  const git = (...args: string[]): unknown => execFileSync('git', args, { cwd: folder, stdio: 'pipe' })
  expect((await schemas(folder, 'write')).ok).toBe(true)
  git('init', '--quiet')
  git('add', '-A')
  git('-c', 'user.name=test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false', 'commit', '-qm', 'all')
  return folder
}

const source = (folder: string): string => join(folder, 'apps/tide/model/tide.ts')

describe('the schemas of a repository', () => {
  test('are found by their configuration', async () => {
    expect(schemaProjects(await repository())).toEqual(['apps/tide'])
  })

  test('of this one', () => {
    expect(schemaProjects(root)).toEqual([
      'bench',
      'demo-tictactoe',
      'examples/audio-frames',
      'examples/radio',
      'interop',
    ])
  })

  test('are in order when they are as they were committed', async () => {
    const folder = await repository()
    const { ok, said } = await schemas(folder, 'check')
    expect(said.join('\n')).toContain('0 breaking')
    expect(ok).toBe(true)
  })

  test.each([
    ['a source that was changed', (folder: string) => writeFileSync(source(folder), SOURCE.replace('level', 'depth'))],
    ['a module that was edited', (folder: string) => editModule(folder)],
    ['a module that is gone', (folder: string) => rmSync(join(folder, MODULE))],
    ['ids that are gone', (folder: string) => rmSync(join(folder, 'apps/tide/rivulet.lock.json'))],
  ])('are not, after %s, and nothing is written', async (_, change) => {
    const folder = await repository()
    change(folder)
    const before = texts(folder)
    const { ok, said } = await schemas(folder, 'check')
    expect(said.join('\n')).toMatch(/apps\/tide: rivulet generate --check\n[^]*out of date: run `rivulet generate`/)
    expect(ok).toBe(false)
    expect(texts(folder)).toEqual(before)
  })

  test('are not, when they would break a peer of the commit', async () => {
    const folder = await repository()
    writeFileSync(source(folder), SOURCE.replace('level: number', 'level: string'))
    expect((await schemas(folder, 'write')).ok).toBe(true)
    const { ok, said } = await schemas(folder, 'check')
    expect(said.join('\n')).toMatch(/breaks-[^]*[1-9]\d* breaking/)
    expect(ok).toBe(false)
  })

  test('a mistake in a source is named', async () => {
    const folder = await repository()
    writeFileSync(source(folder), SOURCE.replace('number', 'any'))
    const { ok, said } = await schemas(folder, 'write')
    expect(said.join('\n')).toContain('model/tide.ts:3:19: error')
    expect(ok).toBe(false)
  })
})

const MODULE = 'apps/tide/src/PackageSchema.ts'

function editModule(folder: string): void {
  const text = readFileSync(join(folder, MODULE), 'utf8')
  writeFileSync(join(folder, MODULE), text.replace('rising', 'falling'))
}

const texts = (folder: string): readonly (string | null)[] =>
  [MODULE, 'apps/tide/schema.json', 'apps/tide/rivulet.lock.json'].map((file) => {
    const path = join(folder, file)
    return existsSync(path) ? readFileSync(path, 'utf8') : null
  })
