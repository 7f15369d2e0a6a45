import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { RivuletError } from '@rivulet/wire'

const run = promisify(execFile)

/** Runs git in `folder`; what it prints, or undefined when it fails. Throws `config` when there is no git. */
export async function git(folder: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout } = await run('git', [...args], { cwd: folder, maxBuffer: 256 * 1024 * 1024 })
    return stdout
  } catch (cause) {
    if ((cause as { readonly code?: unknown }).code === 'ENOENT')
      throw new RivuletError('config', 'git is not on this machine', {
        cause,
        hint: 'Compare with a file: --against schema.json.',
      })
    return undefined
  }
}
