import type { SchemaModel } from '../model/schema-model.ts'
import { parseSchema } from '../project/schema-file.ts'
import { git } from './git.ts'

/** A schema as some commit has it. */
export interface CommittedSchema {
  /** Abbreviated. */
  readonly commit: string
  /** ISO 8601, of the commit. */
  readonly date: string
  readonly model: SchemaModel
}

/** The commit that `ref` means, in full; undefined when there is none, or no repository. */
export async function commitOf(root: string, ref: string): Promise<string | undefined> {
  const found = await git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`])
  return found?.trim()
}

/** The schema file `path`, relative to `root`, as a commit has it; undefined when it is not in it. Throws `config` when it is no schema. */
export async function schemaAt(root: string, commit: string, path: string): Promise<CommittedSchema | undefined> {
  const text = await git(root, ['show', `${commit}:./${path}`])
  if (text === undefined) return undefined
  const [short = commit, date = ''] =
    (await git(root, ['show', '-s', '--format=%h %cI', commit]))?.trim().split(' ') ?? []
  return { commit: short, date, model: parseSchema(text, `${path} of ${short}`) }
}

/** Every version of the schema file before `commit` and in it, newest first, at most `limit`. */
export async function schemaHistory(
  root: string,
  commit: string,
  path: string,
  limit: number,
): Promise<readonly CommittedSchema[]> {
  const log = await git(root, ['log', '--format=%H', `--max-count=${limit}`, commit, '--', path])
  const versions: CommittedSchema[] = []
  for (const hash of (log ?? '').split('\n').filter((line) => line !== '')) {
    const version = await schemaAt(root, hash, path)
    // A commit that removed the file has none.
    if (version !== undefined) versions.push(version)
  }
  return versions
}
