import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchChromium } from '../../scripts/lib/launch-chromium.mjs'
import { newQuietContext, type QuietContext, type QuietPage } from '../src/harness/quiet-page.ts'

let browser: Browser
let server: Server
let url: string

beforeAll(async () => {
  browser = await launchChromium()
  server = createServer((request, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(`<title>${request.url}</title><script>globalThis.started = true</script>`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}, 60_000)

afterAll(async () => {
  await browser.close()
  await new Promise((resolve) => server.close(resolve))
})

async function withContext(body: (context: QuietContext) => Promise<void>): Promise<void> {
  const context = await newQuietContext(browser)
  try {
    await body(context)
  } finally {
    await context.close()
  }
}

const withPage = (body: (page: QuietPage) => Promise<void>): Promise<void> =>
  withContext(async (context) => body(await context.newPage()))

test('opens a page, runs functions on it and waits for answers', () =>
  withPage(async (page) => {
    await page.goto(`${url}/first`)
    expect(await page.evaluate(() => document.title)).toBe('/first')
    expect(await page.evaluate(async (words: readonly string[]) => words.join(' '), ['a', 'b'])).toBe('a b')
    await page.evaluate(() => void setTimeout(() => Object.assign(globalThis, { later: 7 }), 50))
    expect(await page.waitFor(() => (globalThis as { later?: number }).later)).toBe(7)
    await page.goto(`${url}/second`)
    expect(await page.evaluate(() => document.title)).toBe('/second')
  }))

test('is a page that somebody looks at, also beside others', () =>
  withContext(async (context) => {
    const pages = [await context.newPage(), await context.newPage()]
    for (const page of pages) {
      await page.goto(url)
      const seen = await page.evaluate(() => [document.visibilityState, document.hasFocus(), innerWidth, innerHeight])
      expect(seen).toEqual(['visible', true, 1280, 720])
    }
    for (const page of pages)
      expect(await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => resolve('drew'))))).toBe(
        'drew',
      )
  }))

test('where pages are seen in their window, one tab is and the others are hidden, as in a browser', () =>
  withContext(async (context) => {
    const pages = [await context.newPage('in its window'), await context.newPage('in its window')]
    const seen = async (): Promise<string[]> => {
      const states = pages.map((page) => page.evaluate(() => document.visibilityState))
      return Promise.all(states)
    }
    for (const page of pages) await page.goto(url)
    expect(await seen()).toEqual(['hidden', 'visible'])
    await pages[0]?.show()
    expect(await seen()).toEqual(['visible', 'hidden'])
    await pages[1]?.evaluate(() => requestAnimationFrame(() => Object.assign(globalThis, { drew: true })))
    await pages[0]?.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    )
    expect(await pages[1]?.evaluate(() => 'drew' in globalThis)).toBe(false)
  }))

test('pages of one context share what a user keeps, those of another do not', () =>
  withContext(async (context) => {
    const [first, second] = [await context.newPage(), await context.newPage()]
    await first.goto(url)
    await first.evaluate(() => localStorage.setItem('kept', 'yes'))
    await second.goto(url)
    expect(await second.evaluate(() => localStorage.getItem('kept'))).toBe('yes')
    await withPage(async (other) => {
      await other.goto(url)
      expect(await other.evaluate(() => localStorage.getItem('kept'))).toBeNull()
    })
  }))

test('Playwright does not listen to it: the browser has no session of this page but our own', () =>
  withPage(async (page) => {
    await page.goto(url)
    expect(browser.contexts()).toEqual([])
    await browser.newContext()
    expect(browser.contexts().flatMap((context) => context.pages())).toEqual([])
  }))

test('says what the page threw, what a function threw, and what does not come', () =>
  withPage(async (page) => {
    await page.goto(url)
    await expect(page.evaluate(() => Promise.reject(new Error('not today')))).rejects.toThrow('not today')
    await expect(page.waitFor(() => false, undefined, 30)).rejects.toThrow('still not so: () => false')
    await expect(page.session.send('Page.navigate', {} as never)).rejects.toThrow('Page.navigate: ')
    await page.evaluate(
      () =>
        void setTimeout(() => {
          throw new Error('on its own')
        }),
    )
    await expect(page.failed).rejects.toThrow('on its own')
    // Nobody is to wait for a page that has failed.
    await expect(page.evaluate(() => new Promise(() => undefined))).rejects.toThrow('on its own')
  }))

test('an address that does not answer, and a page that is gone, are errors', () =>
  withContext(async (context) => {
    const page = await context.newPage()
    await expect(page.goto('http://127.0.0.1:1/')).rejects.toThrow('ERR_')
    const never = page.evaluate(() => new Promise(() => undefined))
    await Promise.all([expect(never).rejects.toThrow('the target is gone'), page.close()])
    await expect(page.evaluate(() => 1)).rejects.toThrow('the target is gone')
  }))

test('a page that crashes is an error', () =>
  withPage(async (page) => {
    await page.goto(url)
    // Whoever has crashed does not answer; that it is gone is heard when the context closes.
    page.session.send('Page.crash').catch(() => undefined)
    await expect(page.failed).rejects.toThrow('crashed')
  }))
