import { createDiagnostics, type Diagnostic, type Diagnostics } from '../diagnostics/diagnostic.ts'
import type { SourceTree } from '../go/project/source-tree.ts'
import type { SchemaModel } from '../model/schema-model.ts'
import type { LockChange } from './lock/assign-ids.ts'
import { formatLock, type Lock } from './lock/lock-file.ts'
import { parseLock } from './lock/parse-lock.ts'
import { buildModel } from './model/build-model.ts'
import { createTypeScriptCache, type TypeScriptCache } from './project/file-cache.ts'
import { createModules } from './project/load-modules.ts'

/** What {@link readTypeScript} reads and how. */
export interface ReadTypeScriptOptions {
  /** Files, and folders whose `.ts` files are meant (not those of tests, declarations, generators and folders below), relative to the project. */
  readonly inputs: readonly string[]
  /** What the generated module is named after; `schema` by default. It is not on the wire. */
  readonly packageName?: string
  /** Where the ids are kept; `rivulet.lock.json` by default. */
  readonly lockFile?: string
  /** Every change of the lock file is an error: for a check that the committed file is complete. */
  readonly frozen?: boolean
  /** What an earlier reading left: files whose text is the same are not parsed again. The result is the same with and without. */
  readonly cache?: TypeScriptCache
}

/** What {@link readTypeScript} found. */
export interface TypeScriptReading {
  /** Complete only when no diagnostic is an error; else what could be read. */
  readonly model: SchemaModel
  /** In the order of files, lines and columns. */
  readonly diagnostics: readonly Diagnostic[]
  /** The lock file as it must be committed; undefined when an error makes ids uncertain. */
  readonly lock: { readonly path: string; readonly text: string; readonly changed: boolean } | undefined
}

/**
 * Reads annotated TypeScript into the schema model, from its syntax alone: no type is calculated, and no code is run.
 *
 * State is an interface (or object type) with `@restream.store(Name)`, `@restream.partials`, `@restream.fields` or `@restream.serializers` in
 * its doc comment; calls and events are the methods of an interface with `@restream.rpc`, `send`, `event`, `keyedEvent(Store)` or `stream(Store)`.
 * Field ids are kept in a lock file, which is to be committed. All structs count as one source file (codegen.md §1), so that moving a
 * declaration does not change the bytes.
 *
 * Nothing is thrown for what is wrong with the sources: that is in `diagnostics`, each with file, line, column and what to do. Errors of the file
 * system pass through.
 *
 * @example
 * const { model, lock, diagnostics } = readTypeScript(diskTree('.'), { inputs: ['src/schema'] })
 * for (const diagnostic of diagnostics) console.error(formatDiagnostic(diagnostic))
 * if (lock?.changed) writeFileSync(lock.path, lock.text)
 */
export function readTypeScript(tree: SourceTree, options: ReadTypeScriptOptions): TypeScriptReading {
  const { inputs, packageName = 'schema', lockFile = 'rivulet.lock.json', frozen = false } = options
  const { cache = createTypeScriptCache() } = options
  const diagnostics = createDiagnostics()
  const modules = createModules(tree, cache, diagnostics)
  if (!/^[a-z]\w*$/.test(packageName)) {
    const hint = 'Use letters and digits, with a small letter first: it names the generated module.'
    diagnostics.error('config', lockFile, `"${packageName}" cannot be the name of a package`, hint)
  }
  const found = inputs.flatMap((input) => {
    const files = modules.input(input)
    if (files === undefined) {
      const hint = 'Name a .ts file, or a folder with .ts files in it.'
      diagnostics.error('no-input', input, 'there is no such file or folder', hint)
    }
    return files ?? []
  })
  const text = tree.readFile(lockFile)
  const lock: Lock | undefined = text === undefined ? new Map() : parseLock(lockFile, text, diagnostics)
  const input = { packageName, inputs: [...new Set(found)], modules, lock: lock ?? new Map() }
  const { model, assigned } = buildModel(input, diagnostics)
  cache.close()
  const after = formatLock(assigned.lock)
  const changed = after !== (text ?? formatLock(new Map()))
  if (frozen && changed && !diagnostics.hasErrors) refuse(assigned.changes, lockFile, diagnostics)
  return {
    model,
    diagnostics: diagnostics.list.toSorted(bySource),
    lock: lock === undefined || diagnostics.hasErrors ? undefined : { path: lockFile, text: after, changed },
  }
}

function refuse(changes: readonly LockChange[], lockFile: string, diagnostics: Diagnostics): void {
  const hint = `Generate without the frozen option, and commit ${lockFile} with the sources.`
  for (const { at, message } of changes) diagnostics.error('frozen-lock', at ?? lockFile, message, hint)
  if (changes.length === 0) diagnostics.error('frozen-lock', lockFile, 'the file is not as it is written', hint)
}

function bySource(a: Diagnostic, b: Diagnostic): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1
  return a.line - b.line || a.column - b.column
}
