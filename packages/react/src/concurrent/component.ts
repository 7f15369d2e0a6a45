import type { Path } from '@rivulet/client'
import type { Held } from '../store-source.ts'
import type { Changes, Entry, Ledger, Reader } from './ledger.ts'
import type { Advance, Values } from './picture.ts'
import type { Tracker } from './tracker.ts'

/** What a render has read: each path and its value. */
export type Reads = readonly { readonly path: Path; readonly value: unknown }[]

/** What one component has committed: what it follows, and what it shows of that. Only effects change it, so a render that React throws away leaves no trace. */
export interface ComponentMemory {
  /**
   * What it showed when it began to take patches by itself; null while it does not: before its first commit, in a hidden tree, and as long as there are patches that are not on screen. React has queued those for components that were
   * there when they came, in lanes that nobody else can know; the picture of the whole tree has them.
   */
  readonly baseline: Values | null
  /** The result of a selector that is on screen. */
  readonly last: Held | null
  /** The commit shows this. */
  show(held: Held): void
  /** Follows what was read, and nothing else. */
  follow(tracker: Tracker, ledger: Ledger, reads: Reads, dispatch: (advance: Advance) => void): void
  /** Follows nothing any more. */
  end(): void
}

const NONE: Changes = new Map()

interface Following {
  readonly ledger: Ledger
  readonly entries: ReadonlySet<Entry>
  readonly leave: () => void
  readonly hear: (changes: Changes) => void
}

/** Makes the memory of one component. */
export function createComponentMemory(): ComponentMemory {
  let baseline: Values | null = null
  let last: Held | null = null
  let following: Following | null = null
  const reader: Reader = {
    hear(changes) {
      if (baseline !== null) following?.hear(changes)
    },
  }

  const end = (): void => {
    const was = following
    following = null
    baseline = null
    for (const entry of was?.entries ?? []) was?.ledger.unfollow(entry, reader)
    was?.leave()
  }

  return {
    get baseline() {
      return baseline
    },
    get last() {
      return last
    },
    show(held) {
      last = held
    },
    follow(tracker, ledger, reads, dispatch) {
      const was = following
      const values = new Map<Entry, unknown>()
      let [settled, wrong] = [true, false]
      for (const { path, value } of reads) {
        const entry = ledger.follow(path, reader)
        const committed = tracker.committed(entry)
        values.set(entry, committed)
        if (!Object.is(committed, value)) wrong = true
        if (!Object.is(committed, entry.value)) settled = false
      }
      // It takes patches of exactly these already, so its own queue knows better than what is on screen.
      if (baseline !== null && was !== null && isSame(was.entries, values)) return
      const next = settled ? values : null
      const { def } = ledger.store
      const leave = tracker.join(ledger)
      // What is read still has been followed again by now, so nothing is given up in between.
      for (const entry of was?.entries ?? []) if (!values.has(entry)) was?.ledger.unfollow(entry, reader)
      was?.leave()
      baseline = next
      following = {
        ledger,
        entries: new Set(values.keys()),
        leave,
        hear: (changes) => tracker.tell(() => dispatch({ def, changes, baseline: next })),
      }
      // Something has changed since the render: rendered again before the browser paints.
      if (wrong) dispatch({ def, changes: NONE, baseline: next })
    },
    end,
  }
}

function isSame(entries: ReadonlySet<Entry>, values: Values): boolean {
  if (entries.size !== values.size) return false
  for (const entry of entries) if (!values.has(entry)) return false
  return true
}
