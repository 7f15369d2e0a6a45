import type { PathPart } from '@rivulet/wire'
import type { KeysChange } from '../list-query.ts'

/** Up to this many edits, moving the rest of the array each time is cheaper than walking through all of it. */
const FEW = 16

/** The keys after a change, as a new array; `keys` itself when nothing about them changed. */
export function editKeys(keys: readonly PathPart[], change: KeysChange): readonly PathPart[] {
  const { removed, added } = change
  if (change.keys !== null) return same(keys, change.keys) ? keys : Object.freeze(change.keys)
  if (removed.length === 0 && added.length === 0) return keys
  const out = removed.length + added.length <= FEW ? spliced(keys, change) : merged(keys, change)
  return Object.freeze(out)
}

function spliced(keys: readonly PathPart[], { removed, added }: KeysChange): PathPart[] {
  const out = keys.slice()
  for (let i = removed.length - 1; i >= 0; i--) out.splice(removed[i] as number, 1)
  for (const { at, key } of added) out.splice(at, 0, key)
  return out
}

function merged(keys: readonly PathPart[], { removed, added }: KeysChange): PathPart[] {
  const out: PathPart[] = []
  let gone = 0
  let next = 0
  for (const [i, key] of keys.entries()) {
    if (removed[gone] === i) {
      gone++
      continue
    }
    for (; added[next]?.at === out.length; next++) out.push((added[next] as { key: PathPart }).key)
    out.push(key)
  }
  for (; next < added.length; next++) out.push((added[next] as { key: PathPart }).key)
  return out
}

function same(a: readonly PathPart[], b: readonly PathPart[]): boolean {
  return a.length === b.length && a.every((key, i) => Object.is(key, b[i]))
}
