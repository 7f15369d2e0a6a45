import { startChild } from '../harness/child.ts'
import type { OpenPage } from '../harness/with-page.ts'
import type { Sent } from './stream.ts'

/** Who sends the messages to a page. */
interface StreamHost {
  /** Where the page connects; null: nowhere, the host is in its worker. */
  readonly url: string | null
  /** Streams from now on. */
  start(): Promise<void>
  stop(): Promise<void>
  /** What it has sent so far. */
  sent(): Promise<Sent>
  close(): Promise<void>
}

/** Starts a host for the page on which `call` calls. */
export type StartHost = (call: OpenPage['call']) => Promise<StreamHost>

/** A real host in a process of its own, at the other end of a real connection. */
export const processHost: StartHost = async () => {
  const child = startChild(new URL('stream-process.ts', import.meta.url), ['devtools'])
  try {
    const port = await child.ask<number>('start')
    return {
      url: `http://127.0.0.1:${port}`,
      start: () => child.ask('stream'),
      stop: () => child.ask('stop'),
      sent: () => child.ask('sent'),
      close: () => child.close(),
    }
  } catch (error) {
    await child.close()
    throw error
  }
}

/** A host in the worker of the page, which ends with it. */
export const directHost: StartHost = async (call) => ({
  url: null,
  start: () => call('startStream'),
  stop: () => call('stopStream'),
  sent: () => call('sentByStream'),
  close: async () => undefined,
})
