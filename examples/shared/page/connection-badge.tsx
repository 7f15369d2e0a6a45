import type { ConnectionState } from '@rivulet/client'
import { useConnection } from '@rivulet/react'
import type { ReactNode } from 'react'

const LABELS: Readonly<Record<ConnectionState, string>> = {
  connected: 'Live',
  authenticating: 'Signing in…',
  connecting: 'Connecting…',
  disconnected: 'Reconnecting…',
  disposed: 'Closed',
}

/** The connection, in a word. */
export function ConnectionBadge(): ReactNode {
  const { state, error } = useConnection()
  return (
    <output className="connection" data-state={state} title={error?.what}>
      {LABELS[state]}
    </output>
  )
}
