import { vi } from 'vitest'

/** Runs `check` until it passes; fails with its last error after 10 s, because a busy machine may take its time. */
export function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: 10_000, interval: 5 })
}
