import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Shared Rolldown settings of a published package built from the folder it is called in: ES modules for any
 * environment, dependencies left as imports.
 *
 * @param {string} folder the package's folder
 * @param {Record<string, string>} input entry name → source file
 * @param {import('rolldown').OutputOptions} [output] what differs in the output
 * @returns {import('rolldown').RolldownOptions}
 */
export function library(folder, input, output = {}) {
  const { dependencies = {}, peerDependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const names = Object.keys({ ...dependencies, ...peerDependencies })
  return {
    cwd: folder,
    input,
    tsconfig: 'tsconfig.json',
    // Neutral, because the browser platform would bake NODE_ENV into the package for good.
    platform: 'neutral',
    external: [/^node:/, ...names.map((name) => new RegExp(`^${name}(/|$)`))],
    output: {
      dir: 'dist',
      format: 'esm',
      sourcemap: true,
      entryFileNames: '[name].js',
      chunkFileNames: '[name]-[hash].js',
      ...output,
    },
  }
}
