import type { EnvironmentModuleNode, ErrorPayload, Logger, Plugin, ViteDevServer } from 'vite'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { formatDiagnostic } from '../diagnostics/format-diagnostic.ts'
import { join, resolve } from 'node:path'
import type { Project } from '../project/config.ts'
import { followSources } from '../project/follow.ts'
import { generate, type Generated } from '../project/generate.ts'
import { loadConfig } from '../project/load-config.ts'
import type { Watch } from '../project/watch.ts'

/** How {@link rivulet} finds its project. */
export interface RivuletPluginOptions {
  /** The folder with the sources, relative to Vite's root, which it is by default. */
  readonly project?: string
  /** The configuration file, relative to the project. */
  readonly config?: string
}

const NAME = 'rivulet'

/**
 * A Vite plugin that generates before a build and when the development server starts, and again whenever a source changes. Errors in the sources fail a
 * build; in development they are shown over the page, at file, line and column, until they are gone. Pages reload when a generated module changes: a client that
 * runs cannot exchange the definition of a store.
 *
 * Workers are built as ES modules (`worker.format: 'es'`) unless the configuration says otherwise, so that the client's worker loads what an app does not use only when it does.
 *
 * @throws RivuletError `config`, when the project has no configuration, or one that cannot work.
 *
 * @example
 * // vite.config.ts
 * export default defineConfig({ plugins: [rivulet({ project: '../host' }), react()] })
 */
export function rivulet(options: RivuletPluginOptions = {}): Plugin {
  let folder = '.'
  let logger: Logger | undefined
  let isBuild = false
  let watch: Watch | undefined
  /** Everything that is generated, as Vite spells it. */
  let ours: ReadonlySet<string> = new Set()
  const load = (): Promise<Project> => loadConfig(folder, options.config)
  return {
    name: NAME,
    // The other format cannot be split: Vite 8 puts everything into one file then, and before Vite 8 the build fails.
    config: ({ worker }) => (worker?.format === undefined ? { worker: { format: 'es' } } : {}),
    configResolved(config) {
      folder = resolve(config.root, options.project ?? '.')
      logger = config.logger
      isBuild = config.command === 'build'
    },
    async buildStart() {
      if (!isBuild) return
      const { diagnostics, changes } = await generate(await load())
      for (const diagnostic of diagnostics.filter(isWarning)) this.warn(formatDiagnostic(diagnostic))
      const errors = diagnostics.filter((diagnostic) => !isWarning(diagnostic))
      if (errors.length > 0) this.error(errors.map(formatDiagnostic).join('\n'))
      tell(logger, changes)
    },
    async configureServer(server) {
      const show = overlay(server, () => folder)
      watch = await followSources(load, {
        generated: ({ diagnostics, changes, failed }) => {
          tell(logger, changes)
          if (!failed) ours = pathsOf(folder, changes)
          for (const diagnostic of diagnostics)
            logger?.[isWarning(diagnostic) ? 'warn' : 'error'](formatDiagnostic(diagnostic))
          show(diagnostics.find((diagnostic) => !isWarning(diagnostic)))
        },
        failed: (error) => {
          const message = error instanceof Error ? error.message : String(error)
          logger?.error(message)
          show({ severity: 'error', code: 'config', message, file: '', line: 0, column: 0, hint: '' })
        },
      })
    },
    hotUpdate({ file, modules, timestamp }) {
      const { name, moduleGraph, hot } = this.environment
      if (name !== 'client' || modules.length === 0 || !ours.has(file)) return undefined
      const invalidated = new Set<EnvironmentModuleNode>()
      for (const module of modules) moduleGraph.invalidateModule(module, invalidated, timestamp, true)
      hot.send({ type: 'full-reload' })
      return []
    },
    closeBundle() {
      watch?.close()
    },
  }
}

const isWarning = ({ severity }: Diagnostic): boolean => severity === 'warning'

const pathsOf = (folder: string, { written, unchanged }: Generated['changes']): ReadonlySet<string> =>
  new Set([...written, ...unchanged].map((path) => join(folder, path).replaceAll('\\', '/')))

function tell(logger: Logger | undefined, { written, removed }: Generated['changes']): void {
  for (const path of written) logger?.info(`${NAME}: wrote ${path}`, { timestamp: true })
  for (const path of removed) logger?.info(`${NAME}: removed ${path}`, { timestamp: true })
}

/** Shows one error over every page, also over those that connect later, and takes it away with a reload. */
function overlay({ ws }: ViteDevServer, folderOf: () => string): (error: Diagnostic | undefined) => void {
  let shown: ErrorPayload | undefined
  ws.on('connection', () => {
    if (shown !== undefined) ws.send(shown)
  })
  return (error) => {
    const before = shown
    shown = error === undefined ? undefined : payload(error, folderOf())
    if (shown !== undefined) ws.send(shown)
    else if (before !== undefined) ws.send({ type: 'full-reload' })
  }
}

function payload(error: Diagnostic, folder: string): ErrorPayload {
  const { file, line, column, message, hint } = error
  const place = file === '' ? {} : { id: join(folder, file), loc: { file: join(folder, file), line, column } }
  return { type: 'error', err: { message: `${message}\n${hint}`.trimEnd(), stack: '', plugin: NAME, ...place } }
}
