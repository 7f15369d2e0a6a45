import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { root } from './root.mjs'

/**
 * Runs a program and collects what it prints, so that a step's output can be shown only when it failed.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<{ code: number, output: string }>}
 */
export async function runCaptured(command, args, options = {}) {
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options })
  const chunks = []
  child.stdout.on('data', (chunk) => chunks.push(chunk))
  child.stderr.on('data', (chunk) => chunks.push(chunk))
  const [code] = await once(child, 'close')
  return { code: code ?? 1, output: Buffer.concat(chunks).toString('utf8') }
}
