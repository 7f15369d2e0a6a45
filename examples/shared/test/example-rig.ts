import type { Browser, BrowserContext, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { type BuiltPage, serveBuiltPage } from '../../../demo-tictactoe/test/support/built-page.ts'
import { launchChromium } from '../../../scripts/lib/launch-chromium.mjs'

/** An example's shipped page in real Chromium, on a real host. */
export interface ExampleRig<H> {
  /** The host that runs now. */
  readonly host: H
  /** Stops the host and starts another at the same port. */
  restart(): Promise<void>
  /** Stops the host. */
  stop(): Promise<void>
  /** Opens the page in a new tab, connected. */
  open(prepare?: (page: Page) => Promise<unknown>): Promise<Page>
  /** What went wrong in the pages so far: uncaught errors and the console's, but for connections that were refused. */
  readonly problems: readonly string[]
}

interface RunningHost {
  readonly host: { readonly listening: Promise<number> }
  close(): Promise<void>
}

/** Builds the page of the example in `root` once, and gives every test of the file a host and a browser context of its own. */
export function exampleRig<H extends RunningHost>(root: string, start: (port: number) => H): ExampleRig<H> {
  let browser: Browser
  let built: BuiltPage
  let context: BrowserContext
  let running: H
  let port = 0
  let problems: string[] = []

  async function startAt(at: number): Promise<void> {
    running = start(at)
    port = await running.host.listening
  }

  beforeAll(async () => {
    browser = await launchChromium({
      args: ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', '--mute-audio'],
    })
    built = await serveBuiltPage(root)
  }, 120_000)

  afterAll(async () => {
    await browser?.close()
    await built?.close()
  })

  beforeEach(async () => {
    context = await browser.newContext()
    problems = []
    await startAt(0)
  })

  afterEach(async () => {
    await context.close()
    await running.close()
  })

  return {
    get host() {
      return running
    },
    get problems() {
      return problems
    },
    async restart() {
      await running.close()
      await startAt(port)
    },
    stop: () => running.close(),
    async open(prepare = async () => {}) {
      const page = await context.newPage()
      page.on('pageerror', (error) => problems.push(error.message))
      page.on('console', (message) => {
        if (message.type() === 'error' && !message.text().includes('ERR_CONNECTION_REFUSED'))
          problems.push(message.text())
      })
      await prepare(page)
      await page.goto(`${built.url}?server=http://127.0.0.1:${port}`)
      await page.locator('.connection[data-state=connected]').waitFor()
      return page
    },
  }
}

/** The number that a figure of the page shows now. */
export async function figure(page: Page, within: string, name: string): Promise<number> {
  const text = await page.locator(`${within} [data-stat="${name}"]`).innerText()
  return Number(/[\d,]+/.exec(text)?.[0].replaceAll(',', ''))
}

/** Waits until `condition` of what `read` gives holds. */
export async function eventually<T>(read: () => T | Promise<T>, condition: (value: T) => boolean): Promise<T> {
  let last: T | undefined
  await expect
    .poll(async () => condition((last = await read())), { timeout: 20_000, interval: 50, message: 'eventually' })
    .toBe(true)
  return last as T
}
