import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page, type Worker } from 'playwright'
import { rolldown, type RolldownOptions } from 'rolldown'
import { findChromium } from '../../../../scripts/lib/find-chromium.mjs'
import { extension } from '../../extension/build.mjs'

/** Chromium with the extension as it is shipped, and a site to look into. */
export interface ExtensionRig {
  readonly context: BrowserContext
  /** `http://127.0.0.1:…`, whose pages allow no script of their own: what is in them came from outside. */
  readonly site: string
  readonly id: string
  /** The running service worker; started when there is none. */
  worker(): Promise<Worker>
  /** Opens a page of the site. */
  openPage(path: string): Promise<Page>
  /** The number of a page's tab. */
  tabOf(page: Page): Promise<number>
  /** Opens the panel for a tab, in a tab of its own. */
  openPanel(tab: number): Promise<Page>
  close(): Promise<void>
}

async function buildExtension(dir: string): Promise<void> {
  for (const config of extension(dir) as readonly RolldownOptions[]) {
    if (config.output === undefined || Array.isArray(config.output)) throw new Error('a script has one output')
    const bundle = await rolldown(config)
    await bundle.write(config.output)
    await bundle.close()
  }
}

async function buildPageScript(): Promise<string> {
  const bundle = await rolldown({
    input: join(import.meta.dirname, 'inspected-page.ts'),
    platform: 'browser',
    resolve: { conditionNames: ['rivulet-source', 'browser', 'import', 'default'] },
  })
  const { output } = await bundle.generate({ format: 'iife' })
  await bundle.close()
  return output[0].code
}

async function serveSite(): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html')
    response.setHeader(
      'Content-Security-Policy',
      "default-src 'none'; frame-ancestors 'none'; sandbox allow-scripts allow-same-origin",
    )
    response.end('<!doctype html><title>A page</title><h1>A page</h1>')
  })
  await new Promise<void>((listening) => server.listen(0, listening))
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

export async function startExtension(args: readonly string[] = []): Promise<ExtensionRig> {
  const folder = await mkdtemp(join(tmpdir(), 'rivulet-extension-'))
  const dir = join(folder, 'extension')
  await buildExtension(dir)
  const { server, url: site } = await serveSite()
  const executablePath = findChromium()
  const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
    ...(executablePath === undefined ? {} : { executablePath }),
    headless: true,
    args: [`--disable-extensions-except=${dir}`, `--load-extension=${dir}`, ...args],
  })
  await context.addInitScript({ content: await buildPageScript() })

  const worker = async (): Promise<Worker> =>
    context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'))
  const id = new URL((await worker()).url()).host
  return {
    context,
    site,
    id,
    worker,
    async openPage(path) {
      const page = await context.newPage()
      await page.goto(site + path)
      return page
    },
    async tabOf(page) {
      await page.bringToFront()
      const tab = await (
        await worker()
      ).evaluate<unknown>('chrome.tabs.query({ active: true }).then(([tab]) => tab?.id)')
      if (typeof tab !== 'number') throw new Error('the page has no tab')
      return tab
    },
    async openPanel(tab) {
      const panel = await context.newPage()
      await panel.goto(`chrome-extension://${id}/panel.html?tab=${tab}`)
      return panel
    },
    async close() {
      await context.close()
      server.closeAllConnections()
      await new Promise<void>((closed) => server.close(() => closed()))
      await rm(folder, { recursive: true, force: true })
    },
  }
}
