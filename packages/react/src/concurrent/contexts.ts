import { RivuletError } from '@rivulet/client'
import { createContext, useContext, type Context } from 'react'
import type { Values } from './picture.ts'
import type { Tracker } from './tracker.ts'

export const TrackerContext: Context<Tracker | null> = createContext<Tracker | null>(null)
TrackerContext.displayName = 'RivuletConcurrent'

/**
 * What the tree shows in this very render: with the changes of a transition inside it, without them in an urgent render. Only components that mount, or that read something new, look at it: whoever does renders again with the next patch.
 */
export const PictureContext: Context<Values> = createContext<Values>(new Map())
PictureContext.displayName = 'RivuletPicture'

/**
 * The tracker of the nearest concurrent provider.
 *
 * @throws RivuletError `config` when there is none.
 */
export function useTracker(): Tracker {
  const tracker = useContext(TrackerContext)
  if (tracker === null) {
    throw new RivuletError('config', 'the concurrent useStore was used where there is no concurrent provider', {
      hint: 'Take RivuletProvider from @rivulet/react/concurrent too.',
    })
  }
  return tracker
}
