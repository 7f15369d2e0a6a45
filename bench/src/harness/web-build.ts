import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inlineWorker } from '../../../scripts/build/inline-worker.mjs'
import { build, defaultClientConditions, type Plugin } from 'vite'

/** A built page on disk. */
export interface WebBuild {
  readonly folder: string
  remove(): Promise<void>
}

const page = 'index.html'

/** The page itself: one element to render into, one script. */
function html(entry: string): Plugin {
  return {
    name: 'bench-page',
    resolveId: (id) => (id === page ? join(process.cwd(), page) : null),
    load: (id) =>
      id === join(process.cwd(), page)
        ? `<!doctype html><meta charset="utf-8"><title>bench</title><link rel="icon" href="data:,"><div id="root"></div><script type="module" src=${JSON.stringify(entry)}></script>`
        : null,
  }
}

/**
 * Builds a page around the module `entry` as an app would be built: Vite, production, minified. Rivulet comes from its sources.
 *
 * Vite's own messages are shown only when the build fails.
 */
export async function webBuild(entry: string): Promise<WebBuild> {
  const folder = await mkdtemp(join(tmpdir(), 'rivulet-bench-'))
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true })
  try {
    await build({
      configFile: false,
      logLevel: 'error',
      mode: 'production',
      plugins: [html(entry), inlineWorker()],
      resolve: { conditions: ['rivulet-source', ...defaultClientConditions] },
      worker: { format: 'es' },
      build: {
        outDir: folder,
        emptyOutDir: true,
        target: 'es2023',
        rolldownOptions: { input: page },
        chunkSizeWarningLimit: 10_000,
      },
    })
    return { folder, remove }
  } catch (error) {
    await remove()
    throw error
  }
}
