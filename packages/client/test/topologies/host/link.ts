import { commands } from 'vitest/browser'
import type { HostActions } from './actions.ts'

declare module 'vitest/internal/browser' {
  interface BrowserCommands {
    topologyHost(name: string, action: string, ...args: readonly unknown[]): Promise<unknown>
  }
}

/** The host of a test file, as its page reaches it. */
export type HostLink = {
  readonly [K in keyof HostActions]: (...args: Parameters<HostActions[K]>) => Promise<ReturnType<HostActions[K]>>
} & {
  readonly url: string
  stop(): Promise<void>
}

/** Starts a host of its own for the test file of this name. */
export async function startHost(name: string): Promise<HostLink> {
  const url = (await commands.topologyHost(name, 'start')) as string
  return new Proxy({} as HostLink, {
    get: (_, action: string) => {
      if (action === 'url') return url
      // No promise, although it may be returned from asynchronous functions.
      if (action === 'then') return undefined
      return (...args: readonly unknown[]) => commands.topologyHost(name, action, ...args)
    },
  })
}
