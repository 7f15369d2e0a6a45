import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createServer } from 'vite'
import { launchChromium } from '../../../scripts/lib/launch-chromium.mjs'
import { root } from '../../../scripts/lib/root.mjs'
import { smallPng } from './small-png.mjs'

// Pictures of every view, dark and light, from a panel on a page that is made up: `node packages/devtools/scripts/screenshots.mjs [folder] [narrow]`; default docs/devtools. `narrow` adds some of a panel 550 pixels wide.

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
  wire: async (page) => {
    const rows = page.getByRole('listbox', { name: 'Messages' }).getByRole('option')
    const pause = page.locator('.rv-head').getByRole('button', { name: 'Pause' })
    // Rows that run away cannot be clicked.
    await pause.click()
    await page.waitForTimeout(300)
    await rows.filter({ hasText: '31 B' }).last().dispatchEvent('click')
    const parts = page.getByRole('listbox', { name: 'Meaning of the bytes' }).getByRole('option')
    await parts.filter({ hasText: 'speed' }).first().dispatchEvent('click')
    await page.locator('.rv-head').getByRole('button', { name: 'Paused' }).click()
    await page.mouse.move(0, 0)
  },
  renders: async (page) => {
    await page.getByRole('option').filter({ hasText: 'SpeedGauge' }).first().dispatchEvent('click')
    await page.locator('.rv-why summary').first().click()
    await page.locator('.rv-in button').first().click()
  },
  calls: async (page) => {
    await page.getByRole('listbox', { name: 'Calls' }).getByRole('option').first().dispatchEvent('click')
    await page.getByRole('button', { name: 'Edit and call again' }).click()
    await page.getByRole('combobox', { name: 'Event' }).selectOption('Horn')
    await page.getByRole('button', { name: 'Subscribe', exact: true }).click()
    await page.locator('.rv-listeners').getByText('blasts').waitFor()
  },
  session: () => undefined,
  time: async (page) => {
    const row = page.locator('.rv-tree-row', { has: page.getByText('boats', { exact: true }) })
    await row.locator('.rv-caret').click()
    await page.getByRole('button', { name: 'Mark' }).click()
    for (let i = 0; i < 4; i++) await page.getByRole('button', { name: 'One back' }).click()
  },
}

/** Opens the page; which of its two clients the panel takes by itself depends on whose greeting a frame falls between. */
const openPage = async (theme, viewport) => {
  const page = await browser.newPage({ viewport, deviceScaleFactor: 1 })
  page.setDefaultTimeout(20_000)
  page.on('pageerror', (error) => console.error(`${theme}: ${error.stack ?? error}`))
  await page.goto(`${server.resolvedUrls.local[0]}?theme=${theme}`)
  await page.getByRole('combobox', { name: 'Client' }).selectOption('harbour')
  await page.getByRole('status').getByText('connected').waitFor()
  return page
}

const server = await createServer({
  root: join(import.meta.dirname, 'screenshots'),
  configFile: false,
  logLevel: 'error',
  resolve: { conditions: ['rivulet-source', 'module', 'browser', 'development'] },
  server: { port: 0, host: '127.0.0.1', fs: { allow: [root] } },
})
await server.listen()
const browser = await launchChromium({ args: ['--no-sandbox'] })
try {
  mkdirSync(folder, { recursive: true })
  for (const theme of ['dark', 'light']) {
    const page = await openPage(theme, { width: 1200, height: 620 })
    for (const tab of await page.getByRole('tab').all()) {
      await tab.click()
      const view = (await tab.getAttribute('id')).replace('rv-tab-', '')
      await page.waitForTimeout(1500)
      await steps[view]?.(page)
      await page.waitForTimeout(700)
      // Arguments and packets are read when their rows are drawn.
      await page.getByText('…', { exact: true }).locator('visible=true').first().waitFor({ state: 'detached' })
      const file = join(folder, `${view}-${theme}.png`)
      writeFileSync(file, smallPng(await page.screenshot()))
      console.log(file)
    }
    await page.close()
  }
  // Docked at the right of a narrow window; only to be looked at.
  if (process.argv[3] === 'narrow') {
    const page = await openPage('dark', { width: 550, height: 800 })
    for (const tab of await page.getByRole('tab').all()) {
      await tab.click()
      const view = (await tab.getAttribute('id')).replace('rv-tab-', '')
      await page.waitForTimeout(1200)
      await page.waitForTimeout(500)
      await page.screenshot({ path: join(folder, `${view}-narrow.png`) })
    }
    await page.close()
  }
} finally {
  await browser.close()
  await server.close()
}
