import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright'
import { launchChromium } from '../../../scripts/lib/launch-chromium.mjs'
import { newQuietContext, type QuietContext, type QuietPage } from './quiet-page.ts'
import { serveFolder, type Serving } from './serve-folder.ts'
import { webBuild } from './web-build.ts'

/** A page of its own in the running browser. */
export interface OpenPage {
  readonly page: QuietPage
  /** Calls a function that the page has put on `globalThis`, once it is there. Arguments and results are JSON. */
  readonly call: <T>(name: string, argument?: unknown) => Promise<T>
}

/** A built and served page, and a Chromium to open it in. */
export interface Stage {
  readonly browser: Browser
  readonly serving: Serving
  /** A browser profile of its own, for what needs several tabs or comes again. */
  readonly newContext: () => Promise<QuietContext>
  /** Opens the page, runs `body` on it and closes it. An error that the page throws meanwhile rejects it: a page that has failed must not be waited for. */
  readonly onPage: <T>(body: (open: OpenPage) => Promise<T>) => Promise<T>
}

/** Calls a function that a page has put on `globalThis`, once it is there. Arguments and results are JSON. */
export async function callOn<T>(page: QuietPage, name: string, argument: unknown): Promise<T> {
  await page.waitFor((key) => key in globalThis, name)
  return page.evaluate(
    ([key, value]) => (globalThis as never as Record<string, (value: unknown) => unknown>)[key]?.(value) as Promise<T>,
    [name, argument] as const,
  )
}

async function onPage<T>(browser: Browser, url: string, body: (open: OpenPage) => Promise<T>): Promise<T> {
  const context = await newQuietContext(browser)
  try {
    const page = await context.newPage()
    await page.goto(url)
    return await Promise.race([body({ page, call: (name, argument) => callOn(page, name, argument) }), page.failed])
  } finally {
    await context.close()
  }
}

/** Builds the page around `entry` (a file URL), serves it, starts Chromium and runs `body`; cleans up whatever happens. */
export async function withStage<T>(entry: URL, body: (stage: Stage) => Promise<T>): Promise<T> {
  const built = await webBuild(fileURLToPath(entry))
  const serving = await serveFolder(built.folder)
  try {
    const browser = await launchChromium({
      args: [
        '--js-flags=--expose-gc',
        '--enable-blink-features=ForceEagerMeasureMemory',
        '--disable-background-timer-throttling',
        '--disable-renderer-backgrounding',
      ],
    })
    try {
      return await body({
        browser,
        serving,
        newContext: () => newQuietContext(browser),
        onPage: (use) => onPage(browser, serving.url, use),
      })
    } finally {
      await browser.close()
    }
  } finally {
    await serving.close()
    await built.remove()
  }
}

/** {@link withStage} for benchmarks that need one page. */
export function withPage<T>(entry: URL, body: (open: OpenPage) => Promise<T>): Promise<T> {
  return withStage(entry, ({ onPage: open }) => open(body))
}
