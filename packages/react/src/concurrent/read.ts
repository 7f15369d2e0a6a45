import { select, type PageStore, type Path } from '@rivulet/client'
import { pathKey, valueBelow } from '@rivulet/client/concurrent'
import { pathOf } from '../path-of.ts'
import type { StoreQuery } from '../store-query.ts'
import type { ComponentMemory, Reads } from './component.ts'
import type { Entry, Ledger } from './ledger.ts'
import type { Picture, Values } from './picture.ts'
import type { Tracker } from './tracker.ts'

/** The answer of one render, and what it was made of. */
export interface Answer {
  readonly value: unknown
  readonly reads: Reads
}

/** Thrown through a selector that reads what the component does not follow. */
const STRANGE = Symbol('not followed')

/** The answer from what the component follows itself; null when that is not enough. Throws what a selector throws. */
export function readOwn(ledger: Ledger, query: StoreQuery, memory: ComponentMemory, picture: Picture): Answer | null {
  const { baseline } = memory
  if (baseline === null) return null
  const values = picture.baseline === baseline ? picture.values : baseline
  let strange = false
  const valueAt = (path: Path): unknown => {
    const entry = ledger.find(pathKey(path))
    if (entry !== undefined && baseline.has(entry)) return values.has(entry) ? values.get(entry) : baseline.get(entry)
    strange = true
    throw STRANGE
  }
  try {
    const own = answer(ledger.store, query, valueAt)
    return strange ? null : own
  } catch (error) {
    if (strange) return null
    throw error
  }
}

/** The answer from what the whole tree shows in this render; what nobody follows comes from the store. Throws what a selector throws. */
export function readShared(tracker: Tracker, ledger: Ledger, query: StoreQuery, shared: Values): Answer {
  const { store } = ledger
  return answer(store, query, (path) => {
    // From the path upwards: somebody who reads the whole knows its parts.
    for (let depth = path.length; depth >= 0; depth--) {
      const entry: Entry | undefined = ledger.find(pathKey(path.slice(0, depth)))
      if (entry === undefined) continue
      const value = tracker.valueIn(shared, entry)
      const known = depth === path.length ? { value } : valueBelow(store.def, value, path, depth)
      if (known !== undefined) return known.value
    }
    return store.get(path)
  })
}

/** The answer from what a server has rendered. */
export function readInitial({ store }: Ledger, query: StoreQuery): Answer {
  return answer(store, query, (path) => store.initial(path).value)
}

function answer(store: PageStore<unknown>, query: StoreQuery, valueAt: (path: Path) => unknown): Answer {
  if (typeof query !== 'function') {
    const path = pathOf(query)
    const value = valueAt(path)
    return { value, reads: [{ path, value }] }
  }
  const image: PageStore<unknown> = { ...store, get: (path: string | Path = []) => valueAt(pathOf(path)) }
  const { value, reads } = select(image, query)
  return { value, reads: reads.map((path) => ({ path, value: valueAt(path) })) }
}
