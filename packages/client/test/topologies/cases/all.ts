import type { Case } from '../case.ts'
import { calls } from './calls.ts'
import { connection } from './connection.ts'
import { devtools } from './devtools.ts'
import { events } from './events.ts'
import { lists } from './lists.ts'
import { login } from './login.ts'
import { offline } from './offline.ts'
import { optimisticCalls } from './optimistic-calls.ts'
import { otherTabs } from './other-tabs.ts'
import { reading } from './reading.ts'
import { sessions } from './sessions.ts'
import { stores } from './stores.ts'
import { streams } from './streams.ts'

/** Every behaviour of a client that must not depend on where its engine runs. */
export const cases: readonly Case[] = [
  ...stores,
  ...reading,
  ...lists,
  ...calls,
  ...optimisticCalls,
  ...events,
  ...streams,
  ...login,
  ...connection,
  ...sessions,
  ...offline,
  ...devtools,
  ...otherTabs,
]
