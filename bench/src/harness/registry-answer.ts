import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Why a command did not do what it was asked for, in its own words; `null` when it did. Addresses are left out. */
export async function refusal(command: string, args: readonly string[], timeoutMs: number): Promise<string | null> {
  try {
    await run(command, args, { timeout: timeoutMs })
    return null
  } catch (error) {
    const { code, killed, stderr } = error as { code?: string | number; killed?: boolean; stderr?: string }
    if (code === 'ENOENT') return `${command} is not installed`
    if (killed === true) return `${command} did not answer within ${timeoutMs / 1000} s`
    const said = (stderr ?? '').split('\n').find((line) => /404 |403 |410 |forbidden/i.test(line))
    const words = said
      ?.replace(/^npm error /, '')
      .replaceAll(/https?:\S+/g, '…')
      .trim()
    return `${command}: ${words ?? `exit ${code}`}`
  }
}

/** Why npm's registry does not have a package, asked now; `null` when it has it. */
export function registryAnswer(packageName: string, timeoutMs: number): Promise<string | null> {
  return refusal('npm', ['view', packageName, 'version'], timeoutMs)
}
