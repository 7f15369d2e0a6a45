import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { RivuletError } from '@rivulet/wire'
import { emitGo, type GoOptions } from '../emit/go/emit-go.ts'
import { emitHooks } from '../emit/hooks/emit-hooks.ts'
import { emitJson } from '../emit/json/emit-json.ts'
import { emitTypeScript } from '../emit/typescript/emit-typescript.ts'
import type { SourceTree } from '../go/project/source-tree.ts'
import { readGo } from '../go/read-go.ts'
import type { SchemaModel } from '../model/schema-model.ts'
import { readTypeScript } from '../ts/read-typescript.ts'
import { askedFolders } from './asked-folders.ts'
import type { Project } from './config.ts'
import type { SourceCache } from './source-cache.ts'

/** What a front end found in a project's sources. */
export interface Sources {
  readonly model: SchemaModel
  readonly diagnostics: readonly Diagnostic[]
  /** New texts of sources, by path, when ids were to be assigned; or of the file that keeps them. */
  readonly edits: ReadonlyMap<string, string>
  /** Folders to watch, relative to the project; their subfolders are not meant. */
  readonly folders: readonly string[]
}

/** Reads a project's sources. Never throws for what is wrong with them: that is in `diagnostics`. */
export type FrontEnd = (project: Project, options: ReadingOptions) => Promise<Sources>

/** What front ends read from, and how. */
export interface ReadingOptions {
  readonly tree: SourceTree
  readonly assignIds: boolean
  readonly cache: SourceCache | undefined
}

/** A generated file, relative to the output's folder, with `/`. */
interface OutputFile {
  readonly path: string
  readonly text: string
}

/** Makes files out of a model. Generated code begins with the banner. */
export type Emitter = (
  model: SchemaModel,
  options: Readonly<Record<string, unknown>>,
  project: Project,
) => readonly OutputFile[]

/** The front ends by the name that `source` gives them. */
export const frontEnds: ReadonlyMap<string, FrontEnd> = new Map([
  ['go', goFrontEnd],
  ['typescript', typeScriptFrontEnd],
])

/** The emitters by the name that an output gives them. Their options are checked: see `checkOutputOptions`. */
export const emitters: ReadonlyMap<string, Emitter> = new Map<string, Emitter>([
  ['typescript', (model, options) => emitTypeScript(model, options)],
  ['hooks', (model, options) => emitHooks(model, options)],
  ['json', (model) => [{ path: 'schema.json', text: emitJson(model).text }]],
  ['go', (model, options) => emitGo(model, options as unknown as GoOptions)],
])

/** What a project gets that names no outputs. */
export const DEFAULT_OUTPUTS: Project['outputs'] = [{ emit: 'typescript' }]

async function goFrontEnd({ inputDirs }: Project, { tree, assignIds, cache }: ReadingOptions): Promise<Sources> {
  const asked = askedFolders(tree)
  const reading = await readGo(asked.tree, {
    assignIds,
    ...(cache === undefined ? {} : { cache: cache.go }),
    ...(inputDirs === undefined ? {} : { inputDirs }),
  })
  const { model, diagnostics, edits, config } = reading
  const used = model.packages.flatMap(({ extra }) => (extra?.dir === undefined ? [] : [extra.dir]))
  const inputs = inputDirs ?? config?.inputDirs ?? []
  return { model, diagnostics, edits, folders: [...new Set([...inputs, ...used, ...asked.folders()])] }
}

async function typeScriptFrontEnd(
  { inputDirs, packageName }: Project,
  { tree, cache }: ReadingOptions,
): Promise<Sources> {
  if (inputDirs === undefined || inputDirs.length === 0) {
    throw new RivuletError('config', 'the project does not say where its TypeScript sources are', {
      hint: "Set inputDirs to folders or files, as in inputDirs: ['src/schema'].",
    })
  }
  const asked = askedFolders(tree)
  const { model, diagnostics, lock } = readTypeScript(asked.tree, {
    inputs: inputDirs,
    ...(packageName === undefined ? {} : { packageName }),
    ...(cache === undefined ? {} : { cache: cache.typescript }),
  })
  const edits = new Map(lock?.changed === true ? [[lock.path, lock.text]] : [])
  return { model, diagnostics, edits, folders: asked.folders() }
}
