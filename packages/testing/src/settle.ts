import { RivuletError } from '@rivulet/wire'
import { realTurn } from './real-turn.ts'
import type { Traffic } from './traffic.ts'

/** Runs a function so that a framework's updates are done when its promise is, such as `act` of React. */
export type Act = (run: () => Promise<void>) => unknown

const TURNS = 1000
/** One for what a renderer has put off to a task of its own. */
const QUIET_TURNS = 2

/**
 * Waits until nothing passes between pages and server any more. `grant` is asked before each turn, so that no patch waits for a frame.
 *
 * Rejects with `limit` when that never comes.
 */
export async function settle(traffic: Traffic, grant: () => void, act: Act | undefined): Promise<void> {
  let turns = 0
  const untilQuiet = async (): Promise<void> => {
    for (let quiet = 0; quiet < QUIET_TURNS; quiet++) {
      const before = traffic.count
      grant()
      await realTurn()
      if (traffic.count !== before) quiet = -1
      if (++turns > TURNS) throw endless()
    }
  }
  if (act === undefined) return untilQuiet()
  try {
    // What is rendered at the end of `act` may subscribe to more, and that must not arrive outside of one.
    do {
      await act(async () => {
        traffic.release()
        await untilQuiet()
        traffic.hold()
      })
      await realTurn()
    } while (traffic.waits)
  } finally {
    traffic.release()
  }
  return undefined
}

function endless(): RivuletError {
  return new RivuletError('limit', `pages and server are still busy after ${TURNS} turns`, {
    hint: 'Something answers itself: a handler or listener whose change causes the next one. Stop it, or wait for what the test is about instead.',
  })
}
