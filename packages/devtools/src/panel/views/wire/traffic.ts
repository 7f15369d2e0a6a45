import type { FeedEntry } from '@rivulet/client/inspect'

/** How much passed, in slots of time; kept while entries come. */
export interface Traffic {
  add(entry: FeedEntry, you: number | undefined): void
  /** Time goes on also when nothing passes. */
  advance(now: number): void
  /** Per second and slot, oldest first; the last slot is still going on. */
  rates(of: Flow): Float64Array
  /** Store updates that came in for each patch of this page: what the engine saved the page. 0 where there was no patch. */
  conflation(): Float64Array
  /** Mean of the newest full second or so. */
  now(of: Flow): number
  readonly nowConflation: number
}

/** What is counted. */
type Flow = 'inMessages' | 'outMessages' | 'inBytes' | 'outBytes'

const FLOWS = ['inMessages', 'outMessages', 'inBytes', 'outBytes', 'updates', 'patches'] as const

/** Makes an empty count over `count` slots of `slotMs`. */
export function createTraffic(slotMs = 500, count = 120): Traffic {
  const sums = Object.fromEntries(FLOWS.map((flow) => [flow, new Float64Array(count)])) as unknown as Record<
    (typeof FLOWS)[number],
    Float64Array
  >
  let newest = 0
  let waiting = 0
  const recent = Math.min(count - 1, Math.ceil(1000 / slotMs))
  const place = (slot: number): number => (newest + 1 + slot) % count
  const sum = (flow: (typeof FLOWS)[number], slot: number): number => sums[flow][place(slot)] as number
  const add = (flow: (typeof FLOWS)[number], slot: number, amount: number): void => {
    const of = sums[flow]
    of[slot % count] = (of[slot % count] as number) + amount
  }
  const traffic: Traffic = {
    add(entry, you) {
      traffic.advance(entry.at)
      const slot = Math.floor(entry.at / slotMs)
      if (slot <= newest - count || slot < 0) return
      if (entry.type === 'frame') {
        add(entry.dir === 'in' ? 'inMessages' : 'outMessages', slot, 1)
        add(entry.dir === 'in' ? 'inBytes' : 'outBytes', slot, entry.bytes)
        if (entry.kind === 'storeupdate') waiting++
      } else if (entry.type === 'patch' && entry.page === you) {
        add('patches', slot, 1)
        add('updates', slot, waiting)
        waiting = 0
      }
    },
    advance(now) {
      const slot = Math.floor(now / slotMs)
      for (let i = Math.max(newest + 1, slot - count + 1); i <= slot; i++)
        for (const flow of FLOWS) sums[flow][i % count] = 0
      newest = Math.max(newest, slot)
    },
    rates: (flow) => Float64Array.from({ length: count }, (_, slot) => (sum(flow, slot) * 1000) / slotMs),
    conflation: () =>
      Float64Array.from({ length: count }, (_, slot) => ratio(sum('updates', slot), sum('patches', slot))),
    now(flow) {
      let total = 0
      for (let i = 1; i <= recent; i++) total += sum(flow, count - 1 - i)
      return (total * 1000) / (recent * slotMs)
    },
    get nowConflation() {
      let [updates, patches] = [0, 0]
      for (let i = 0; i <= recent; i++) {
        updates += sum('updates', count - 1 - i)
        patches += sum('patches', count - 1 - i)
      }
      return ratio(updates, patches)
    },
  }
  return traffic
}

function ratio(updates: number, patches: number): number {
  return updates / Math.max(1, patches)
}
