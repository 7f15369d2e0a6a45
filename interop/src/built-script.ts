import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build, defaultClientConditions } from 'vite'
import { inlineWorker } from '../../scripts/build/inline-worker.mjs'

/** A page that consists of one script, with its worker. */
export interface BuiltScript {
  readonly url: string
  close(): Promise<void>
}

/** Builds the script at `entry` with React's development build, whose StrictMode does everything twice, and serves it from memory. */
export async function serveScript(entry: URL): Promise<BuiltScript> {
  const built = await build({
    configFile: false,
    mode: 'development',
    logLevel: 'error',
    base: '/',
    define: { 'process.env.NODE_ENV': '"development"' },
    resolve: { conditions: ['rivulet-source', ...defaultClientConditions] },
    plugins: [inlineWorker()],
    worker: { format: 'es' },
    build: { write: false, minify: false, rolldownOptions: { input: fileURLToPath(entry) } },
  })
  const [bundle] = Array.isArray(built) ? built : [built]
  if (bundle === undefined || !('output' in bundle)) throw new Error('the build wrote nothing')
  const files = new Map<string, string | Uint8Array>(
    bundle.output.map((file) => [`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source] as const),
  )
  const script = bundle.output.find((file) => file.type === 'chunk' && file.isEntry)?.fileName
  const html = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><body><script type="module" src="/${script}"></script>`
  const http = createServer(({ url = '/' }, reply) => {
    const { pathname } = new URL(url, 'http://page.test')
    const file = files.get(pathname)
    if (pathname === '/') reply.setHeader('content-type', 'text/html').end(html)
    else if (file === undefined) reply.writeHead(404).end()
    else reply.setHeader('content-type', 'text/javascript').end(file)
  })
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((done) => {
        http.closeAllConnections()
        http.close(() => done())
      }),
  }
}
