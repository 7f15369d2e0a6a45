import type { FeedEntry } from '@rivulet/client/inspect'
import type { Log } from '../../log.ts'

/** The newest entry with this number; undefined when it is not kept. Numbers rise, except where another engine began again from 1. */
export function findEntry(log: Log<FeedEntry>, seq: number): FeedEntry | undefined {
  let [low, high] = [0, log.size - 1]
  while (low <= high) {
    const middle = (low + high) >> 1
    const entry = log.at(middle) as FeedEntry
    if (entry.seq === seq) return entry
    if (entry.seq < seq) low = middle + 1
    else high = middle - 1
  }
  // Two engines may be in the log: then the search above was led astray.
  for (let i = log.size - 1; i >= 0; i--) if (log.at(i)?.seq === seq) return log.at(i)
  return undefined
}
