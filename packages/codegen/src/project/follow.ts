import { dirname } from 'node:path'
import { setImmediate, setTimeout } from 'node:timers/promises'
import type { Project } from './config.ts'
import { generate, type Generated } from './generate.ts'
import { createSourceCache } from './source-cache.ts'
import { type FolderWatch, type Watch, watchFolders } from './watch.ts'

/** What {@link followSources} tells. */
export interface Following {
  /** After each generation, the first one included; not after one that failed when the sources have changed again meanwhile. */
  readonly generated: (result: Generated) => void
  /** A generation threw: a configuration that cannot work, or the file system. The next change is another chance. */
  readonly failed: (error: unknown) => void
}

/**
 * Generates now, and again whenever a source or the configuration changes. `load` is asked for the project each time, because its configuration may be what
 * changed.
 *
 * Of sources that did not change nothing is read again; what is generated is the same as from the beginning. Files that a generation writes start one more, which finds
 * that it has read all of it.
 *
 * @example
 * const watch = await followSources(() => loadConfig('.'), { generated: report, failed: console.error })
 */
export async function followSources(load: () => Promise<Project>, following: Following): Promise<Watch> {
  const first = await load()
  const cache = createSourceCache()
  let running: Promise<void> = Promise.resolve()
  const run = async (): Promise<void> => {
    running = generateOnce()
    await running
  }
  const generateOnce = async (): Promise<void> => {
    try {
      const project = await load()
      const result = await generate(project, { cache })
      watch.follow(foldersOf(project, result))
      // Half of a file is a mistake that nobody made: whoever writes it is given the time to write the rest.
      if (result.failed && (await isReplaced(watch))) return
      following.generated(result)
    } catch (error) {
      if (!(await isReplaced(watch))) following.failed(error)
    }
  }
  const isSource = (name: string): boolean => /\.(go|mod|[mc]?ts|mjs|yaml|json)$/.test(name)
  const watch = watchFolders(first.root, isSource, run)
  watch.follow(['.', ...(first.inputDirs ?? [])])
  await watch.start()
  return {
    follow: (folders) => watch.follow(folders),
    close() {
      watch.close()
      // A generation that is under way still needs it.
      void running.finally(() => cache.dispose())
    },
  }
}

/** How long, in milliseconds, what is wrong with the sources may be put right before it is told. */
const SETTLE = 60

/** Whether something changes soon, so that another generation says more. */
async function isReplaced({ isStale }: FolderWatch): Promise<boolean> {
  await setTimeout(SETTLE)
  // On a busy machine the time is over before the change is heard that came long ago.
  await setImmediate()
  return isStale()
}

function foldersOf({ configFiles }: Project, { folders }: Generated): string[] {
  return [...new Set(['.', ...configFiles.map((file) => dirname(file)), ...folders])]
}
