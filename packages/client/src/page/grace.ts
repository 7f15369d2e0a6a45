/** Things to be dropped after a while, unless somebody wants them again. */
export interface Grace<T> {
  add(item: T): void
  /** Takes an item back; returns whether it was waiting. */
  cancel(item: T): boolean
  clear(): void
}

/**
 * Drops items `ms` after they were added, in batches, with one timer for all of them: a timer per item is what makes unmounting a long list slow.
 */
export function createGrace<T>(ms: number, drop: (items: readonly T[]) => void): Grace<T> {
  // In order of their time, because the delay is the same for all.
  const waiting = new Map<T, number>()
  let timer: ReturnType<typeof setTimeout> | undefined
  // Items of one task share one time, however long the task takes: they belong to one batch.
  let taskTime: number | undefined
  const timeOfTask = (): number => {
    if (taskTime === undefined) {
      taskTime = performance.now()
      queueMicrotask(() => (taskTime = undefined))
    }
    return taskTime
  }
  const arm = (): void => {
    if (timer !== undefined) return
    const [first] = waiting.values()
    if (first !== undefined) timer = setTimeout(sweep, Math.max(0, first - performance.now()))
  }
  const sweep = (): void => {
    timer = undefined
    const now = performance.now() + 1
    const due: T[] = []
    for (const [item, at] of waiting) {
      if (at > now) break
      waiting.delete(item)
      due.push(item)
    }
    arm()
    if (due.length > 0) drop(due)
  }
  return {
    add(item) {
      waiting.delete(item)
      waiting.set(item, timeOfTask() + ms)
      arm()
    },
    cancel: (item) => waiting.delete(item),
    clear() {
      waiting.clear()
      clearTimeout(timer)
      timer = undefined
    },
  }
}
