import type { Browser, CDPSession } from 'playwright'
import { attachTo, type TargetSession } from './target-session.ts'

/**
 * A page to measure. Playwright's own pages will not do: it listens to their network, and Chromium then tells it of every WebSocket frame with its payload, which takes time of the page's process, of the browser's and of
 * the cores that both share with the host. Nothing is listened to here but errors.
 */
export interface QuietPage {
  readonly session: TargetSession
  /** Rejects when the page throws what nobody catches, and when it crashes. */
  readonly failed: Promise<never>
  /** Resolves when the page has loaded. */
  goto(url: string): Promise<void>
  /** Runs a function on the page. It is sent as text, so it sees only its argument, which is JSON like the result. */
  evaluate<T, A = undefined>(run: (argument: A) => T | Promise<T>, argument?: A): Promise<T>
  /** Asks until the answer is truthy, and resolves to it. */
  waitFor<T, A = undefined>(ask: (argument: A) => T, argument?: A, timeoutMs?: number): Promise<NonNullable<T>>
  /** Brings this tab before the others of its window. */
  show(): Promise<void>
  close(): Promise<void>
}

/** Who sees a page: somebody always does, or whoever looks at the window, which shows one tab at a time and hides the others as browsers do. */
type SeenBy = 'always' | 'in its window'

/** A browser profile of its own; its pages are tabs of one user. */
export interface QuietContext {
  /** Opens a tab, before the others of its window. */
  newPage(seen?: SeenBy): Promise<QuietPage>
  close(): Promise<void>
}

/** Makes a profile. */
export async function newQuietContext(browser: Browser): Promise<QuietContext> {
  const session = await browser.newBrowserCDPSession()
  const { browserContextId } = await session.send('Target.createBrowserContext')
  return {
    async newPage(seen = 'always') {
      const { targetId } = await session.send('Target.createTarget', { url: 'about:blank', browserContextId })
      return openPage(session, targetId, seen)
    },
    async close() {
      await session.send('Target.disposeBrowserContext', { browserContextId })
      await session.detach()
    },
  }
}

/** As large as Playwright's. */
const VIEWPORT = { width: 1280, height: 720, deviceScaleFactor: 1, mobile: false }
const TIMEOUT_MS = 30_000

async function openPage(browser: CDPSession, targetId: string, seen: SeenBy): Promise<QuietPage> {
  const session = await attachTo(browser, targetId)
  const failed = new Promise<never>((_, reject) => {
    session.on('Runtime.exceptionThrown', ({ exceptionDetails }: { readonly exceptionDetails: Details }) =>
      reject(new Error(`The page failed: ${wordsOf(exceptionDetails)}`)),
    )
    session.on('Inspector.targetCrashed', () => reject(new Error('The benchmark page crashed.')))
  })
  // Whoever waits for it hears of it; a page that fails while nobody does says so the next time that something is asked of it.
  failed.catch(() => undefined)
  await session.send('Inspector.enable')
  await session.send('Runtime.enable')
  await session.send('Page.enable')
  await session.send('Emulation.setDeviceMetricsOverride', VIEWPORT)
  if (seen === 'always') await session.send('Emulation.setFocusEmulationEnabled', { enabled: true })

  const evaluate = async (expression: string): Promise<unknown> => {
    const answer = session.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true })
    const { result, exceptionDetails } = await Promise.race([answer, failed])
    if (exceptionDetails !== undefined) throw new Error(wordsOf(exceptionDetails))
    return result.value
  }
  const page: QuietPage = {
    session,
    failed,
    async goto(url) {
      const loaded = new Promise<void>((resolve) => session.on('Page.loadEventFired', () => resolve()))
      const { errorText } = await session.send('Page.navigate', { url })
      if (errorText !== undefined) throw new Error(`${url}: ${errorText}`)
      await Promise.race([loaded, failed])
    },
    evaluate: async <T>(run: unknown, argument?: unknown) =>
      (await evaluate(`(${String(run)})(${JSON.stringify(argument)})`)) as T,
    async waitFor<T>(ask: unknown, argument?: unknown, timeoutMs = TIMEOUT_MS) {
      const poll = `new Promise((resolve, reject) => {
        const end = performance.now() + ${timeoutMs}
        const ask = () => {
          const answer = (${String(ask)})(${JSON.stringify(argument)})
          if (answer) resolve(answer)
          else if (performance.now() > end) reject(new Error(${JSON.stringify(`still not so: ${String(ask)}`)}))
          else setTimeout(ask, 10)
        }
        ask()
      })`
      return (await evaluate(poll)) as NonNullable<T>
    },
    async show() {
      await browser.send('Target.activateTarget', { targetId })
      await page.waitFor(() => document.visibilityState === 'visible')
    },
    async close() {
      await browser.send('Target.closeTarget', { targetId })
    },
  }
  return page
}

interface Details {
  readonly text: string
  readonly exception?: { readonly description?: string } | undefined
}

function wordsOf({ text, exception }: Details): string {
  return exception?.description ?? text
}
