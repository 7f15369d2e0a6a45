import { RivuletError } from '@rivulet/wire'

/** Messages between the host of a replay and its client: delivered in order, each in a promise callback of its own, so that fake timers do not hold them. */
export interface Line {
  /** Delivers later; `quiet` for what says nothing new. */
  post(deliver: () => void, quiet?: boolean): void
  /** How many were delivered, without the quiet ones. */
  readonly delivered: number
}

export function createLine(): Line {
  let delivered = 0
  return {
    post(deliver, quiet = false) {
      const arrive = (): void => {
        if (!quiet) delivered++
        deliver()
      }
      void Promise.resolve().then(arrive)
    },
    get delivered() {
      return delivered
    },
  }
}

const TURNS = 10_000
/** So many without a delivery are the end: a renderer may put off its work to a task of its own, and subscribe there. */
const QUIET = 3

/** Resolves when nothing passes any more. `grant` lets the engine send what it holds for the page. Rejects with `limit` when client and host never stop. */
export async function untilQuiet(line: Line, grant: () => void): Promise<void> {
  let quiet = 0
  for (let turns = 0; quiet < QUIET; turns++) {
    if (turns > TURNS) {
      throw new RivuletError('limit', `the replayed client is still busy after ${TURNS} turns`, {
        hint: 'Something answers itself: a listener whose change causes the next one.',
      })
    }
    const before = line.delivered
    grant()
    await turn()
    quiet = line.delivered === before ? quiet + 1 : 0
  }
}

/** Lets every task run that is due; with a channel, because test frameworks hold timers but not these. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.addEventListener('message', () => {
      // An open port would keep a Node process alive.
      port1.close()
      resolve()
    })
    port1.start()
    port2.postMessage(null)
  })
}
