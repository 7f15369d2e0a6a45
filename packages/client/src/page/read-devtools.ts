import { need } from './need.ts'
import type { ClientOptions } from './types.ts'

/** What is kept where the option does not say how much. */
const RING_BYTES: number = 4 * 1024 * 1024

/** A larger ring would be kept by nobody who means it. */
const MAX_RING_BYTES = 2 ** 30

// Written as bundlers look for it; a page without one has no such thing.
declare const process: { readonly env: { readonly NODE_ENV?: string } }

/** How much the engine keeps for devtools, bytes. Throws `config`. */
export function readDevtools(given: ClientOptions['devtools'] = isDevelopment()): number {
  const fits = typeof given === 'boolean' || (typeof given === 'object' && given !== null)
  need(fits, 'devtools', given, 'It is true, false, or an object of options.')
  if (given === false) return 0
  const { ringBytes = RING_BYTES } = given === true ? {} : given
  const isSize = typeof ringBytes === 'number' && ringBytes >= 0 && ringBytes <= MAX_RING_BYTES
  need(isSize, 'devtools.ringBytes', ringBytes, `It is a number of bytes from 0 to ${MAX_RING_BYTES}.`)
  return ringBytes
}

function isDevelopment(): boolean {
  try {
    // Once each: a bundler puts the value in its place, and what is left folds to true or false.
    return process.env.NODE_ENV !== undefined && process.env.NODE_ENV !== 'production'
  } catch {
    return false
  }
}
