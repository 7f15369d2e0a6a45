import { useConnection } from '@rivulet/react'
import type { ConnectionStatus } from '@rivulet/client'
import { useState, type ReactNode } from 'react'

function label({ state, attempt }: ConnectionStatus, wasConnected: boolean): string {
  switch (state) {
    case 'connected':
      return 'Live'
    case 'authenticating':
      return 'Signing in…'
    case 'disposed':
      return 'Closed'
    default:
      return wasConnected || attempt > 1 ? 'Reconnecting…' : 'Connecting…'
  }
}

/** The connection, in a word. The board keeps its last state whatever this says. */
export function ConnectionBadge(): ReactNode {
  const connection = useConnection()
  const [wasConnected, setWasConnected] = useState(false)
  if (connection.state === 'connected' && !wasConnected) setWasConnected(true)
  return (
    <output className="connection" data-state={connection.state} title={connection.error?.what}>
      {label(connection, wasConnected)}
    </output>
  )
}
