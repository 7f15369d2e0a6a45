import type { Benchmark } from '../harness/result.ts'
import { engineMemory } from './engine-memory.ts'
import { engineTime } from './engine-time.ts'

/** What it costs an engine that it can be inspected, and what it costs when it is. */
export const devtools: Benchmark = {
  name: 'devtools',
  limit: 'nobody inspects: nothing; a ring: one copy of each payload',
  async run({ short }) {
    return [await engineTime(short), await engineMemory(short)]
  },
}
