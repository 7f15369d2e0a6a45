import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const CONFIGS = ['rivulet.config.ts', 'rivulet.config.mjs', 'rivulet.config.json']

function foldersOf(root, pattern) {
  if (!pattern.endsWith('/*')) return [pattern]
  const parent = pattern.slice(0, -2)
  return readdirSync(join(root, parent)).map((name) => `${parent}/${name}`)
}

/**
 * The workspaces that have a schema of their own, relative to the root.
 *
 * @param {string} root the repository's folder
 * @returns {string[]}
 */
export function schemaProjects(root) {
  const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return workspaces
    .flatMap((pattern) => foldersOf(root, pattern))
    .filter((folder) => CONFIGS.some((name) => existsSync(join(root, folder, name))))
    .toSorted()
}
