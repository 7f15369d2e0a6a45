// `npm run example -- NAME`: runs one of the examples until a signal ends it.
import { join } from 'node:path'
import { findExample } from './lib/find-example.mjs'
import { main } from './lib/fail.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { root } from './lib/root.mjs'
import { runApp } from './lib/run-app.mjs'

await main(async () => {
  const folder = findExample(root, process.argv[2])
  await ensureInstalled()
  return runApp(folder, join(folder, 'scripts/dev.mjs'), process.argv.slice(3))
})
