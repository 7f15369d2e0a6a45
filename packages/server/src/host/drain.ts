/** How often it is looked whether everything is done. */
const LOOK_MS = 10

/** Waits until `done` holds, but at most `ms`. Returns whether it does. */
export async function drain(done: () => boolean, ms: number): Promise<boolean> {
  const end = performance.now() + ms
  while (!done()) {
    const left = end - performance.now()
    if (left <= 0) return false
    await new Promise((resolve) => setTimeout(resolve, Math.min(LOOK_MS, left)))
  }
  return true
}
