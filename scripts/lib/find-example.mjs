import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from './fail.mjs'

/**
 * The folder of an example by its name.
 *
 * @param {string} root the repository's folder
 * @param {string | undefined} name
 * @returns {string}
 * @throws {UserError} for a name that no example has; it lists those there are
 */
export function findExample(root, name) {
  const examples = join(root, 'examples')
  const names = readdirSync(examples).filter((folder) => existsSync(join(examples, folder, 'scripts/dev.mjs')))
  if (name !== undefined && names.includes(name)) return join(examples, name)
  const found = name === undefined ? 'which example?' : `there is no example "${name}".`
  throw new UserError(`${found} Try: ${names.map((each) => `npm run example -- ${each}`).join(', or ')}`)
}
