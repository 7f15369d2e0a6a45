import { createDiagnostics, type Diagnostic, type Diagnostics } from '../diagnostics/diagnostic.ts'
import type { SchemaModel } from '../model/schema-model.ts'
import { buildModel } from './model/build-model.ts'
import { configPlaces } from './project/config-places.ts'
import { createGoCache, type GoCache } from './project/file-cache.ts'
import { createPackageLoader } from './project/load-packages.ts'
import { parseProjectConfig, type ProjectConfig } from './project/project-config.ts'
import type { SourceTree } from './project/source-tree.ts'

/** What {@link readGo} reads and how. */
export interface ReadGoOptions {
  /** The folders to read, relative to the project, instead of those of the configuration file. */
  readonly inputDirs?: readonly string[]
  /** The configuration file; `restream.yaml` by default. */
  readonly configFile?: string
  /** What an earlier reading left: files whose text is the same are not parsed again. The result is the same with and without. */
  readonly cache?: GoCache
  /** Give fields without an id the next one, and say in `edits` how the sources must change. */
  readonly assignIds?: boolean
}

/** What {@link readGo} found. */
export interface GoReading {
  /** Complete only when no diagnostic is an error; else what could be read. */
  readonly model: SchemaModel
  /** In the order of files, lines and columns. */
  readonly diagnostics: readonly Diagnostic[]
  /** As configured; undefined when there is no configuration file and `inputDirs` was given. */
  readonly config: ProjectConfig | undefined
  /** New texts of the files in which ids were assigned, by path; empty without `assignIds`, and when an error makes ids uncertain. */
  readonly edits: ReadonlyMap<string, string>
}

/**
 * Reads the annotated Go packages of a project into the schema model (spec: codegen.md §1–§6), without a Go toolchain.
 *
 * Folders come from `restream.yaml`. Nothing is thrown for what is wrong with the sources: that is in `diagnostics`, each with file, line, column
 * and what to do. Errors of the file system pass through.
 *
 * @example
 * const { model, diagnostics } = await readGo(diskTree('host'))
 * for (const diagnostic of diagnostics) console.error(formatDiagnostic(diagnostic))
 */
export async function readGo(tree: SourceTree, options: ReadGoOptions = {}): Promise<GoReading> {
  const diagnostics = createDiagnostics()
  const configFile = options.configFile ?? 'restream.yaml'
  const text = tree.readFile(configFile)
  const config = readConfig(text, configFile, options.inputDirs === undefined, diagnostics)
  const places = configPlaces(configFile, text ?? '')
  const cache = options.cache ?? createGoCache()
  try {
    const loader = createPackageLoader(tree, await cache.open(), diagnostics)
    const dirs = options.inputDirs ?? config?.inputDirs ?? []
    const { model, edits } = buildModel(loader, diagnostics, {
      dirs,
      // Folders that the caller names stand nowhere.
      configPlace: (...path) =>
        path[0] === 'inputDirs' && options.inputDirs !== undefined ? configFile : places(...path),
      assignIds: options.assignIds === true,
      additionalEnums: config?.additionalEnums ?? [],
      buildSerializers: config?.buildSerializers ?? [],
    })
    return {
      model,
      diagnostics: diagnostics.list.toSorted(bySource),
      config,
      edits: diagnostics.hasErrors ? new Map() : edits,
    }
  } finally {
    if (options.cache === undefined) cache.dispose()
    else cache.close()
  }
}

function readConfig(
  text: string | undefined,
  file: string,
  required: boolean,
  diagnostics: Diagnostics,
): ProjectConfig | undefined {
  if (text !== undefined) return parseProjectConfig(file, text, diagnostics, required)
  if (required)
    diagnostics.error(
      'config',
      file,
      'there is no such file',
      'Write it with `inputDirs:`, or name the folders to read.',
    )
  return undefined
}

function bySource(a: Diagnostic, b: Diagnostic): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1
  return a.line - b.line || a.column - b.column
}
