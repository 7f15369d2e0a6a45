import type { Benchmark } from '../harness/result.ts'
import { engineMemory } from './engine-memory.ts'
import { engineTime } from './engine-time.ts'
import { framesTables } from './frames-table.ts'

/** What it costs an engine that it can be inspected, and what it costs when it is; what the page has left with the panel open. */
export const devtools: Benchmark = {
  name: 'devtools',
  limit: 'nobody inspects: nothing; a ring: one copy of each payload',
  async run({ short }) {
    return [await engineTime(short), await engineMemory(short), ...(await framesTables(short))]
  },
}
