import { existsSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { RivuletError } from '@rivulet/wire'
import { createDiagnostics } from '../diagnostics/diagnostic.ts'
import { parseProjectConfig } from '../go/project/project-config.ts'
import type { OutputConfig, Project, RivuletConfig } from './config.ts'

/** Where a configuration is looked for, first to last. */
export const CONFIG_FILES = ['rivulet.config.ts', 'rivulet.config.mjs', 'rivulet.config.json'] as const

const YAML = 'restream.yaml'
const TEXTS = ['source', 'packageName', 'outDir', 'schema'] as const
const KNOWN: readonly string[] = [...TEXTS, 'inputDirs', 'outputs']

/**
 * Reads a project's configuration: `file`, or the first of {@link CONFIG_FILES}, completed by a `restream.yaml`.
 *
 * Throws `config` when there is neither, when a named file is missing, or when a setting cannot be used.
 *
 * @example
 * const project = await loadConfig(process.cwd())
 */
export async function loadConfig(folder: string, file?: string): Promise<Project> {
  const root = resolve(folder)
  const named = file ?? CONFIG_FILES.find((name) => existsSync(join(root, name)))
  if (file !== undefined && !existsSync(join(root, file)))
    throw new RivuletError('config', `there is no ${file} in ${root}`, { hint: 'Name a file that exists.' })
  const hasYaml = existsSync(join(root, YAML))
  if (named === undefined && !hasYaml)
    throw new RivuletError('config', `there is neither a ${CONFIG_FILES.join(', a ')} nor a ${YAML} in ${root}`, {
      hint: 'Run `rivulet init`, or name the project with --project.',
    })
  const isYaml = named?.endsWith('.yaml') === true
  const config = named === undefined || isYaml ? {} : checkConfig(named, await readModule(root, named))
  // What is wrong with the YAML is a diagnostic of the front end that reads it.
  const yaml = hasYaml
    ? parseProjectConfig(YAML, readFileSync(join(root, YAML), 'utf8'), createDiagnostics(), false)
    : undefined
  return {
    root,
    source: config.source ?? 'go',
    inputDirs: config.inputDirs,
    packageName: config.packageName,
    outDir: config.outDir ?? yaml?.tsDir ?? 'src/generated',
    schema: config.schema ?? 'schema.json',
    outputs: config.outputs,
    configFiles: [...(named === undefined ? [] : [named]), ...(hasYaml && !isYaml ? [YAML] : [])],
    tsImports: yaml?.tsImports ?? [],
  }
}

async function readModule(root: string, file: string): Promise<unknown> {
  const path = join(root, file)
  try {
    if (file.endsWith('.json')) return JSON.parse(readFileSync(path, 'utf8')) as unknown
    // The query makes Node read a file again that has changed since.
    const url = `${pathToFileURL(path).href}?changed=${statSync(path).mtimeMs}`
    const loaded = (await import(/* @vite-ignore */ url)) as { readonly default?: unknown }
    return loaded.default
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new RivuletError('config', `${file} cannot be read: ${why}`, { cause, hint: 'Correct it.' })
  }
}

function checkConfig(file: string, value: unknown): RivuletConfig {
  const fail = (what: string, hint: string): never => {
    throw new RivuletError('config', `${file}: ${what}`, { hint })
  }
  if (!isRecord(value)) return fail('it exports no object', 'Write `export default defineConfig({ … })`.')
  for (const name of Object.keys(value))
    if (!KNOWN.includes(name)) fail(`"${name}" is not a setting`, `The settings are ${KNOWN.join(', ')}.`)
  for (const name of TEXTS)
    if (value[name] !== undefined && typeof value[name] !== 'string')
      fail(`${name} is not a text`, `Write ${name}: '…'.`)
  if (value['inputDirs'] !== undefined && !isTexts(value['inputDirs']))
    fail('inputDirs is not a list of texts', "Write inputDirs: ['…'].")
  if (value['outputs'] !== undefined && !isOutputs(value['outputs']))
    fail('outputs is not a list of outputs', "Write outputs: [{ emit: '…', dir: '…' }].")
  return value
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every((item) => typeof item === 'string')

function isOutputs(value: unknown): value is readonly OutputConfig[] {
  const isOne = (item: unknown): boolean =>
    isRecord(item) &&
    typeof item['emit'] === 'string' &&
    ['undefined', 'string'].includes(typeof item['dir']) &&
    (item['options'] === undefined || isRecord(item['options']))
  return Array.isArray(value) && value.every(isOne)
}
