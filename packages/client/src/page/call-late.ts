import { RivuletError } from '@rivulet/wire'
import { millis } from './client-config.ts'
import type { Live } from './live.ts'
import type { LiveGate } from './live-gate.ts'
import type { CallOptions } from './types.ts'

/** Makes a call as soon as the live part has been loaded, which can be given up and takes no longer than the call itself may. */
export function callLate<R>(
  gate: LiveGate,
  name: string,
  { signal, timeoutMs }: CallOptions,
  defaultTimeoutMs: number,
  call: (live: Live) => Promise<R>,
): Promise<R> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      gate.forget(settle)
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    }
    const fail = (error: RivuletError): void => {
      settle()
      reject(error)
    }
    const onAbort = (): void =>
      fail(new RivuletError('aborted', 'the call was given up', { store: name, cause: signal?.reason }))
    const ms = millis('timeoutMs', timeoutMs, defaultTimeoutMs, 1)
    const onTimeout = (): void =>
      fail(
        new RivuletError('timeout', `no answer within ${ms} ms`, {
          store: name,
          hint: 'It was never sent: the client was still loading.',
        }),
      )
    const timer = setTimeout(onTimeout, ms)
    if (signal?.aborted === true) {
      onAbort()
      return
    }
    signal?.addEventListener('abort', onAbort)
    gate.run(
      settle,
      (live) => {
        settle()
        resolve(call(live))
      },
      fail,
    )
  })
}
