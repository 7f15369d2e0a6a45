import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { posix } from 'node:path'
import { RivuletError } from '@rivulet/wire'
import { emitGo, type GoOptions } from '../emit/go/emit-go.ts'
import { emitHooks } from '../emit/hooks/emit-hooks.ts'
import { emitJson } from '../emit/json/emit-json.ts'
import { emitTypeScript } from '../emit/typescript/emit-typescript.ts'
import type { SourceTree } from '../go/project/source-tree.ts'
import { readGo } from '../go/read-go.ts'
import type { SchemaModel } from '../model/schema-model.ts'
import { readTypeScript } from '../ts/read-typescript.ts'
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

/** The emitters by the name that an output gives them. Each checks its own options. */
export const emitters: ReadonlyMap<string, Emitter> = new Map<string, Emitter>([
  ['typescript', (model, options) => emitTypeScript(model, options)],
  ['hooks', (model, options) => emitHooks(model, options)],
  ['json', (model) => [{ path: 'schema.json', text: emitJson(model).text }]],
  [
    'go',
    (model, { importPath, role }) =>
      emitGo(model, { importPath: textOption('go', 'importPath', importPath), ...roleOption(role) }),
  ],
])

/** What a project gets that names no outputs. */
export const DEFAULT_OUTPUTS: Project['outputs'] = [{ emit: 'typescript' }]

function roleOption(role: unknown): Pick<GoOptions, 'role'> {
  if (role === undefined) return {}
  if (role === 'client' || role === 'host') return { role }
  throw new RivuletError('config', 'the option role of the output "go" is neither client nor host', {
    hint: "Write role: 'host' for a device or host in Go; leave it out for a client.",
  })
}

function textOption(emit: string, name: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value
  throw new RivuletError('config', `the output "${emit}" needs the option ${name}`, {
    hint: `Write { emit: '${emit}', options: { ${name}: '…' } }.`,
  })
}

async function goFrontEnd({ inputDirs }: Project, { tree, assignIds, cache }: ReadingOptions): Promise<Sources> {
  const reading = await readGo(tree, {
    assignIds,
    ...(cache === undefined ? {} : { cache: cache.go }),
    ...(inputDirs === undefined ? {} : { inputDirs }),
  })
  const { model, diagnostics, edits, config } = reading
  const used = model.packages.flatMap(({ extra }) => (extra?.dir === undefined ? [] : [extra.dir]))
  const folders = new Set([...(inputDirs ?? config?.inputDirs ?? []), ...used])
  return { model, diagnostics, edits, folders: [...folders] }
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
  const { model, diagnostics, lock } = readTypeScript(tree, {
    inputs: inputDirs,
    ...(packageName === undefined ? {} : { packageName }),
    ...(cache === undefined ? {} : { cache: cache.typescript }),
  })
  const edits = new Map(lock?.changed === true ? [[lock.path, lock.text]] : [])
  const folders = new Set(inputDirs.map((input) => (input.endsWith('.ts') ? posix.dirname(input) : input)))
  return { model, diagnostics, edits, folders: [...folders] }
}
