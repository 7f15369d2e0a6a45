import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { rolldown, type RolldownOptions } from 'rolldown'
import { createServer, preview } from 'vite'
import manifest from '../../package.json' with { type: 'json' }
import configs from '../../rolldown.config.mjs'

const root = fileURLToPath(new URL('../../../..', import.meta.url))
const vite = join(dirname(fileURLToPath(import.meta.resolve('vite/package.json'))), 'bin/vite.js')

/** An app outside the workspace, with the devtools installed as npm would: what is in `dist`, by the exports of package.json. */
export interface TinyApp {
  /** Builds `main` as the app's only script; file name → text of everything that came out. */
  build(main: string, nodeEnv: 'production' | 'development'): Promise<ReadonlyMap<string, string>>
  /** Bundles `main` with Rolldown alone, which knows no condition `production`; without `nodeEnv` nothing is put in place of `process.env.NODE_ENV`, as on a page without bundler. */
  bundle(main: string, nodeEnv?: string): Promise<ReadonlyMap<string, string>>
  /** Serves what was built last, with a content security policy. */
  serveBuilt(policy: string): Promise<{ readonly url: string; close(): Promise<void> }>
  /** Serves `main` as a development server does. */
  serveSource(main: string): Promise<{ readonly url: string; close(): Promise<void> }>
  remove(): Promise<void>
}

async function buildDevtools(dir: string): Promise<void> {
  const [library] = configs as readonly RolldownOptions[]
  if (library === undefined || Array.isArray(library.output)) throw new Error('the library is the first configuration')
  // Silent: that `'use client'` may be lost when bundling further is known, and is not so here.
  const bundle = await rolldown({ ...library, logLevel: 'silent' })
  await bundle.write({ ...library.output, dir })
  await bundle.close()
}

/** package.json as it counts outside the workspace, where nobody has the condition of its sources. */
function published(): string {
  const exports = Object.entries(manifest.exports).map(([entry, to]) => {
    if (typeof to === 'string') return [entry, to]
    const { 'rivulet-source': _, ...conditions } = to
    return [entry, conditions]
  })
  return JSON.stringify({ ...manifest, exports: Object.fromEntries(exports) })
}

export async function createTinyApp(): Promise<TinyApp> {
  const folder = await mkdtemp(join(tmpdir(), 'rivulet-app-'))
  const modules = join(folder, 'node_modules')
  const devtools = join(modules, '@rivulet/devtools')
  await mkdir(devtools, { recursive: true })
  await buildDevtools(join(devtools, 'dist'))
  await writeFile(join(devtools, 'package.json'), published())
  for (const name of [
    '@rivulet/client',
    '@rivulet/wire',
    'react',
    'react-dom',
    'scheduler',
    'socket.io-client',
    'comlink',
  ])
    await symlink(join(root, 'node_modules', name), join(modules, name), 'junction')
  // Of the workspace only its own packages come as source: they may not be built.
  const config = `export default { resolve: { conditions: ['rivulet-source', 'browser', 'module', 'development|production', 'import', 'default'] } }`
  await writeFile(join(folder, 'vite.config.js'), config)
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'tiny-app', private: true, type: 'module' }))
  const page = '<!doctype html><title>Tiny</title><div id="root"></div><script type="module" src="/main.js"></script>'
  await writeFile(join(folder, 'index.html'), page)

  const written = async (): Promise<ReadonlyMap<string, string>> => {
    const names = await readdir(join(folder, 'dist'), { recursive: true, withFileTypes: true })
    const files = names.filter((entry) => entry.isFile())
    return new Map(
      await Promise.all(
        files.map(async ({ name, parentPath }) => [name, await readFile(join(parentPath, name), 'utf8')] as const),
      ),
    )
  }

  return {
    async build(main, nodeEnv) {
      await writeFile(join(folder, 'main.js'), main)
      // In a process of its own: the bundler takes NODE_ENV from it, and here it is `test`.
      await promisify(execFile)(process.execPath, [vite, 'build', '--mode', nodeEnv, '--logLevel', 'error'], {
        cwd: folder,
        env: { ...process.env, NODE_ENV: nodeEnv },
      })
      return written()
    },
    async bundle(main, nodeEnv) {
      await writeFile(join(folder, 'main.js'), main)
      await rm(join(folder, 'dist'), { recursive: true, force: true })
      const bundle = await rolldown({
        cwd: folder,
        input: 'main.js',
        // Of its own it would take this process' NODE_ENV on the platform of browsers.
        platform: 'neutral',
        logLevel: 'silent',
        resolve: { conditionNames: ['rivulet-source', 'browser', 'module', 'import', 'default'] },
        transform: { define: nodeEnv === undefined ? {} : { 'process.env.NODE_ENV': JSON.stringify(nodeEnv) } },
      })
      await bundle.write({ dir: join(folder, 'dist'), format: 'esm', minify: true })
      await bundle.close()
      await writeFile(join(folder, 'dist/index.html'), page)
      return written()
    },
    async serveBuilt(policy) {
      const server = await preview({
        root: folder,
        logLevel: 'error',
        preview: { port: 0, host: '127.0.0.1', headers: { 'Content-Security-Policy': policy } },
      })
      const url = server.resolvedUrls?.local[0]
      if (url === undefined) throw new Error('the server has no address')
      return { url, close: () => server.close() }
    },
    async serveSource(main) {
      await writeFile(join(folder, 'main.js'), main)
      const server = await createServer({
        root: folder,
        logLevel: 'error',
        server: { port: 0, host: '127.0.0.1', fs: { strict: false } },
      })
      await server.listen()
      const url = server.resolvedUrls?.local[0]
      if (url === undefined) throw new Error('the server has no address')
      return { url, close: () => server.close() }
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
