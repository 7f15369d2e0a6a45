import { existsSync, type FSWatcher, watch as watchFolder } from 'node:fs'
import { join } from 'node:path'

/** Editors write a file in several steps, and branches change many files at once: this long, in milliseconds, nothing may happen before it counts. */
const QUIET = 25

/** A watch that goes on until it is closed. */
export interface Watch {
  /** From now on these folders, relative to the root, without their subfolders; those that are not there are left out. */
  follow(folders: readonly string[]): void
  close(): void
}

/**
 * Calls `run` when a file in a followed folder changes whose name `isSource` accepts; never twice at a time, and once more when something changed while it ran.
 * `run` must not throw.
 */
export function watchFolders(root: string, isSource: (name: string) => boolean, run: () => Promise<void>): Watch {
  const watchers = new Map<string, FSWatcher>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const state = { running: false, again: false, closed: false }

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
  const touched = (name: string | null): void => {
    if (state.closed || (name !== null && !isSource(name))) return
    clearTimeout(timer)
    timer = setTimeout(() => void start(), QUIET)
  }
  const drop = (folder: string): void => {
    watchers.get(folder)?.close()
    watchers.delete(folder)
  }
  const add = (folder: string): void => {
    if (!existsSync(join(root, folder))) return
    const watcher = watchFolder(join(root, folder), (_, name) => touched(name))
    // The folder is gone: whoever reads the sources says so, and it is followed again when it is back.
    watcher.on('error', () => drop(folder))
    watchers.set(folder, watcher)
  }
  return {
    follow(folders) {
      if (state.closed) return
      const wanted = new Set(folders)
      for (const folder of watchers.keys()) if (!wanted.has(folder)) drop(folder)
      for (const folder of wanted) if (!watchers.has(folder)) add(folder)
    },
    close() {
      state.closed = true
      clearTimeout(timer)
      for (const folder of watchers.keys()) drop(folder)
    },
  }
}
