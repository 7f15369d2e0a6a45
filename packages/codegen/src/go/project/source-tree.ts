import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'

/**
 * Where sources come from: a folder on disk, or texts in memory. Paths are relative to the project, with `/`, `''` for the project
 * itself; `..` leads out of it, because a `replace` in go.mod may.
 */
export interface SourceTree {
  /** The file's text, or undefined when there is no such file. */
  readonly readFile: (path: string) => string | undefined
  /** The names of the project's folder and of those around it, innermost first. */
  readonly above: readonly string[]
  /** Names of the files directly in the folder, sorted; undefined when there is no such folder. */
  readonly listFiles: (dir: string) => readonly string[] | undefined
}

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/**
 * The sources under the folder `root`. Throws what `node:fs` throws when something is there and cannot be read.
 *
 * @example
 * const { model, diagnostics } = await readGo(diskTree('host'))
 */
export function diskTree(root: string): SourceTree {
  const kind = (path: string): 'file' | 'folder' | undefined => {
    const stat = statSync(join(root, path), { throwIfNoEntry: false })
    return stat?.isFile() === true ? 'file' : stat?.isDirectory() === true ? 'folder' : undefined
  }
  return {
    above: resolve(root)
      .split(sep)
      .filter((name) => name !== '')
      .toReversed(),
    readFile: (path) => (kind(path) === 'file' ? readFileSync(join(root, path), 'utf8') : undefined),
    listFiles: (dir) =>
      kind(dir) === 'folder'
        ? readdirSync(join(root, dir))
            .filter((name) => kind(dir === '' ? name : `${dir}/${name}`) === 'file')
            .toSorted(byCodeUnit)
        : undefined,
  }
}

/**
 * Sources held in memory, by path; `above` as in {@link SourceTree}.
 *
 * @example
 * memoryTree({ 'go.mod': 'module example.com/garden', 'units/units.go': 'package units' })
 */
export function memoryTree(files: Readonly<Record<string, string>>, above: readonly string[] = []): SourceTree {
  const paths = Object.keys(files).toSorted(byCodeUnit)
  return {
    above,
    readFile: (path) => (Object.hasOwn(files, path) ? files[path] : undefined),
    listFiles: (dir) => {
      const prefix = dir === '' ? '' : `${dir}/`
      const below = paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length))
      return below.length === 0 ? undefined : below.filter((path) => !path.includes('/'))
    },
  }
}
