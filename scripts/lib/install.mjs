import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { UserError } from './fail.mjs'
import { root } from './root.mjs'
import { run } from './run.mjs'

const stamp = join(root, 'node_modules/.rivulet-lock')

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
}

function npm() {
  // npm's own Node, not the vendored one: `npm ci` deletes the vendored one while it runs.
  const { npm_execpath: script, npm_node_execpath: node } = process.env
  if (script?.endsWith('.js') && node && !node.includes('node_modules')) return { command: node, first: [script] }
  return { command: 'npm', first: [] }
}

function outsideEnv() {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.startsWith(root))
  return { ...process.env, PATH: folders.join(delimiter) }
}

/** Runs `npm ci` unless `node_modules` was installed from exactly this lockfile. */
export async function ensureInstalled() {
  const wanted = lockHash()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  console.log('rivulet: installing dependencies (npm ci)')
  const { command, first } = npm()
  const code = await run(command, [...first, 'ci', '--loglevel=error'], {
    env: outsideEnv(),
    shell: process.platform === 'win32',
  })
  if (code !== 0) {
    throw new UserError(
      `npm ci failed with exit code ${code}. Check the network and the messages above, then try again.`,
    )
  }
  writeFileSync(stamp, wanted)
}
