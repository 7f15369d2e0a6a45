// `npm run build`: JavaScript with Rolldown, declarations with tsc, into each package's dist.
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { main } from './lib/fail.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { modernNode, toolEnv } from './lib/modern-node.mjs'
import { root } from './lib/root.mjs'
import { run } from './lib/run.mjs'
import { toolEntry } from './lib/tools.mjs'

function packagesToBuild() {
  const folders = readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name))
  return folders.filter((folder) => existsSync(join(folder, 'rolldown.config.mjs')))
}

async function build(entry, args, cwd) {
  const code = await run(modernNode(), [entry, ...args], { cwd, env: toolEnv() })
  if (code !== 0) throw new Error(`the build of ${cwd} failed with exit code ${code}`)
}

await main(async () => {
  await ensureInstalled()
  for (const folder of packagesToBuild()) {
    // With it goes the incremental state in it: otherwise tsc would believe its declarations are still there.
    rmSync(join(folder, 'dist'), { recursive: true, force: true })
    await build(toolEntry('rolldown'), ['--config', 'rolldown.config.mjs', '--logLevel', 'warn'], folder)
  }
  await build(toolEntry('typescript', 'tsc'), ['-b'], root)
  return 0
})
