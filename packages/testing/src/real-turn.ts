/**
 * Lets everything run that can run by now: promise callbacks, tasks and, unless a test holds the clock, timers that are due.
 *
 * A MessageChannel gives a task that fake timers leave alone.
 */
export async function realTurn(): Promise<void> {
  await (typeof MessageChannel === 'function' ? channelTurn() : promiseTurns())
  if (!clockIsHeld()) await new Promise((resolve) => setTimeout(resolve, 0))
}

function channelTurn(): Promise<void> {
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

/** More than the longest chain of promises between a call and its answer. */
const PROMISE_TURNS = 100

async function promiseTurns(): Promise<void> {
  for (let i = 0; i < PROMISE_TURNS; i++) await Promise.resolve()
}

/** Fake timers mark what they put in place: `clock` those of Vitest and Jest, `_isMockFunction` Jest's old ones. */
function clockIsHeld(): boolean {
  return Object.hasOwn(setTimeout, 'clock') || Object.hasOwn(setTimeout, '_isMockFunction')
}
