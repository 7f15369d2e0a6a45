import { parseDocument } from 'yaml'
import type { Diagnostics } from '../../diagnostics/diagnostic.ts'
import { configPlaces } from './config-places.ts'

/** One entry of `tsImports`. */
export interface TsImport {
  readonly path: string
  readonly imports: readonly string[]
  readonly typeImports: readonly string[]
  readonly importRoot?: string
}

/** A `restream.yaml` (codegen.md §1). Folders are relative to the project. */
export interface ProjectConfig {
  readonly inputDirs: readonly string[]
  readonly tsDir?: string
  readonly tsImports: readonly TsImport[]
  readonly tsRuntimeImportMode: 'package' | 'local'
  readonly tsRuntimeImportPath?: string
  readonly goImports: readonly string[]
  /** `<import path>.<Type>`. */
  readonly additionalEnums: readonly string[]
  /** `<import path>/<Type>`. */
  readonly buildSerializers: readonly string[]
  readonly goExtraFile?: string
  readonly goRelayStoresDir?: string
  readonly goRelayStoresPackage?: string
}

const LISTS = ['inputDirs', 'goImports', 'additionalEnums', 'buildSerializers'] as const
const TEXTS = ['tsDir', 'tsRuntimeImportPath', 'goExtraFile', 'goRelayStoresDir', 'goRelayStoresPackage'] as const
const KNOWN: readonly string[] = [...LISTS, ...TEXTS, 'tsImports', 'tsRuntimeImportMode']

/** Says what is wrong with the setting at a path; with the file as a whole without one. */
type Fail = (message: string, hint: string, ...path: readonly (string | number)[]) => void

/** Reads a `restream.yaml`. What cannot be used is in `diagnostics`, and as if it were not there. `inputDirs` may be absent unless `needsDirs`. */
export function parseProjectConfig(
  file: string,
  text: string,
  diagnostics: Diagnostics,
  needsDirs: boolean,
): ProjectConfig {
  const placeOf = configPlaces(file, text)
  const fail: Fail = (message, hint, ...path) => diagnostics.error('config', placeOf(...path), message, hint)
  const document = parseDocument(text)
  for (const { message, linePos } of document.errors) {
    const at = linePos === undefined ? file : { file, line: linePos[0].line, column: linePos[0].col }
    diagnostics.error('config', at, (message.split('\n')[0] ?? message).replace(/:$/, ''), 'Correct the YAML.')
  }
  const value: unknown = document.errors.length > 0 ? {} : document.toJS()
  if (!isRecord(value)) fail('it is not a mapping', 'Write `inputDirs:` and the folders with Go sources below it.')
  const source = isRecord(value) ? value : {}
  for (const key of Object.keys(source).filter((name) => !KNOWN.includes(name))) {
    diagnostics.warning('config', placeOf(key), `"${key}" is not a setting`, `The settings are ${KNOWN.join(', ')}.`)
  }
  const texts = Object.fromEntries(TEXTS.flatMap((key) => readText(source, key, fail)))
  const config = {
    ...texts,
    inputDirs: readList(source, fail, 'inputDirs'),
    tsImports: readTsImports(source['tsImports'], fail),
    tsRuntimeImportMode: readMode(source['tsRuntimeImportMode'], fail),
    goImports: readList(source, fail, 'goImports'),
    additionalEnums: readList(source, fail, 'additionalEnums'),
    buildSerializers: readList(source, fail, 'buildSerializers'),
  } satisfies ProjectConfig
  if (needsDirs && config.inputDirs.length === 0 && document.errors.length === 0)
    fail('it names no inputDirs', 'Write `inputDirs:` and the folders with Go sources below it.')
  if (config.buildSerializers.length > 0 && texts['goExtraFile'] === undefined)
    fail('buildSerializers needs goExtraFile', 'Name the Go file that the serializers go to.', 'buildSerializers')
  return config
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function readText(source: Readonly<Record<string, unknown>>, key: string, fail: Fail): [string, string][] {
  const value = source[key]
  if (value === undefined || value === null) return []
  if (typeof value === 'string') return [[key, value]]
  fail(`${key} is not a text`, `Write \`${key}:\` and one value.`, key)
  return []
}

function readList(
  source: Readonly<Record<string, unknown>>,
  fail: Fail,
  key: string,
  ...above: readonly (string | number)[]
): readonly string[] {
  const value = source[key] ?? []
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value
  fail(`${key} is not a list of texts`, `Write \`${key}:\` and one "- value" per line.`, ...above, key)
  return []
}

function readMode(value: unknown, fail: Fail): 'package' | 'local' {
  if (value === undefined || value === null || value === 'package') return 'package'
  if (value === 'local') return 'local'
  fail('tsRuntimeImportMode is neither "package" nor "local"', 'Leave it out for "package".', 'tsRuntimeImportMode')
  return 'package'
}

function readTsImports(value: unknown, fail: Fail): readonly TsImport[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value) || !value.every(isRecord)) {
    fail(
      'tsImports is not a list of mappings',
      'Each entry has a `path`, and `imports`, `typeImports` or `importRoot`.',
      'tsImports',
    )
    return []
  }
  return value.flatMap((entry, index) => {
    const { path, importRoot } = entry
    if (typeof path !== 'string') {
      fail('an entry of tsImports has no path', 'Write `path:` with the module to import from.', 'tsImports', index)
      return []
    }
    const imports = readList(entry, fail, 'imports', 'tsImports', index)
    const typeImports = readList(entry, fail, 'typeImports', 'tsImports', index)
    return [{ path, imports, typeImports, ...(typeof importRoot === 'string' ? { importRoot } : {}) }]
  })
}
