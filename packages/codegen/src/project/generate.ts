import { writeFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { RivuletError } from '@rivulet/wire'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { diskTree, type SourceTree } from '../go/project/source-tree.ts'
import { emitJson } from '../emit/json/emit-json.ts'
import type { SchemaModel } from '../model/schema-model.ts'
import type { Project } from './config.ts'
import { checkOutputOptions } from './output-options.ts'
import { recordTree } from './recorded-tree.ts'
import type { SourceCache } from './source-cache.ts'
import { DEFAULT_OUTPUTS, emitters, frontEnds, type ReadingOptions, type Sources } from './wiring.ts'
import { type FileChanges, planFiles, type Wanted, writeFiles } from './write-files.ts'

/** How {@link generate} goes about it. */
export interface GenerateOptions {
  /** Give fields without an id the next one, in the sources. */
  readonly assignIds?: boolean
  /** Find out what would be written, and write nothing. */
  readonly dryRun?: boolean
  /** What an earlier generation left. The result is the same with and without. */
  readonly cache?: SourceCache
}

/** What {@link generate} did. */
export interface Generated {
  readonly model: SchemaModel
  readonly diagnostics: readonly Diagnostic[]
  /** Whether an error stands in the way: then no file was touched. */
  readonly failed: boolean
  readonly changes: FileChanges
  /** Folders with sources, relative to the project. */
  readonly folders: readonly string[]
}

/** Reads a project's sources. Throws `config` when nobody can read its kind of source. */
export async function readSources(
  project: Project,
  { assignIds = false, cache, tree = diskTree(project.root) }: Partial<ReadingOptions> = {},
): Promise<Sources> {
  const read = frontEnds.get(project.source)
  if (read === undefined)
    throw new RivuletError('config', `nothing reads the source "${project.source}"`, {
      hint: `Set source to ${[...frontEnds.keys()].join(' or ')}.`,
    })
  return await read(project, { tree, assignIds, cache })
}

/** Whether any of them is an error. */
export const hasErrors = (diagnostics: readonly Diagnostic[]): boolean =>
  diagnostics.some(({ severity }) => severity === 'error')

const NOTHING: FileChanges = { written: [], removed: [], unchanged: [] }

/**
 * Reads a project's sources and writes what is generated from them: only files that differ, and none while a diagnostic is an error. Generated files
 * that are no longer wanted are removed.
 *
 * Throws `config` when an output cannot be made or would replace a file that no generator wrote; errors of the file system pass through.
 *
 * @example
 * const { diagnostics, changes } = await generate(await loadConfig('.'))
 */
export async function generate(project: Project, options: GenerateOptions = {}): Promise<Generated> {
  const { sources, wanted } = await generation(project, options)
  const { model, diagnostics, edits, folders } = sources
  if (wanted === undefined) return { model, diagnostics, failed: true, changes: NOTHING, folders }
  const changes = options.dryRun === true ? planFiles(project.root, wanted) : writeFiles(project.root, wanted)
  return { model, diagnostics, failed: false, changes: withEdits(project, changes, edits, options), folders }
}

/** What was read and what is wanted then, and whether the same would be read and wanted now. */
export interface Generation {
  readonly sources: Sources
  /** Undefined while a diagnostic is an error. */
  readonly wanted: Wanted | undefined
  readonly isCurrent: (project: Project, tree: SourceTree, assignIds: boolean) => boolean
}

async function generation(project: Project, { assignIds = false, cache }: GenerateOptions): Promise<Generation> {
  const disk = diskTree(project.root)
  const last = cache?.last
  if (last?.isCurrent(project, disk, assignIds) === true) return last
  const tree = recordTree(disk)
  const sources = await readSources(project, { tree, assignIds, ...(cache === undefined ? {} : { cache }) })
  const wanted = hasErrors(sources.diagnostics) ? undefined : outputsOf(project, sources.model)
  const settings = JSON.stringify([project, assignIds])
  const found: Generation = {
    sources,
    wanted,
    isCurrent: (now, there, ids) => JSON.stringify([now, ids]) === settings && tree.isSameIn(there),
  }
  if (cache !== undefined) cache.last = found
  return found
}

function outputsOf(project: Project, model: SchemaModel): Wanted {
  const files = new Map([[posix.normalize(project.schema), emitJson(model).text]])
  const folders = new Set([posix.normalize(project.outDir)])
  for (const { emit, dir = project.outDir, options = {} } of project.outputs ?? DEFAULT_OUTPUTS ?? []) {
    const emitter = emitters.get(emit)
    if (emitter === undefined)
      throw new RivuletError('config', `nothing emits "${emit}"`, {
        hint: `There is ${[...emitters.keys()].join(', ')}.`,
      })
    checkOutputOptions(emit, options)
    folders.add(posix.normalize(dir))
    for (const { path, text } of emitter(model, options, project)) addFile(files, posix.join(dir, path), text)
  }
  return { files, folders: [...folders] }
}

function addFile(files: Map<string, string>, path: string, text: string): void {
  const other = files.get(path)
  if (other !== undefined && other !== text)
    throw new RivuletError('config', `two outputs would both be ${path}`, {
      hint: 'Give one of them another dir, or another fileName.',
    })
  files.set(path, text)
}

function withEdits(
  { root }: Project,
  changes: FileChanges,
  edits: ReadonlyMap<string, string>,
  { dryRun }: GenerateOptions,
): FileChanges {
  if (edits.size === 0) return changes
  if (dryRun !== true) for (const [path, text] of edits) writeFileSync(join(root, path), text)
  return { ...changes, written: [...edits.keys(), ...changes.written] }
}
