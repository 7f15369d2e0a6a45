import type { Benchmark } from '../harness/result.ts'
import { decodeInChromium } from './in-chromium.ts'
import { referenceFromRegistries } from './reference.ts'
import { decodeScenarios, slopeScenarios } from './scenarios.ts'

/** Bytes to state: full states and deltas, in Node and in Chromium. */
export const decode: Benchmark = {
  name: 'decode',
  limit:
    'about 100 ns for each object that must be made, and reading the bytes once; a delta: one map look-up and one new object for each entity, about 100 ns',
  async run(options) {
    const absent = [await referenceFromRegistries(options.short)]
    const inNode = { scenarios: decodeScenarios(options), slope: slopeScenarios(options) }
    const inChromium = await decodeInChromium(options)
    return [
      { benchmark: 'decode', title: 'decode, Node', unit: 'ms', figures: inNode.scenarios, absent },
      { benchmark: 'decode', title: 'decode, Node: slope', unit: 'ms', figures: inNode.slope, absent: [] },
      { benchmark: 'decode', title: 'decode, Chromium page', unit: 'ms', figures: inChromium.scenarios, absent },
      { benchmark: 'decode', title: 'decode, Chromium page: slope', unit: 'ms', figures: inChromium.slope, absent: [] },
    ]
  },
}
