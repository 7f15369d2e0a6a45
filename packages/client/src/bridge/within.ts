import { RivuletError } from '@rivulet/wire'

/** What the engine answers to its start; rejects with `worker` when it takes longer, because a worker can also die between its handshake and its answer. */
export function within(promise: Promise<void>, ms: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new RivuletError('worker', `the engine did not start within ${ms} ms`)), ms)
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
