import type { FeedEntry } from '@rivulet/client/inspect'
import type { Log } from '../../log.ts'

/** The entry with this number; undefined when it is not kept. Numbers only grow, but some may be missing. */
export function findEntry(log: Log<FeedEntry>, seq: number): FeedEntry | undefined {
  let [low, high] = [0, log.size - 1]
  while (low <= high) {
    const middle = (low + high) >> 1
    const entry = log.at(middle) as FeedEntry
    if (entry.seq === seq) return entry
    if (entry.seq < seq) low = middle + 1
    else high = middle - 1
  }
  return undefined
}
