import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { preview } from 'vite'

const vite = join(dirname(fileURLToPath(import.meta.resolve('vite/package.json'))), 'bin/vite.js')
const demo = join(dirname(fileURLToPath(import.meta.url)), '../..')

/** The web app as it is shipped: built, minified, with its content security policy. */
export interface BuiltPage {
  readonly url: string
  close(): Promise<void>
}

/** Builds the web app in `root` (the demo's, unless told otherwise) into a folder of its own and serves it. */
export async function serveBuiltPage(root: string = demo): Promise<BuiltPage> {
  const outDir = await mkdtemp(join(tmpdir(), 'rivulet-demo-'))
  // In a process of its own: under the test runner NODE_ENV is `test`, which would ship the development build of React.
  const args = ['--conditions=rivulet-source', vite, 'build', '--configLoader', 'native', '--outDir', outDir]
  await promisify(execFile)(process.execPath, [...args, '--logLevel', 'error'], {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production' },
  })
  const server = await preview({
    root,
    configFile: false,
    logLevel: 'error',
    build: { outDir },
    preview: { port: 0, host: '127.0.0.1' },
  })
  const url = server.resolvedUrls?.local[0]
  if (url === undefined) throw new Error('the preview server has no address')
  return {
    url,
    async close() {
      await server.close()
      await rm(outDir, { recursive: true, force: true })
    },
  }
}
