import type { Browser } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchChromium } from '../../../scripts/lib/launch-chromium.mjs'
import { createTinyApp, type TinyApp } from './support/tiny-app.ts'

const ENTRY = `import '@rivulet/devtools'`
const COMPONENT = `
  import { createElement } from 'react'
  import { createRoot } from 'react-dom/client'
  import { RivuletDevtools } from '@rivulet/devtools/react'
  createRoot(document.querySelector('#root')).render(createElement(RivuletDevtools, { position: 'top-left' }))`
const BOTH = ENTRY + COMPONENT
const APP = `document.title = 'an app'`

/** Anything of the devtools, in a bundle that was minified. */
const OF_DEVTOOLS = /rivulet[-.](overlay|devtools)|Rivulet devtools/

let app: TinyApp
let browser: Browser

beforeAll(async () => {
  app = await createTinyApp()
  browser = await launchChromium()
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await app?.remove()
})

const texts = (files: ReadonlyMap<string, string>): string => [...files.values()].join('\n')
const scripts = (files: ReadonlyMap<string, string>): string[] =>
  [...files.keys()].filter((name) => name.endsWith('.js'))
const size = (files: ReadonlyMap<string, string>): number =>
  [...files].reduce((sum, [name, text]) => (name.endsWith('.js') ? sum + text.length : sum), 0)

describe('a production build', () => {
  test('has nothing of the devtools: not the entry, not the component, no file to load later', async () => {
    const files = await app.build(BOTH, 'production')
    expect(texts(files)).not.toMatch(OF_DEVTOOLS)
    expect(scripts(files)).toHaveLength(1)
  }, 60_000)

  test('is byte for byte as large with the entry as without', async () => {
    const without = await app.build(APP, 'production')
    const withEntry = await app.build(`${ENTRY}\n${APP}`, 'production')
    expect(size(withEntry)).toBe(size(without))
  }, 60_000)

  test('has nothing of them where the bundler only knows the NODE_ENV, either', async () => {
    const without = await app.bundle(APP, 'production')
    const withEntry = await app.bundle(`${ENTRY}\n${APP}`, 'production')
    expect(scripts(withEntry)).toHaveLength(1)
    expect(size(withEntry)).toBe(size(without))
    expect(texts(await app.bundle(`${ENTRY}\n${APP}`, 'development'))).toMatch(OF_DEVTOOLS)
  }, 60_000)

  test('has them when the production entry is imported, the panel in a file of its own', async () => {
    const files = await app.build(`import '@rivulet/devtools/production'`, 'production')
    expect(texts(files)).toMatch(OF_DEVTOOLS)
    expect(scripts(files).length).toBeGreaterThan(1)
  }, 60_000)
})

describe('in development', () => {
  test('the same app has them', async () => {
    expect(texts(await app.build(BOTH, 'development'))).toMatch(OF_DEVTOOLS)
  }, 60_000)

  test.each([
    ['the entry', ENTRY],
    ['the component', COMPONENT],
  ])(
    '%s shows the button on the page that the dev server serves',
    async (_, main) => {
      const server = await app.serveSource(main)
      const page = await browser.newPage()
      try {
        await page.goto(server.url)
        await page.getByRole('button', { name: 'Open Rivulet devtools' }).click()
        await page.locator('rivulet-devtools').waitFor()
        expect(await page.locator('rivulet-overlay').count()).toBe(1)
      } finally {
        await page.close()
        await server.close()
      }
    },
    60_000,
  )
})

test('a page without any bundler, where there is no process, has them', async () => {
  const files = await app.bundle(ENTRY)
  expect(texts(files)).toContain('process.env.NODE_ENV')
  const server = await app.serveBuilt("default-src 'self'")
  const page = await browser.newPage()
  const problems: string[] = []
  page.on('pageerror', ({ message }) => problems.push(message))
  try {
    await page.goto(server.url)
    await page.getByRole('button', { name: 'Open Rivulet devtools' }).waitFor()
    expect(await page.evaluate(() => 'process' in globalThis)).toBe(false)
    expect(problems).toEqual([])
  } finally {
    await page.close()
    await server.close()
  }
}, 60_000)

test('they need no exception in a strict content security policy', async () => {
  await app.build(`import '@rivulet/devtools/production'`, 'production')
  const server = await app.serveBuilt("default-src 'none'; script-src 'self'; style-src 'self'")
  const page = await browser.newPage()
  const problems: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('favicon')) problems.push(message.text())
  })
  page.on('pageerror', ({ message }) => problems.push(message))
  try {
    await page.goto(server.url)
    const button = page.getByRole('button', { name: 'Open Rivulet devtools' })
    expect((await button.boundingBox())?.width).toBe(36)
    await button.click()
    await page.locator('rivulet-devtools').waitFor()
    await page.getByRole('separator', { name: 'Size of the devtools' }).press('ArrowUp')
    const dock = await page.getByRole('region', { name: 'Rivulet devtools' }).boundingBox()
    expect(dock?.width).toBe(page.viewportSize()?.width)
    expect(problems).toEqual([])
  } finally {
    await page.close()
    await server.close()
  }
}, 60_000)
