import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const { resolve } = createRequire(import.meta.url)

/** Version of an installed package, from its own package.json: what was measured, not what was asked for. */
export function versionOf(packageName: string): string {
  for (const folder of resolve.paths(packageName) ?? []) {
    try {
      const { version } = JSON.parse(readFileSync(join(folder, packageName, 'package.json'), 'utf8')) as {
        version: string
      }
      return version
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
  throw new Error(`${packageName} is not installed beside ${dirname(import.meta.url)}. Run npm ci.`)
}
