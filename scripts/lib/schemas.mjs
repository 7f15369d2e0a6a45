import { join } from 'node:path'
import { modernNode, toolEnv } from './modern-node.mjs'
import { root as repository } from './root.mjs'
import { runCaptured } from './run-captured.mjs'
import { schemaProjects } from './schema-projects.mjs'

const entry = join(repository, 'packages/codegen/bin/rivulet.js')
const COMMANDS = { write: [['generate']], check: [['generate', '--check'], ['check']] }

/** Runs `rivulet` on a project, command by command, up to the first that is not content. */
async function rivulet(root, project, commands) {
  const said = []
  for (const args of commands) {
    const command = ['--conditions=rivulet-source', entry, ...args, '--project', join(root, project)]
    const { code, output } = await runCaptured(modernNode(), command, { env: toolEnv() })
    said.push(`${project}: rivulet ${args.join(' ')}`, output.trimEnd())
    if (code !== 0) return { ok: false, said }
  }
  return { ok: true, said }
}

/**
 * Generates every schema below `root`, or checks that each is as its sources say and breaks no peer of the commit.
 *
 * @param {string} root the repository's folder
 * @param {'write' | 'check'} what
 * @returns {Promise<{ ok: boolean, said: string[] }>} what the command said, project by project
 */
export async function schemas(root, what) {
  const results = await Promise.all(schemaProjects(root).map((project) => rivulet(root, project, COMMANDS[what])))
  return { ok: results.every(({ ok }) => ok), said: results.flatMap(({ said }) => said) }
}
