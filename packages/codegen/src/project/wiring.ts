import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { diskTree } from '../go/project/source-tree.ts'
import { readGo } from '../go/read-go.ts'
import type { SchemaModel } from '../model/schema-model.ts'
import type { Project } from './config.ts'
import { schemaText } from './schema-file.ts'

/** What a front end found in a project's sources. */
export interface Sources {
  readonly model: SchemaModel
  readonly diagnostics: readonly Diagnostic[]
  /** New texts of sources, by path, when ids were to be assigned. */
  readonly edits: ReadonlyMap<string, string>
  /** Folders to watch, relative to the project; their subfolders are not meant. */
  readonly folders: readonly string[]
}

/** Reads a project's sources. Never throws for what is wrong with them: that is in `diagnostics`. */
export type FrontEnd = (project: Project, options: { readonly assignIds: boolean }) => Promise<Sources>

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
export const frontEnds: ReadonlyMap<string, FrontEnd> = new Map([['go', goFrontEnd]])

/** The emitters by the name that an output gives them. */
export const emitters: ReadonlyMap<string, Emitter> = new Map([
  ['json', (model: SchemaModel) => [{ path: 'schema.json', text: schemaText(model) }]],
])

/** What a project gets that names no outputs. */
export const DEFAULT_OUTPUTS: Project['outputs'] = []

async function goFrontEnd(
  { root, inputDirs }: Project,
  { assignIds }: { readonly assignIds: boolean },
): Promise<Sources> {
  const reading = await readGo(diskTree(root), {
    assignIds,
    ...(inputDirs === undefined ? {} : { inputDirs }),
  })
  const { model, diagnostics, edits, config } = reading
  const used = model.packages.flatMap(({ extra }) => (extra?.dir === undefined ? [] : [extra.dir]))
  const folders = new Set([...(inputDirs ?? config?.inputDirs ?? []), ...used])
  return { model, diagnostics, edits, folders: [...folders] }
}
