import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { vi } from 'vitest'

const vite = join(dirname(fileURLToPath(import.meta.resolve('vite/package.json'))), 'bin/vite.js')
const demo = join(dirname(fileURLToPath(import.meta.url)), '../..')

/** What a development server of the demo needs; a package.json, so that the copy's cache is its own. */
const PARTS = ['index.html', 'model', 'package.json', 'public', 'rivulet.config.ts', 'schema.json', 'src']

/** A copy of the demo that may be edited, served as `npm start` serves the demo. */
export interface ServedCopy {
  readonly url: string
  read(path: string): string
  write(path: string, text: string): void
  close(): Promise<void>
}

/** Copies the demo and starts Vite with the demo's own configuration on the copy. */
export async function serveCopy(): Promise<ServedCopy> {
  // Inside the workspace, whose packages Vite serves; nothing else looks into `dist`.
  mkdirSync(join(demo, 'dist'), { recursive: true })
  const root = mkdtempSync(join(demo, 'dist/copy-'))
  for (const part of PARTS) cpSync(join(demo, part), join(root, part), { recursive: true })
  const config = ['--config', join(demo, 'vite.config.ts'), '--configLoader', 'native']
  const args = ['--conditions=rivulet-source', vite, root, ...config, '--port', '0', '--host', '127.0.0.1']
  const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, NO_COLOR: '1' } })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  const close = async (): Promise<void> => {
    const ended = child.exitCode === null ? once(child, 'exit') : undefined
    child.kill('SIGTERM')
    await ended
    rmSync(root, { recursive: true, force: true })
  }
  const address = /Local: +(http:\/\/\S+)/
  try {
    await vi.waitUntil(() => address.test(output) || child.exitCode !== null, { timeout: 60_000, interval: 50 })
  } catch (cause) {
    await close()
    throw new Error(`the development server did not start:\n${output}`, { cause })
  }
  const [, url] = address.exec(output) ?? []
  if (url === undefined) {
    await close()
    throw new Error(`the development server ended:\n${output}`)
  }
  return {
    url,
    read: (path) => readFileSync(join(root, path), 'utf8'),
    write: (path, text) => writeFileSync(join(root, path), text),
    close,
  }
}
