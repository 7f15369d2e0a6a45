import type { Browser } from 'playwright'

/** A tab that Playwright does not look after. */
export interface RawTab {
  /** The value of an expression, awaited. Rejects when it throws; a frozen page answers all the same, for its debugger is awake. */
  evaluate<T>(expression: string): Promise<T>
  /** Brings it to the front, so that the tab that was there is hidden. */
  show(): Promise<void>
  lifecycle(state: 'frozen' | 'active'): Promise<void>
}

/** Tabs of one window and one profile. */
export interface RawTabs {
  open(url: string): Promise<RawTab>
  close(): Promise<void>
}

interface Answer {
  readonly id?: number
  readonly result?: unknown
  readonly error?: { readonly message: string }
}

interface Evaluated {
  readonly result: { readonly value: unknown }
  readonly exceptionDetails?: { readonly text: string; readonly exception?: { readonly description?: string } }
}

/**
 * Playwright pretends to every page that it has the focus, so none of its pages is ever hidden, and Chromium freezes no page that is not. These tabs are made beside it: of those in one window only the one in front is
 * visible, as in a browser that somebody uses.
 */
export async function openRawTabs(browser: Browser): Promise<RawTabs> {
  const session = await browser.newBrowserCDPSession()
  const { browserContextId } = await session.send('Target.createBrowserContext')
  const waiting = new Map<number, (answer: Answer) => void>()
  let last = 0
  session.on('Target.receivedMessageFromTarget', ({ message }) => {
    const answer = JSON.parse(message) as Answer
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer)
  })

  return {
    async open(url) {
      const { targetId } = await session.send('Target.createTarget', { url, browserContextId })
      const { sessionId } = await session.send('Target.attachToTarget', { targetId, flatten: false })
      const send = async (method: string, params: object): Promise<unknown> => {
        const id = ++last
        const answered = new Promise<Answer>((resolve) => waiting.set(id, resolve))
        await session.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method, params }) })
        const { result, error } = await answered
        waiting.delete(id)
        if (error !== undefined) throw new Error(`${method}: ${error.message}`)
        return result
      }
      return {
        async evaluate<T>(expression: string) {
          const params = { expression, awaitPromise: true, returnByValue: true }
          const { result, exceptionDetails } = (await send('Runtime.evaluate', params)) as Evaluated
          if (exceptionDetails !== undefined)
            throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
          return result.value as T
        },
        show: async () => void (await session.send('Target.activateTarget', { targetId })),
        lifecycle: async (state) => void (await send('Page.setWebLifecycleState', { state })),
      }
    },
    async close() {
      await session.send('Target.disposeBrowserContext', { browserContextId })
      await session.detach()
    },
  }
}
