/** Waits until `condition` holds and returns what it returned; fails, naming `what`, after `ms`. */
export async function until<T>(condition: () => T, what: string, ms = 5000): Promise<NonNullable<T>> {
  const end = Date.now() + ms
  for (;;) {
    const got = condition()
    if (got) return got
    if (Date.now() > end) throw new Error(`gave up after ${ms} ms waiting for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}
