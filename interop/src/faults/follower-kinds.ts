import type { ClientOptions } from '@rivulet/client'
import { FIELDS, followWithClient, type Looks } from './follow-with-client.ts'
import { followWithSession } from './follow-with-session.ts'
import type { FollowerKind } from './follower.ts'
import type { HostKind } from './ledger-host.ts'

/** Every sort of viewer that has to survive every fault. A new mode of the client is one more line here. */
export const FOLLOWER_KINDS: readonly FollowerKind[] = [
  ourClient('plain', 'store'),
  ourClient('plain', 'fields'),
  ourClient('sessions', 'store', { sessions: true }),
  ourClient('sessions', 'fields', { sessions: true }),
  { name: 'stock client, session', host: 'sessions', keys: 1, callsSurvive: false, open: followWithSession },
]

function ourClient(host: HostKind, looks: Looks, options: Partial<ClientOptions> = {}): FollowerKind {
  const keys = looks === 'store' ? 1 : FIELDS.length
  const callsSurvive = options.sessions !== undefined
  return {
    name: `client, ${looks}${callsSurvive ? ', session' : ''}`,
    host,
    keys,
    callsSurvive,
    open: (port) => followWithClient(port, looks, options),
  }
}
