/** Counts what arrives; resolves whoever waits for a number of it. */
export interface Counter {
  readonly heard: () => void
  readonly reach: (messages: number) => Promise<void>
}

/** Starts at nothing. A viewer that hears nothing for 20 s rejects. */
export function countMessages(): Counter {
  let count = 0
  let goal = Infinity
  let reached: (() => void) | undefined
  return {
    heard() {
      if (++count >= goal) reached?.()
    },
    reach(messages) {
      if (count >= messages) return Promise.resolve()
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`${count} messages arrived instead of ${messages}.`)), 20_000)
        goal = messages
        reached = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    },
  }
}
