import { cpus, platform, totalmem } from 'node:os'
import { promisify } from 'node:util'
import { execFile } from 'node:child_process'
import { findChromium } from '../../../scripts/lib/find-chromium.mjs'

const run = promisify(execFile)

/** What the figures were taken on, in one line. */
export async function machineLine(): Promise<string> {
  const file = findChromium()
  const browser = file === undefined ? 'no Chromium' : (await run(file, ['--version'])).stdout.trim().split('\n').at(-1)
  const cores = cpus()
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`
  return [
    `Node ${process.versions.node}`,
    browser,
    `${cores.length} cores ${cores[0]?.model.trim() ?? 'of an unknown model'}`,
    memory,
    platform(),
    new Date().toISOString().slice(0, 10),
  ].join(', ')
}
