import type { Diagnostics } from '../../diagnostics/diagnostic.ts'
import type { SourceTree } from '../../go/project/source-tree.ts'
import type { Declaration, Elsewhere, TsModule } from '../syntax/declarations.ts'
import type { TypeScriptCache } from './file-cache.ts'

/** What a name stands for. */
type Found =
  | { readonly kind: 'declared'; readonly declared: Declaration }
  /** Exported by a package, which is not read. */
  | { readonly kind: 'package'; readonly from: string; readonly name: string }
  /** An import that leads to no file. */
  | { readonly kind: 'no-file'; readonly from: string }
  | { readonly kind: 'missing' }

/** Modules and the names in them. */
export interface Modules {
  /** The modules of an input: a file, or the files of a folder. Undefined when there is no such thing. */
  readonly input: (path: string) => readonly TsModule[] | undefined
  /** A type by the name it has in a module, `['ns', 'Name']` for `ns.Name`. */
  readonly type: (module: TsModule, name: readonly string[]) => Found
  readonly value: (module: TsModule, name: string) => Found
}

/** `export … from` chains longer than this go round in circles. */
const MAX_HOPS = 64

/** What a generator begins its files with. They may lie beside the sources that they were made from. */
const GENERATED = /^\/\/.*generated\b.*\bdo not (edit|modify)\b/i

const SKIPPED = /\.d\.[mc]?ts$|\.(test|spec|bench)\.[mc]?ts$/

/** Loads modules from `tree` as they are asked for, each once. */
export function createModules(tree: SourceTree, files: TypeScriptCache, diagnostics: Diagnostics): Modules {
  const loaded = new Map<string, TsModule | undefined>()

  const load = (path: string): TsModule | undefined => {
    if (loaded.has(path)) return loaded.get(path)
    const text = tree.readFile(path)
    const parsed = text === undefined ? undefined : files.file(path, text)
    for (const { at, message, hint } of parsed?.problems ?? []) diagnostics.error('syntax', at, message, hint)
    const module = parsed?.module
    loaded.set(path, module)
    return module
  }

  const resolve = (module: TsModule, from: string): TsModule | undefined => {
    const path = join(module.file.path.split('/').slice(0, -1), from)
    const candidates = [
      path,
      path.replace(/\.js$/, '.ts'),
      path.replace(/\.mjs$/, '.mts'),
      `${path}.ts`,
      path === '' ? 'index.ts' : `${path}/index.ts`,
    ]
    for (const candidate of candidates) {
      const found = /\.[mc]?ts$/.test(candidate) ? load(candidate) : undefined
      if (found !== undefined) return found
    }
    return undefined
  }

  const follow = (module: TsModule, { from, name }: Elsewhere, space: 'types' | 'values', hops: number): Found => {
    if (hops > MAX_HOPS) return { kind: 'missing' }
    if (!from.startsWith('.')) return { kind: 'package', from, name }
    const target = resolve(module, from)
    return target === undefined ? { kind: 'no-file', from } : exported(target, name, space, hops + 1)
  }

  const exported = (module: TsModule, name: string, space: 'types' | 'values', hops: number): Found => {
    const local = module.exports.get(name)
    if (local !== undefined) return inside(module, local, space, hops + 1)
    const again = module.reexports.get(name)
    if (again !== undefined) return follow(module, again, space, hops)
    // A default is not passed on by `export *`.
    if (name === 'default') return { kind: 'missing' }
    for (const from of module.stars) {
      const found = from.startsWith('.') ? follow(module, { from, name }, space, hops) : undefined
      if (found?.kind === 'declared') return found
    }
    return { kind: 'missing' }
  }

  const inside = (module: TsModule, name: string, space: 'types' | 'values', hops: number): Found => {
    const declared = module[space].get(name)
    if (declared !== undefined) return { kind: 'declared', declared }
    const imported = module.imports.get(name)
    return imported === undefined ? { kind: 'missing' } : follow(module, imported, space, hops)
  }

  // The module that `import * as ns` or `export * as ns` names.
  const namespace = (module: TsModule, name: string, exportsOnly: boolean): TsModule | string | undefined => {
    const entry = exportsOnly ? module.reexports.get(name) : module.imports.get(name)
    if (entry === undefined) return undefined
    if (!entry.from.startsWith('.')) return entry.from
    const target = resolve(module, entry.from)
    return target === undefined || entry.name === '*' ? target : namespace(target, entry.name, true)
  }

  return {
    input: (path) => {
      if (tree.readFile(path) !== undefined) {
        const module = load(path)
        return module === undefined ? undefined : [module]
      }
      const names = tree.listFiles(path)
      return names
        ?.filter((name) => /\.[mc]?ts$/.test(name) && !SKIPPED.test(name))
        .flatMap((name) => load(path === '' ? name : `${path}/${name}`) ?? [])
        .filter(({ file }) => !GENERATED.test(file.text))
    },
    type: (module, name) => {
      let home: TsModule = module
      for (const [index, part] of name.slice(0, -1).entries()) {
        const next = namespace(home, part, index > 0)
        if (typeof next === 'string') return { kind: 'package', from: next, name: name.slice(index + 1).join('.') }
        if (next === undefined) return { kind: 'missing' }
        home = next
      }
      const last = name.at(-1) as string
      return name.length === 1 ? inside(home, last, 'types', 0) : exported(home, last, 'types', 0)
    },
    value: (module, name) => inside(module, name, 'values', 0),
  }
}

function join(dir: readonly string[], from: string): string {
  const parts = [...dir]
  for (const part of from.split('/')) {
    if (part === '..') {
      if (parts.length === 0 || parts.at(-1) === '..') parts.push('..')
      else parts.pop()
    } else if (part !== '.' && part !== '') parts.push(part)
  }
  return parts.join('/')
}
