import type { StoreDef } from '@rivulet/wire'
import { shapeOf } from './same-store.ts'

const hashes = new WeakMap<StoreDef, string>()

/** 64 bits, in hex, that differ between definitions which mean different bytes. Not against attackers: it finds a server and a page of different builds. */
export function schemaHash(def: StoreDef): string {
  let hash = hashes.get(def)
  if (hash === undefined) hashes.set(def, (hash = fnv(shapeOf(def), 0x811c9dc5) + fnv(shapeOf(def), 0x01234567)))
  return hash
}

function fnv(text: string, seed: number): string {
  let hash = seed
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}
