import { type ClientOptions, createClient } from '@rivulet/client'
import { RivuletProvider, useStore } from '@rivulet/react'
import { WorldStore } from '../../generated/schema.ts'
import type { OpenLive } from '../live-model.ts'

function open(url: string, options: Partial<ClientOptions> = {}): ReturnType<OpenLive> {
  const client = createClient({ url, ...options })
  return {
    useEntity: (id) => useStore(WorldStore, ['entities', id]),
    Provider: ({ children }) => <RivuletProvider client={client}>{children}</RivuletProvider>,
    close: () => client.dispose(),
  }
}

/** Rivulet as it comes: a path per row, the engine in its worker. */
export const openRivulet: OpenLive = (url) => open(url)

/** With a session, of which the host remembers what it has sent. */
export const openRivuletSession: OpenLive = (url) => open(url, { sessions: true })

/** All tabs have one engine, in a SharedWorker. */
export const openRivuletShared: OpenLive = (url) => open(url, { tabs: 'shared' })

/** All tabs have one engine, in the worker of one of them. */
export const openRivuletLeader: OpenLive = (url) => open(url, { tabs: 'leader' })
