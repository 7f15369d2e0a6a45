import type { ClientOptions } from './types.ts'

/** What is kept where the option does not say how much. */
const RING_BYTES: number = 4 * 1024 * 1024

// Written as bundlers look for it; a page without one has no such thing.
declare const process: { readonly env: { readonly NODE_ENV?: string } }

/** How much the engine keeps for devtools, bytes. */
export function ringBytesOf(devtools: ClientOptions['devtools'] = isDevelopment()): number {
  if (devtools === false) return 0
  return Math.max(0, (devtools === true ? undefined : devtools.ringBytes) ?? RING_BYTES)
}

function isDevelopment(): boolean {
  try {
    // Once each: a bundler puts the value in its place, and what is left folds to true or false.
    return process.env.NODE_ENV !== undefined && process.env.NODE_ENV !== 'production'
  } catch {
    return false
  }
}
