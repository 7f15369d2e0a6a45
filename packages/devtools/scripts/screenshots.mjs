import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { createServer } from 'vite'
import { findChromium } from '../../../scripts/lib/find-chromium.mjs'
import { root } from '../../../scripts/lib/root.mjs'

// Pictures of every view, dark and light, from a panel on a page that is made up: `node packages/devtools/scripts/screenshots.mjs [folder]`; default docs/devtools.

const folder = process.argv[2] ?? join(root, 'docs/devtools')
/** What is done in a view before its picture is taken. */
const steps = {
  stores: async (page) => {
    const row = (name) => page.locator('.rv-tree-row', { has: page.getByText(name, { exact: true }) })
    await row('boats').locator('.rv-caret').click()
    await row('b1').locator('.rv-caret').click()
    await row('speed').click()
    await page.waitForTimeout(700)
    await page.getByRole('button', { name: 'Edit on this page' }).click()
    await page.getByRole('textbox', { name: 'New value' }).fill('12.5 kn')
  },
  session: () => undefined,
}

const server = await createServer({
  root: join(import.meta.dirname, 'screenshots'),
  configFile: false,
  logLevel: 'error',
  resolve: { conditions: ['rivulet-source', 'module', 'browser', 'development'] },
  server: { port: 0, host: '127.0.0.1', fs: { allow: [root] } },
})
await server.listen()
const executablePath = findChromium()
const browser = await chromium.launch({ args: ['--no-sandbox'], ...(executablePath ? { executablePath } : {}) })
try {
  mkdirSync(folder, { recursive: true })
  for (const theme of ['dark', 'light']) {
    const page = await browser.newPage({ viewport: { width: 1200, height: 560 }, deviceScaleFactor: 1 })
    page.on('pageerror', (error) => console.error(`${theme}: ${error.stack ?? error}`))
    await page.goto(`${server.resolvedUrls.local[0]}?theme=${theme}`)
    await page.getByRole('status').getByText('connected').waitFor()
    for (const tab of await page.getByRole('tab').all()) {
      await tab.click()
      const view = (await tab.getAttribute('id')).replace('rv-tab-', '')
      await page.waitForTimeout(1500)
      await steps[view]?.(page)
      await page.waitForTimeout(700)
      const file = join(folder, `${view}-${theme}.png`)
      await page.screenshot({ path: file })
      console.log(file)
    }
    await page.close()
  }
} finally {
  await browser.close()
  await server.close()
}
