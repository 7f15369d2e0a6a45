import { dirname } from 'node:path'
import type { Project } from './config.ts'
import { generate, type Generated } from './generate.ts'
import { type Watch, watchFolders } from './watch.ts'

/** What {@link followSources} tells. */
export interface Following {
  /** After each generation, the first one included. */
  readonly generated: (result: Generated) => void
  /** A generation threw: a configuration that cannot work, or the file system. The next change is another chance. */
  readonly failed: (error: unknown) => void
}

/**
 * Generates now, and again whenever a source or the configuration changes. `load` is asked for the project each time, because its configuration may be what
 * changed.
 *
 * Files that a generation writes do not start another one: what is as wanted is not written, and a second generation finds everything as wanted.
 *
 * @example
 * const watch = await followSources(() => loadConfig('.'), { generated: report, failed: console.error })
 */
export async function followSources(load: () => Promise<Project>, following: Following): Promise<Watch> {
  const first = await load()
  const run = async (): Promise<void> => {
    try {
      const project = await load()
      const result = await generate(project)
      watch.follow(foldersOf(project, result))
      following.generated(result)
    } catch (error) {
      following.failed(error)
    }
  }
  const isSource = (name: string): boolean => /\.(go|mod|ts|mts|mjs|yaml|json)$/.test(name)
  const watch = watchFolders(first.root, isSource, run)
  watch.follow(['.', ...(first.inputDirs ?? [])])
  await run()
  return watch
}

function foldersOf({ configFiles }: Project, { folders }: Generated): string[] {
  return [...new Set(['.', ...configFiles.map((file) => dirname(file)), ...folders])]
}
