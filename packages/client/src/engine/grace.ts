import type { Clock } from './clock.ts'

/** Paths that nobody reads any more, each with some time left. */
export interface Grace<Owner> {
  add(owner: Owner, key: string): void
}

/**
 * Waits `graceMs` before a path is given up, with one timer for all: a component that mounts twice in StrictMode, or a route that comes back, changes nothing on the wire.
 */
export function createGrace<Owner>(
  clock: Clock,
  graceMs: number,
  expire: (owner: Owner, keys: readonly string[]) => void,
): Grace<Owner> {
  // Every entry waits equally long, so they are in order of time.
  let queue: { readonly owner: Owner; readonly key: string; readonly at: number }[] = []
  let running = false

  function start(): void {
    const first = queue[0]
    if (first === undefined || running) return
    running = true
    clock.after(Math.max(0, first.at - clock.now()), () => {
      running = false
      const now = clock.now()
      let end = queue.findIndex((entry) => entry.at > now)
      if (end < 0) end = queue.length
      const due = queue.slice(0, end)
      queue = queue.slice(end)
      const byOwner = new Map<Owner, string[]>()
      for (const { owner, key } of due) {
        const keys = byOwner.get(owner)
        if (keys === undefined) byOwner.set(owner, [key])
        else keys.push(key)
      }
      for (const [owner, keys] of byOwner) expire(owner, keys)
      start()
    })
  }

  return {
    add(owner, key) {
      queue.push({ owner, key, at: clock.now() + graceMs })
      start()
    },
  }
}
