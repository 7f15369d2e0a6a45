import { RivuletError } from '@rivulet/wire'

/** Rejects with `timeout` when `promise` takes longer than `ms` (0 = no limit): an application that hangs must not hang the viewer it is asked about. */
export function within<T>(ms: number, what: string, promise: T | Promise<T>): Promise<T> {
  if (ms === 0) return Promise.resolve(promise)
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new RivuletError('timeout', `${what} took longer than ${ms} ms`)), ms)
    void Promise.resolve(promise)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer))
  })
}
