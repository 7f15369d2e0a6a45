import { eventually } from './eventually.ts'

/** Waits until `condition` holds; fails after 10 s, saying `what` it waited for. */
export function until(condition: () => boolean, what: string): Promise<void> {
  return eventually(() => {
    if (!condition()) throw new Error(`gave up waiting for ${what}`)
  })
}
