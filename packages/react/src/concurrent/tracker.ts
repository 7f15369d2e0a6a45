import { startTransition } from 'react'
import type { Changes, Entry, Ledger } from './ledger.ts'
import type { Advance, Values } from './picture.ts'

/** How updates reach React: at once, or as transitions, which never block what the user does. */
export type Updates = 'urgent' | 'transition'

/** The tree below one provider: how it hears of patches, and what it shows now, while React may be rendering something later. */
export interface Tracker {
  /** What a render with this picture of the tree shows of an entry. */
  valueIn(values: Values, entry: Entry): unknown
  /** What is on screen of an entry. */
  committed(entry: Entry): unknown
  /** The provider begins to take patches; returns what ends it. */
  connect(dispatch: (advance: Advance) => void): () => void
  /** React has committed this picture. */
  commit(values: Values): void
  /** Hands patches of a ledger on for as long as somebody reads it. */
  join(ledger: Ledger): () => void
  /** Runs what tells React of an update. */
  tell(update: () => void): void
}

/** Makes the tracker of one provider. */
export function createTracker(updates: Updates): Tracker {
  const joined = new Map<Ledger, { count: number; readonly stop: () => void }>()
  let dispatch: ((advance: Advance) => void) | null = null
  let shown: Values = new Map()
  /** What was shown of entries when the first patch came that React has not committed: no picture knows it. */
  const before = new Map<Entry, unknown>()

  const tell = (update: () => void): void => {
    if (updates === 'transition') startTransition(update)
    else update()
  }

  const valueIn = (values: Values, entry: Entry): unknown => {
    if (values.has(entry)) return values.get(entry)
    return before.has(entry) ? before.get(entry) : entry.value
  }

  const onPatch = (ledger: Ledger, changes: Changes): void => {
    const send = dispatch
    if (send === null) return
    for (const [entry, { from }] of changes) if (!shown.has(entry) && !before.has(entry)) before.set(entry, from)
    tell(() => send({ def: ledger.store.def, changes, baseline: null }))
  }

  return {
    valueIn,
    committed: (entry) => valueIn(shown, entry),
    connect(send) {
      dispatch = send
      return () => {
        dispatch = null
        before.clear()
      }
    },
    commit(values) {
      shown = values
      for (const entry of before.keys()) if (values.has(entry) || entry.readers.size === 0) before.delete(entry)
    },
    join(ledger) {
      let one = joined.get(ledger)
      if (one === undefined) {
        joined.set(ledger, (one = { count: 0, stop: ledger.listen((changes) => onPatch(ledger, changes)) }))
      }
      const mine = one
      mine.count += 1
      return () => {
        mine.count -= 1
        if (mine.count > 0) return
        joined.delete(ledger)
        mine.stop()
      }
    },
    tell,
  }
}
