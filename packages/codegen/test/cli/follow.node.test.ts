import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { followSources, type Generated, loadConfig } from '../../src/index.ts'
import { GAME, GAME_FILES, projectFolder, type ProjectFolder } from '../support/project-folder.ts'

interface Followed extends ProjectFolder {
  readonly results: readonly Generated[]
  readonly failures: readonly unknown[]
}

async function follow(files = GAME_FILES): Promise<Followed> {
  const project = projectFolder(files)
  const results: Generated[] = []
  const failures: unknown[] = []
  const watch = await followSources(() => loadConfig(project.root), {
    generated: (result) => results.push(result),
    failed: (error) => failures.push(error),
  })
  onTestFinished(() => watch.close())
  return { ...project, results, failures }
}

const titled = (title: string): string => GAME.replace('XTurn', title)

describe('followSources', () => {
  test('generates at once, and again after every change', async () => {
    const { results, write, read } = await follow()
    expect(results.map(({ changes }) => changes.written)).toEqual([['schema.json', 'src/generated/PackageGame.ts']])
    for (const title of ['Aa', 'Bb', 'Cc']) {
      write('game/board.go', titled(title))
      await expect.poll(() => read('schema.json')).toContain(title)
    }
  })

  test('of many changes in a row the last one counts', async () => {
    const { write, read, results } = await follow()
    for (let i = 0; i <= 40; i += 1) write('game/board.go', titled(`Turn${i}`))
    await expect.poll(() => read('schema.json')).toContain('Turn40')
    expect(results.length).toBeLessThan(41)
  })

  test('hears of a folder that is named later, and of one that goes and comes back', async () => {
    const { root, write, read, results } = await follow()
    write('parts/parts.go', 'package parts\n\n// @restream.serializers\ntype Bolt struct { Size uint8 }\n')
    write('restream.yaml', 'inputDirs:\n  - game\n  - parts\n')
    await expect.poll(() => read('schema.json')).toContain('Bolt')
    rmSync(join(root, 'parts'), { recursive: true })
    await expect.poll(() => results.at(-1)?.failed).toBe(true)
    write('parts/parts.go', 'package parts\n\n// @restream.serializers\ntype Nut struct { Size uint8 }\n')
    await expect.poll(() => read('schema.json')).toContain('Nut')
    write('parts/parts.go', 'package parts\n\n// @restream.serializers\ntype Screw struct { Size uint8 }\n')
    await expect.poll(() => read('schema.json')).toContain('Screw')
  })

  test('a configuration that cannot work is told, and the next change is another chance', async () => {
    const { write, failures, read } = await follow()
    write('rivulet.config.json', '{ "outDir": 7 }')
    await expect.poll(() => String(failures.at(-1))).toContain('outDir is not a text')
    write('rivulet.config.json', '{ "schema": "other.json" }')
    await expect.poll(() => read('other.json')).toContain('XTurn')
  })

  test('a mistake that is put right while it is being told is not told', async () => {
    const project = projectFolder()
    const results: Generated[] = []
    let loads = 0
    const load = () => {
      loads += 1
      // The second generation reads half of what is being written.
      if (loads === 3) {
        project.write('game/board.go', GAME.slice(0, 40))
        setImmediate(() => project.write('game/board.go', titled('Whole')))
      }
      return loadConfig(project.root)
    }
    const watch = await followSources(load, { generated: (result) => results.push(result), failed: () => {} })
    onTestFinished(() => watch.close())
    project.write('game/board.go', titled('Begun'))
    await expect.poll(() => project.read('schema.json')).toContain('Whole')
    expect(results.map(({ failed }) => failed)).not.toContain(true)
    // One that stays is told.
    project.write('game/board.go', GAME.slice(0, 40))
    await expect.poll(() => results.at(-1)?.failed).toBe(true)
  })

  test('after close nothing is heard', async () => {
    const project = projectFolder()
    let told = 0
    const watch = await followSources(() => loadConfig(project.root), {
      generated: () => (told += 1),
      failed: () => {},
    })
    watch.close()
    project.write('game/board.go', titled('Later'))
    // A second watch of the same files shows that the change could have been heard by now.
    const { write, results } = await follow()
    write('game/board.go', titled('Later'))
    await expect.poll(() => results.length).toBeGreaterThan(1)
    expect(told).toBe(1)
  })
})
