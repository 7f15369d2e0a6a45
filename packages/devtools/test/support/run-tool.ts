import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../..', import.meta.url))
const require = createRequire(join(root, 'package.json'))

/** How a program ended, and what it said. */
export interface ToolRun {
  readonly code: number
  readonly output: string
}

/** Runs a tool of the workspace as a process of its own, in the workspace. */
export function runTool(packageName: string, bin: string, args: readonly string[]): Promise<ToolRun> {
  const home = dirname(require.resolve(`${packageName}/package.json`))
  const { bin: bins } = require(`${packageName}/package.json`) as { readonly bin: string | Record<string, string> }
  const entry = join(home, typeof bins === 'string' ? bins : (bins[bin] as string))
  return new Promise((resolve) => {
    const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, VITEST: undefined, NODE_OPTIONS: undefined }
    execFile(process.execPath, [entry, ...args], { cwd: root, env, maxBuffer: 2 ** 24 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: stdout + stderr })
    })
  })
}

/** A folder beside tests of the workspace, so that what is in it finds the packages. Removed by `clean`. */
export async function makeFolder(beside = 'packages/devtools/test'): Promise<{
  readonly path: string
  write(name: string, text: string): Promise<string>
  clean(): Promise<void>
}> {
  const path = await mkdtemp(join(root, beside, '.written-'))
  return {
    path,
    async write(name, text) {
      const file = join(path, name)
      await writeFile(file, text)
      return file
    },
    clean: () => rm(path, { recursive: true, force: true }),
  }
}
