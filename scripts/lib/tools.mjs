import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.mjs'

/**
 * The JavaScript entry of an installed tool. Starting it directly, rather than through `npx`, leaves no process
 * between us and the tool: signals arrive and nothing is orphaned.
 *
 * @param {string} packageName
 * @param {string} [bin] the tool's name, when it is not the package's
 * @returns {string}
 */
export function toolEntry(packageName, bin = packageName) {
  const folder = join(root, 'node_modules', packageName)
  const { bin: bins } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const file = typeof bins === 'string' ? bins : bins?.[bin]
  if (!file) throw new Error(`${packageName} has no executable named ${bin}`)
  return join(folder, file)
}
