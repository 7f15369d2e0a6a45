// Installs what is missing: dependencies always, Chromium with --browser. Runs on Node 20 with nothing installed.
import { main } from './lib/fail.mjs'
import { ensureBrowser } from './lib/install-browser.mjs'
import { ensureInstalled } from './lib/install.mjs'

await main(async () => {
  await ensureInstalled()
  if (process.argv.includes('--browser')) await ensureBrowser()
  console.log('rivulet: ready')
  return 0
})
