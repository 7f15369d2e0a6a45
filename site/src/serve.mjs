import { existsSync, statSync, createReadStream } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, normalize, sep } from 'node:path'

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

/** What a strict host would send: nothing runs that is not a file of the site. */
const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'",
  'X-Content-Type-Options': 'nosniff',
}

function fileFor(folder, address) {
  const path = normalize(join(folder, decodeURIComponent(new URL(address, 'http://site').pathname)))
  if (path !== folder && !path.startsWith(folder + sep)) return undefined
  return [path, `${path.replace(/[\\/]$/, '')}.html`, join(path, 'index.html')].find(
    (file) => existsSync(file) && statSync(file).isFile(),
  )
}

/**
 * Serves a built site from this machine, under the strictest policy that it claims to work with.
 *
 * @param {string} folder
 * @param {number} [port] a free one if left out
 * @returns {Promise<{ url: string, close: () => void }>}
 */
export async function serveSite(folder, port = 0) {
  const server = createServer((request, response) => {
    const file = fileFor(folder, request.url ?? '/')
    const found = file ?? fileFor(folder, '/404.html')
    if (found === undefined) {
      response.writeHead(404).end()
      return
    }
    response.writeHead(file === undefined ? 404 : 200, {
      ...HEADERS,
      'Content-Type': TYPES[extname(found)] ?? 'application/octet-stream',
    })
    createReadStream(found).pipe(response)
  })
  await new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return { url: `http://localhost:${server.address().port}/`, close: () => void server.close() }
}
