import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const exec = promisify(execFile)
const MODULE = 'github.com/boatkit-io/restream'
const NO_GO = 'Go is not installed. Install Go 1.23 or newer.'

/**
 * The newest version of the Go library that this machine can get, or why it can get none.
 *
 * @param {(file: string, args: string[], options: object) => Promise<{ stdout: string }>} [execute] for tests
 * @returns {Promise<{ version: string, reason?: undefined } | { version?: undefined, reason: string, noGo?: true }>}
 */
export async function goLibrary(execute = exec) {
  const folder = await mkdtemp(join(tmpdir(), 'rivulet-interop-'))
  try {
    const { stdout } = await execute('go', ['list', '-m', '-f', '{{.Version}}', `${MODULE}@latest`], {
      cwd: folder,
      timeout: 60_000,
    })
    return { version: stdout.trim() }
  } catch (error) {
    return error.code === 'ENOENT' ? { reason: NO_GO, noGo: true } : { reason: explain(error) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function explain(error) {
  if (error.killed === true) return `looking up ${MODULE} took more than 60 s.`
  const answer = String(error.stderr ?? error.message)
    .split('\n')
    .map((line) => line.trim())
    .findLast(Boolean)
  return `the Go module proxy does not serve ${MODULE} (${answer}).`
}
