import type { CDPSession } from 'playwright'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type ExtensionRig, startExtension } from '../support/extension.ts'

vi.setConfig({ testTimeout: 90_000 })

// The browser's own tools, of which the panel is a part. How to press their buttons is not documented, so this is the only test that does.
let rig: ExtensionRig

beforeAll(async () => {
  rig = await startExtension(['--auto-open-devtools-for-tabs'])
}, 120_000)

afterAll(() => rig?.close())

/** Evaluates in a target that Playwright has no page for. */
async function attach(browser: CDPSession, targetId: string) {
  const { sessionId } = await browser.send('Target.attachToTarget', { targetId })
  let last = 0
  const answers = new Map<number, (result: { readonly value?: unknown }) => void>()
  browser.on('Target.receivedMessageFromTarget', (event) => {
    if (event.sessionId !== sessionId) return
    const { id, result } = JSON.parse(event.message) as { id?: number; result?: { result?: { value?: unknown } } }
    if (id !== undefined) answers.get(id)?.(result?.result ?? {})
  })
  return async (expression: string): Promise<unknown> => {
    const id = ++last
    const answer = new Promise<{ readonly value?: unknown }>((resolve) => answers.set(id, resolve))
    const params = { expression, awaitPromise: true, returnByValue: true }
    await browser.send('Target.sendMessageToTarget', {
      sessionId,
      message: JSON.stringify({ id, method: 'Runtime.evaluate', params }),
    })
    return (await answer).value
  }
}

test('the panel in the browser’s tools shows the page’s client', async () => {
  const browser = await rig.context.browser()?.newBrowserCDPSession()
  if (browser === undefined) throw new Error('the context has no browser')
  // The tab that the browser began with, and so the only one with tools.
  await rig.context.pages()[0]?.goto(`${rig.site}/inspected`)

  const targets = async () => (await browser.send('Target.getTargets')).targetInfos
  const toolsOf = async () => {
    for (const { targetId } of (await targets()).filter(({ url }) => url.startsWith('devtools://'))) {
      const evaluate = await attach(browser, targetId)
      const has = await evaluate(`(async () => {
        const UI = await import('./ui/legacy/legacy.js')
        const view = 'chrome-extension://${rig.id}Rivulet'
        await UI.ViewManager.ViewManager.instance().showView(view)
        return UI.ViewManager.ViewManager.instance().isViewVisible(view)
      })()`)
      if (has === true) return evaluate
    }
    throw new Error('no tools with the panel')
  }
  await vi.waitFor(toolsOf, { timeout: 60_000, interval: 1_000 })

  const panel = await vi.waitUntil(
    async () => (await targets()).find(({ url }) => url === `chrome-extension://${rig.id}/panel.html`),
    { timeout: 30_000, interval: 200 },
  )
  const inPanel = await attach(browser, panel.targetId)
  await expect
    .poll(() => inPanel(`document.querySelector('rivulet-devtools').shadowRoot.textContent`), { timeout: 30_000 })
    .toContain('client-of-inspected')
})
