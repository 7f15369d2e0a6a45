/**
 * Takes the messages of one viewer in order. Work that returns a promise makes later work wait for it; work that does not runs at once.
 * When more than `limit` pieces wait, `overflow` is called and the rest is dropped.
 */
export function createInbox(
  limit: number,
  overflow: () => void,
): { take(work: () => void | Promise<void>): void; close(): void } {
  const waiting: (() => void | Promise<void>)[] = []
  let busy = false
  let open = true

  function run(first: () => void | Promise<void>): void {
    let next: (() => void | Promise<void>) | undefined = first
    while (next !== undefined) {
      const result = next()
      if (result !== undefined) {
        busy = true
        // The work handles its own failures; here it only has to be over.
        result.then(resume, resume)
        return
      }
      // Empty once closed.
      next = waiting.shift()
    }
  }

  function resume(): void {
    busy = false
    const next = waiting.shift()
    if (next !== undefined) run(next)
  }

  return {
    take(work) {
      if (!open) return
      if (!busy) {
        run(work)
        return
      }
      if (waiting.length >= limit) {
        overflow()
        return
      }
      waiting.push(work)
    },
    close() {
      open = false
      waiting.length = 0
    },
  }
}
