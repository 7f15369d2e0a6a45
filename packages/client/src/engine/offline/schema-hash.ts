import type { StoreDef } from '@rivulet/wire'

/** Part of every hash: to be raised when what is kept, or how it is encoded, changes its meaning. */
const FORMAT = 1

/**
 * 64 bits, in hex, that differ between definitions which mean different bytes. `def` is as the page sends it: with the structs that it reaches and no others, in the order in which it reaches them.
 * Not against attackers: it finds the states that another build of the app has kept.
 */
export function schemaHash(def: StoreDef): string {
  const text = `${FORMAT} ${JSON.stringify(def)}`
  return fnv(text, 0x811c9dc5) + fnv(text, 0x01234567)
}

function fnv(text: string, seed: number): string {
  let hash = seed
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}
