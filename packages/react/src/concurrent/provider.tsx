import type { Client } from '@rivulet/client'
import { useLayoutEffect, useMemo, useReducer, type ReactNode } from 'react'
import { RivuletProvider } from '../provider.tsx'
import { PictureContext, TrackerContext } from './contexts.ts'
import { advance, EMPTY, type Advance, type Values } from './picture.ts'
import { createTracker, type Tracker, type Updates } from './tracker.ts'

/**
 * `RivuletProvider` for the concurrent `useStore`; the other hooks find the client as ever.
 *
 * `updates`: `'urgent'` (default) shows what arrives at once, unless it is caused in a transition; `'transition'` renders all that arrives in transitions, which yield to what the user does, however much it is.
 *
 * @example
 * import { RivuletProvider, useStore } from '@rivulet/react/concurrent'
 * <RivuletProvider client={client} updates="transition"><App /></RivuletProvider>
 */
export function ConcurrentProvider({
  client,
  updates = 'urgent',
  children,
}: {
  readonly client: Client
  readonly updates?: Updates
  readonly children?: ReactNode
}): ReactNode {
  const tracker = useMemo(() => createTracker(updates), [updates])
  const [picture, dispatch] = useReducer(advance, EMPTY)
  return (
    <TrackerContext.Provider value={tracker}>
      <PictureContext.Provider value={picture.values}>
        {/* Before all that reads: its effects have to run before theirs. */}
        <Commits tracker={tracker} values={picture.values} dispatch={dispatch} />
        <RivuletProvider client={client}>{children}</RivuletProvider>
      </PictureContext.Provider>
    </TrackerContext.Provider>
  )
}

function Commits({
  tracker,
  values,
  dispatch,
}: {
  readonly tracker: Tracker
  readonly values: Values
  readonly dispatch: (advance: Advance) => void
}): ReactNode {
  useLayoutEffect(() => tracker.connect(dispatch), [tracker, dispatch])
  useLayoutEffect(() => tracker.commit(values), [tracker, values])
  return null
}
