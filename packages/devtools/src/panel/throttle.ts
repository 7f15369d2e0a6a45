/** Runs something when asked, but not too often. */
export interface Throttle {
  /** Runs now, or as soon as it may; asking again meanwhile changes nothing. */
  ask(): void
  stop(): void
}

/**
 * Runs `run` at most every `ms`, never two at once, and so that it takes at most a tenth of the time: what `run` resolves to is how long it kept the thread. What it throws goes to `failed`.
 *
 * @example
 * const refresh = createThrottle(250, async () => draw(await model.feedStores()), showError)
 */
export function createThrottle(ms: number, run: () => Promise<number>, failed: (error: unknown) => void): Throttle {
  let wanted = false
  let busy = false
  let stopped = false
  const start = async (): Promise<void> => {
    wanted = false
    busy = true
    let took = 0
    try {
      took = await run()
    } catch (error) {
      if (!stopped) failed(error)
    }
    setTimeout(
      () => {
        busy = false
        if (wanted && !stopped) void start()
      },
      Math.max(ms, 9 * took),
    )
  }
  return {
    ask() {
      wanted = true
      if (!busy && !stopped) void start()
    },
    stop() {
      stopped = true
    },
  }
}
