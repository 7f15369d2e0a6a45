import { RivuletError } from '@rivulet/wire'
import { isDevelopment } from './development.ts'
import type { ClientOptions } from './types.ts'

/** What is kept where the option does not say how much. */
const RING_BYTES: number = 4 * 1024 * 1024

/** How much the engine keeps for devtools, bytes. An option that cannot be is reported as `config`, and keeps nothing: it comes too late to be thrown. */
export function ringBytesOf(
  devtools: ClientOptions['devtools'] = isDevelopment(),
  report: (error: RivuletError) => void,
): number {
  const bytes = (typeof devtools === 'object' ? devtools.ringBytes : undefined) ?? (devtools === false ? 0 : RING_BYTES)
  if (Number.isSafeInteger(bytes) && bytes >= 0) return bytes
  const hint = 'It is true, false, or { ringBytes }, a whole number.'
  report(new RivuletError('config', `the option devtools.ringBytes cannot be ${bytes}`, { hint }))
  return 0
}
