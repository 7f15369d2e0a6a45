// `npm run generate`: every schema module and schema file of the repository, from its sources. With --check nothing is written: whatever is not as its sources
// say is named, and so is every change since the commit that would break a peer of that.
import { join } from 'node:path'
import { main, UserError } from './lib/fail.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { modernNode, toolEnv } from './lib/modern-node.mjs'
import { root } from './lib/root.mjs'
import { runCaptured } from './lib/run-captured.mjs'
import { schemaProjects } from './lib/schema-projects.mjs'

const entry = join(root, 'packages/codegen/bin/rivulet.js')

/** Runs `rivulet` on a project, command by command, up to the first that is not content. */
async function rivulet(project, commands) {
  const said = []
  for (const args of commands) {
    const command = ['--conditions=rivulet-source', entry, ...args, '--project', join(root, project)]
    const { code, output } = await runCaptured(modernNode(), command, { env: toolEnv() })
    said.push(`${project}: rivulet ${args.join(' ')}`, output.trimEnd())
    if (code !== 0) return { ok: false, said }
  }
  return { ok: true, said }
}

await main(async () => {
  const [flag, ...more] = process.argv.slice(2)
  if (more.length > 0 || (flag !== undefined && flag !== '--check'))
    throw new UserError('Usage: npm run generate [-- --check]')
  await ensureInstalled()
  const commands = flag === undefined ? [['generate']] : [['generate', '--check'], ['check']]
  const projects = schemaProjects(root)
  if (projects.length === 0) throw new UserError('no workspace has a rivulet.config.ts.')
  const results = await Promise.all(projects.map((project) => rivulet(project, commands)))
  for (const { said } of results) console.log(said.join('\n'))
  return results.every(({ ok }) => ok) ? 0 : 1
})
