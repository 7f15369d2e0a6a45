import type { TsImport } from '../go/project/project-config.ts'

/** One kind of output, and where it goes. */
export interface OutputConfig {
  /** Name of an emitter: see `emitters`. */
  readonly emit: string
  /** Folder, relative to the project; `outDir` by default. */
  readonly dir?: string
  /** Passed on to the emitter as they are. */
  readonly options?: Readonly<Record<string, unknown>>
}

/**
 * What `rivulet.config.ts`, `.mjs` or `.json` says. Everything has a default; a project with a `restream.yaml` needs no such file.
 *
 * Folders and files are relative to the project, with `/`.
 */
export interface RivuletConfig {
  /** What the schema is written in: the name of a front end; `go` by default. */
  readonly source?: string
  /** Folders with sources; those of `restream.yaml` by default. */
  readonly inputDirs?: readonly string[]
  /** What schemas in TypeScript call their package, which is in the names of structs: `radio.Station`; `schema` by default. Go packages have their own. */
  readonly packageName?: string
  /** Where generated modules go; `tsDir` of `restream.yaml`, else `src/generated`. */
  readonly outDir?: string
  /** The schema file to write, and to compare with; `schema.json` by default. */
  readonly schema?: string
  /** What to write beside the schema file; everything that is written by default when absent. */
  readonly outputs?: readonly OutputConfig[]
}

/** A project: its folder, and what it says about itself with the defaults filled in. */
export interface Project {
  /** Absolute. */
  readonly root: string
  readonly source: string
  readonly inputDirs: readonly string[] | undefined
  readonly packageName: string | undefined
  readonly outDir: string
  readonly schema: string
  readonly outputs: readonly OutputConfig[] | undefined
  /** Files that the configuration came from, relative to the project. */
  readonly configFiles: readonly string[]
  readonly tsImports: readonly TsImport[]
}

/**
 * Gives a configuration its type; returns it as it is.
 *
 * @example
 * // rivulet.config.ts
 * export default defineConfig({ source: 'go', inputDirs: ['host/game'], outDir: 'web/src/generated' })
 */
export function defineConfig(config: RivuletConfig): RivuletConfig {
  return config
}
