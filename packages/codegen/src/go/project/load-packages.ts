import type { Diagnostics } from '../../diagnostics/diagnostic.ts'
import { placeOf } from '../syntax/node.ts'
import { whyExcluded } from './excluded.ts'
import type { FileCache } from './file-cache.ts'
import { createFolders, type Folders } from './folders.ts'
import { type GoMod, parseGoMod } from './go-mod.ts'
import { type ExcludedFile, type GoFile, type GoPackage, makePackage } from './go-package.ts'
import type { SourceTree } from './source-tree.ts'

/** How far above the project a go.mod is looked for. */
const MAX_PARENTS = 16

/** Finds and parses packages, each once. */
export interface PackageLoader {
  /** The packages in a folder: usually one, two when it has tests in a package of their own. Undefined when there is none. */
  readonly inFolder: (dir: string) => readonly GoPackage[] | undefined
  /** The package that an import of `path` in `from` means; undefined when its sources are not here. */
  readonly imported: (path: string, from: GoPackage) => GoPackage | undefined
}

interface Module extends GoMod {
  readonly dir: string
}

/** Starts to load packages of `tree`. What is wrong with files goes to `diagnostics`. */
export function createPackageLoader(tree: SourceTree, cache: FileCache, diagnostics: Diagnostics): PackageLoader {
  const loaded = new Map<string, readonly GoPackage[] | undefined>()
  const folders = createFolders(tree.above)
  const modules = new Map<string, Module | undefined>()

  const moduleOf = (dir: string): Module | undefined => {
    if (!modules.has(dir)) modules.set(dir, findModule(tree, folders, dir))
    return modules.get(dir)
  }

  const load = (dir: string): readonly GoPackage[] | undefined => {
    const names = tree.listFiles(dir)?.filter((name) => name.endsWith('.go')) ?? []
    const excluded: ExcludedFile[] = []
    const byPackage = new Map<string, Omit<GoFile, 'pkg'>[]>()
    for (const name of names) {
      const path = folders.join(dir, name)
      const text = tree.readFile(path) ?? ''
      const why = whyExcluded(name, text, names)
      if (why !== undefined) {
        excluded.push({ path, text, why })
        continue
      }
      const { root, syntax, errors } = cache.file(path, text)
      for (const node of errors) {
        const found = node.isMissing
          ? `"${node.type}" is missing`
          : `unexpected ${JSON.stringify(node.text.slice(0, 40))}`
        diagnostics.error('syntax', placeOf(path, node), found, 'Run gofmt on the file: it says what Go thinks of it.')
      }
      if (syntax.packageName === '') {
        diagnostics.error('syntax', path, 'there is no package clause', 'Begin the file with `package` and a name.')
        continue
      }
      const same = byPackage.get(syntax.packageName) ?? []
      byPackage.set(syntax.packageName, [
        ...same,
        { ...syntax, path, name, text, root, test: name.endsWith('_test.go') },
      ])
    }
    const importPath = importPathOf(dir)
    const packages = [...byPackage].map(([name, files]) => makePackage({ name, importPath, dir }, files, excluded))
    const normal = packages.filter(({ files }) => files.some(({ test }) => !test))
    for (const extra of normal.slice(1)) {
      const file = extra.files.find(({ test }) => !test) as GoFile
      diagnostics.error(
        'no-package',
        file.path,
        `"package ${extra.name}" in a folder whose other files say "package ${(normal[0] as GoPackage).name}"`,
        'A Go folder holds one package: move the file.',
      )
    }
    return packages.length === 0 ? undefined : packages
  }

  const importPathOf = (dir: string): string => {
    const module = moduleOf(dir)
    if (module === undefined) return dir
    const below = folders.below(module.dir, dir)
    return below === '' ? module.module : `${module.module}/${below}`
  }

  const inFolder = (dir: string): readonly GoPackage[] | undefined => {
    const key = folders.normalize(dir)
    if (!loaded.has(key)) loaded.set(key, load(key))
    return loaded.get(key)
  }

  return {
    inFolder,
    imported(path, from) {
      const module = moduleOf(from.dir)
      if (module === undefined) return undefined
      const candidates = [
        [module.module, '.'] as const,
        ...module.replaced,
        // A vendored package is at its own path below vendor.
        ['', 'vendor'] as const,
      ]
      for (const [prefix, folder] of candidates) {
        const rest = prefix === '' ? `/${path}` : path === prefix ? '' : path.slice(prefix.length)
        if (prefix !== '' && path !== prefix && !path.startsWith(`${prefix}/`)) continue
        const found = inFolder(folders.join(folders.join(module.dir, folder), rest.replace(/^\//, '')))
        const normal = found?.find(({ files }) => files.some(({ test }) => !test))
        if (normal !== undefined) return normal
      }
      return undefined
    },
  }
}

function findModule(tree: SourceTree, folders: Folders, from: string): Module | undefined {
  let dir = folders.normalize(from)
  for (let above = 0; above <= MAX_PARENTS; above += 1) {
    const text = tree.readFile(folders.join(dir, 'go.mod'))
    const mod = text === undefined ? undefined : parseGoMod(text)
    if (mod !== undefined) return { ...mod, dir }
    dir = folders.join(dir, '..')
  }
  return undefined
}
