import { RivuletError } from '@rivulet/wire'
import type { FieldPath, MergeablePartial, AppliableOnTopPartial } from './var-info.ts'

/** How far behind its end a partial may make a list grow; the host's limit is far lower than what would hurt. */
const MAX_GAP = 65_536

/** Replaces what is in a list, however long the replacement is (pitfall 7). */
export function refill<V>(list: V[], values: readonly V[]): void {
  list.length = 0
  for (const value of values) list.push(value)
}

/** Puts one element, with zeros in front of it where there is nothing yet; nothing for a negative index, as on the host. Throws `index` for one that is far behind the end. */
export function putElement<V>(list: V[], index: number, value: V, zero: () => V): void {
  if (index < 0) return
  if (!Number.isSafeInteger(index) || index > list.length + MAX_GAP) {
    throw new RivuletError('index', `index ${index} of a list of ${list.length} is out of reach`, { path: [index] })
  }
  while (list.length < index) list.push(zero())
  list[index] = value
}

/** The paths of these elements. */
export function indexPaths(indices: Iterable<number>): FieldPath[] {
  return [...indices].filter((index) => index >= 0).map((index) => [index])
}

/** Applies a partial to one value: the value afterwards, and the paths that have changed in it. */
export function applyPartial<V>(partial: MergeablePartial<V>, value: V, key: string | number): [V, FieldPath[]] {
  if (isOnTop(partial)) return partial.applyOnTop(value)
  if (value === undefined || value === null) {
    throw new RivuletError('path', 'a partial for something that is not there', {
      path: [key],
      hint: 'Generate this package again: newer partial classes have applyOnTop, which makes it first.',
    })
  }
  return [value, partial.applyTo(value)]
}

function isOnTop<V>(partial: MergeablePartial<V>): partial is AppliableOnTopPartial<V> {
  return typeof (partial as Partial<AppliableOnTopPartial<V>>).applyOnTop === 'function'
}

/** The types that a generic helper was declared with. Throws `schema` when there are none. */
export function genericsOf<T>(name: string, vi: { readonly genericTypes: T[] | undefined } | undefined): readonly T[] {
  if (vi?.genericTypes !== undefined) return vi.genericTypes
  throw new RivuletError('schema', `${name} without its type arguments`)
}
