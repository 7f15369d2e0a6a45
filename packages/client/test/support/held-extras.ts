import { allExtras } from '../../src/engine/all-extras.ts'
import { onDemand } from '../../src/engine/extra.ts'
import type { Extras } from '../../src/engine/extras.ts'
import { settled } from './rig.ts'

type Name = keyof Extras

/** Extras that come when the test says so, or not at all. */
export interface HeldExtras {
  readonly extras: Extras
  /** What was asked for, in order. */
  readonly asked: Name[]
  /** Lets all come that were asked for, and waits until they are there. */
  arrive(): Promise<void>
  /** Lets all fail that were asked for. */
  fail(): Promise<void>
}

/** Makes extras whose loading is in the test's hands. */
export function heldExtras(): HeldExtras {
  const asked: Name[] = []
  let waiting: { readonly arrive: () => void; readonly fail: () => void }[] = []

  const held = <N extends Name>(name: N): Extras[N] => {
    type It = Exclude<ReturnType<Extras[N]>, Promise<unknown>>
    const load = (): Promise<It & object> =>
      new Promise((resolve, reject) => {
        asked.push(name)
        waiting.push({
          arrive: () => resolve(allExtras[name]() as It & object),
          fail: () => reject(new TypeError('Failed to fetch')),
        })
      })
    return onDemand(name, load) as unknown as Extras[N]
  }

  const settle = async (how: 'arrive' | 'fail'): Promise<void> => {
    const now = waiting
    waiting = []
    for (const one of now) one[how]()
    await settled()
  }

  return {
    extras: {
      lists: held('lists'),
      offline: held('offline'),
      sessions: held('sessions'),
      streams: held('streams'),
      tap: held('tap'),
    },
    asked,
    arrive: () => settle('arrive'),
    fail: () => settle('fail'),
  }
}
