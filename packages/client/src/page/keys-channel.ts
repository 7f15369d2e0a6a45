import type { Path, PathPart } from '@rivulet/wire'
import type { KeysChange, ListQuery } from '../list-query.ts'
import { editKeys } from './edit-keys.ts'
import type { ListPlan } from './list-plan.ts'
import type { KeysSnapshot } from './list-types.ts'
import type { PageStore, Readable } from './types.ts'

const NO_KEYS: readonly never[] = Object.freeze([])

/** What is known before anything is. */
export const NO_SNAPSHOT: KeysSnapshot<never> = Object.freeze({
  keys: NO_KEYS,
  total: 0,
  offset: 0,
  status: 'idle',
  loaded: false,
  error: undefined,
})

const ofStore = new WeakMap<object, Map<string, Readable<KeysSnapshot<PathPart>>>>()

/** What is known of this plan, if anybody follows it. */
export function knownChannel(store: PageStore<unknown>, plan: ListPlan): Readable<KeysSnapshot<PathPart>> | undefined {
  return ofStore.get(store)?.get(plan.id)
}

/** The keys of one plan, shared by all that follow it. It is forgotten with its data, when nobody has followed it for the client's `graceMs`. */
export function keysChannel(store: PageStore<unknown>, path: Path, plan: ListPlan): Readable<KeysSnapshot<PathPart>> {
  const found = knownChannel(store, plan)
  if (found !== undefined) return found
  let channels = ofStore.get(store)
  if (channels === undefined) ofStore.set(store, (channels = new Map()))
  const all = channels
  let keys: readonly PathPart[] = NO_KEYS
  let total = 0
  let loaded = false
  let shown: KeysSnapshot<PathPart> = NO_SNAPSHOT

  const take = (change: KeysChange): void => {
    total = change.total
    loaded = true
    keys = plan.indices ? indices(keys, plan, total) : editKeys(keys, change)
  }
  const line = store.list(path, {
    query: queryOf(plan),
    keys: take,
    drop() {
      keys = NO_KEYS
      total = 0
      loaded = false
      if (all.get(plan.id) === channel) all.delete(plan.id)
    },
  })
  const channel: Readable<KeysSnapshot<PathPart>> = {
    get() {
      // What is known stays as it is while it is loaded again.
      const status = loaded && line.status() === 'loading' ? 'stale' : line.status()
      const error = line.error()
      const same = shown.keys === keys && shown.total === total && shown.status === status && shown.loaded === loaded
      if (!same || shown.error !== error) {
        shown = Object.freeze({ keys, total, offset: plan.offset, status, loaded, error })
      }
      return shown
    },
    subscribe: (listener) => line.subscribe(listener),
  }
  all.set(plan.id, channel)
  return channel
}

function queryOf({ indices: byIndex, plain, select, offset, limit }: ListPlan): ListQuery {
  if (byIndex || (plain && limit === 0)) return { kind: 'size' }
  return { kind: 'keys', select, offset, ...(limit === undefined ? {} : { limit }) }
}

function indices(
  before: readonly PathPart[],
  { offset, limit = Infinity }: ListPlan,
  total: number,
): readonly PathPart[] {
  const length = Math.max(0, Math.min(limit, total - offset))
  if (length === before.length) return before
  return Object.freeze(Array.from({ length }, (_, i) => offset + i))
}
