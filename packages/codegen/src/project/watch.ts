import { existsSync, type FSWatcher, watch as watchFolder } from 'node:fs'
import { join, posix } from 'node:path'

/** Editors write a file in several steps, and branches change many files at once: this long, in milliseconds, nothing may happen before it counts. What comes
 * later is read by another run, so that it need not be longer than the steps of one save. */
const QUIET = 10

/** A watch that goes on until it is closed. */
export interface Watch {
  /** From now on these folders, relative to the root, without their subfolders; those that are not there count once they are. */
  follow(folders: readonly string[]): void
  close(): void
}

/** A watch as those see it who are told of changes. */
export interface FolderWatch extends Watch {
  /** Runs now, as if something had changed. */
  readonly start: () => Promise<void>
  /** Whether something changed since the run began that is under way, so that another one follows. */
  readonly isStale: () => boolean
}

/**
 * Calls `run` when a file in a followed folder changes whose name `isSource` accepts, and when such a folder comes or goes; never twice at a time, and once more
 * when something changed while it ran. `run` must not throw.
 */
export function watchFolders(root: string, isSource: (name: string) => boolean, run: () => Promise<void>): FolderWatch {
  const watchers = new Map<string, FSWatcher>()
  const state = { running: false, again: false, closed: false, wanted: new Set<string>() }
  let timer: ReturnType<typeof setTimeout> | undefined

  const start = async (): Promise<void> => {
    if (state.running) {
      state.again = true
      return
    }
    state.running = true
    do {
      state.again = false
      await run()
    } while (state.again && !state.closed)
    state.running = false
  }
  const drop = (folder: string): void => {
    watchers.get(folder)?.close()
    watchers.delete(folder)
  }
  const add = (folder: string): void => {
    if (!existsSync(join(root, folder))) return
    const watcher = watchFolder(join(root, folder), (_, name) => touched(folder, name))
    watcher.on('error', () => drop(folder))
    watchers.set(folder, watcher)
  }
  const touched = (folder: string, name: string | null): void => {
    if (state.closed) return
    const below = posix.join(folder, name ?? '')
    const isFolder = state.wanted.has(below)
    if (name !== null && !isSource(name) && !isFolder) return
    // A folder that was replaced by another of its name is no longer heard: it is followed anew.
    if (isFolder && below !== folder) drop(below)
    clearTimeout(timer)
    timer = setTimeout(() => {
      timer = undefined
      void start()
    }, QUIET)
  }
  return {
    start,
    isStale: () => state.again || timer !== undefined,
    follow(folders) {
      if (state.closed) return
      state.wanted = new Set(folders.flatMap(withParents))
      for (const folder of watchers.keys()) if (!state.wanted.has(folder)) drop(folder)
      for (const folder of state.wanted) if (!watchers.has(folder)) add(folder)
    },
    close() {
      state.closed = true
      clearTimeout(timer)
      for (const folder of watchers.keys()) drop(folder)
    },
  }
}

/** A folder and those above it in the root, which say when it comes and goes. */
function withParents(folder: string): string[] {
  const normal = posix.normalize(folder).replace(/\/$/, '')
  const parent = posix.dirname(normal)
  return normal === '.' || normal.startsWith('..') || posix.isAbsolute(normal)
    ? [normal]
    : [normal, ...withParents(parent)]
}
