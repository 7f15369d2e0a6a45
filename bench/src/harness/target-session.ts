import type { CDPSession } from 'playwright'

/** The DevTools protocol with one target: a page, a worker. */
export interface TargetSession {
  /** Rejects with what the target says, and when it is gone. */
  readonly send: CDPSession['send']
  /** `listener` hears of an event of a domain that is enabled. */
  on(event: string, listener: (params: never) => void): void
}

interface Message {
  readonly id?: number
  readonly method?: string
  readonly params?: unknown
  readonly result?: unknown
  readonly error?: { readonly message: string }
}

interface Waiting {
  readonly method: string
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
}

/** Attaches to a target through a session of the whole browser, and ends with that. */
export async function attachTo(browser: CDPSession, targetId: string): Promise<TargetSession> {
  const { sessionId } = await browser.send('Target.attachToTarget', { targetId, flatten: false })
  const pending = new Map<number, Waiting>()
  const listeners = new Map<string, Set<(params: never) => void>>()
  let sent = 0
  let gone = false

  const take = ({ sessionId: of, message }: { readonly sessionId: string; readonly message: string }): void => {
    if (of !== sessionId) return
    const { id, method, params, result, error } = JSON.parse(message) as Message
    for (const listener of listeners.get(method ?? '') ?? []) listener(params as never)
    const waiting = pending.get(id ?? -1)
    if (waiting === undefined) return
    pending.delete(id as number)
    if (error === undefined) waiting.resolve(result)
    else waiting.reject(new Error(`${waiting.method}: ${error.message}`))
  }
  const end = ({ sessionId: of }: { readonly sessionId: string }): void => {
    if (of !== sessionId) return
    gone = true
    browser.off('Target.receivedMessageFromTarget', take)
    browser.off('Target.detachedFromTarget', end)
    for (const { method, reject } of pending.values()) reject(new Error(`${method}: the target is gone`))
    pending.clear()
  }
  browser.on('Target.receivedMessageFromTarget', take)
  browser.on('Target.detachedFromTarget', end)

  const send = (method: string, params: object = {}): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (gone) return reject(new Error(`${method}: the target is gone`))
      const id = ++sent
      pending.set(id, { resolve, reject, method })
      browser
        .send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method, params }) })
        .catch(reject)
    })
  return {
    send: send as CDPSession['send'],
    on(event, listener) {
      const all = listeners.get(event) ?? new Set()
      listeners.set(event, all.add(listener))
    },
  }
}
