// `npm run docs`: installs what is missing, then builds the site with the repository's own Node.
import { main } from './lib/fail.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { modernNode, toolEnv } from './lib/modern-node.mjs'
import { run } from './lib/run.mjs'

await main(async () => {
  await ensureInstalled()
  return run(modernNode(), ['site/build.mjs', ...process.argv.slice(2)], { env: toolEnv() })
})
