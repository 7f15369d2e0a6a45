import { createClient } from '@rivulet/client'
import { RivuletProvider, useStore } from '@rivulet/react'
import { WorldStore } from '../../generated/schema.ts'
import type { OpenLive } from '../live-model.ts'

function open(url: string, sessions: boolean): ReturnType<OpenLive> {
  const client = createClient({ url, sessions })
  return {
    useEntity: (id) => useStore(WorldStore, ['entities', id]),
    Provider: ({ children }) => <RivuletProvider client={client}>{children}</RivuletProvider>,
    close: () => client.dispose(),
  }
}

/** Rivulet as it comes: a path per row, the engine in its worker. */
export const openRivulet: OpenLive = (url) => open(url, false)

/** With a session, of which the host remembers what it has sent. */
export const openRivuletSession: OpenLive = (url) => open(url, true)
