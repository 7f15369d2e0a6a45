/** Called when the first viewer asks for `key` (`on`), and when the last one has left it. */
export type EdgeListener = (key: string, on: boolean) => void

/** Counts who wants which key, over all viewers. */
export interface Edges {
  add(key: string): void
  remove(key: string): void
  has(key: string): boolean
  listen(listener: EdgeListener): () => void
}

/** Makes a counter. A listener that throws is reported through `failed` and stops no other. */
export function createEdges(failed: (error: unknown) => void): Edges {
  const counts = new Map<string, number>()
  const listeners = new Set<{ readonly call: EdgeListener }>()

  function tell(key: string, on: boolean): void {
    for (const { call } of Array.from(listeners)) {
      try {
        call(key, on)
      } catch (e) {
        failed(e)
      }
    }
  }

  return {
    add(key) {
      const count = counts.get(key) ?? 0
      counts.set(key, count + 1)
      if (count === 0) tell(key, true)
    },
    remove(key) {
      const count = counts.get(key) ?? 0
      if (count > 1) {
        counts.set(key, count - 1)
        return
      }
      if (counts.delete(key)) tell(key, false)
    },
    has: (key) => counts.has(key),
    listen(call) {
      const entry = { call }
      listeners.add(entry)
      return () => void listeners.delete(entry)
    },
  }
}
