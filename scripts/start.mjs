// `npm start`: runs the demo until a signal ends it.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { main, UserError } from './lib/fail.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { root } from './lib/root.mjs'
import { runApp } from './lib/run-app.mjs'

await main(async () => {
  await ensureInstalled()
  const folder = join(root, 'demo-tictactoe')
  const entry = join(folder, 'scripts/dev.mjs')
  if (!existsSync(entry)) throw new UserError('the demo is incomplete: demo-tictactoe/scripts/dev.mjs does not exist.')
  return runApp(folder, entry, process.argv.slice(2))
})
