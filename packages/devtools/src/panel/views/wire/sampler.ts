import type { FrameEntry } from '@rivulet/client/inspect'
import { inspectMessage } from '@rivulet/wire/inspect'
import type { ClientModel } from '../../client-model.ts'
import { createByteWarnings } from './byte-warnings.ts'
import type { Warning } from './warnings.ts'

/** Of what came since the last look so many are kept, the newest. */
const WAITING = 64
/** Larger messages are judged when somebody looks at them. */
const MAX_BYTES = 128 * 1024
/** Parts that one look may take apart: a few milliseconds. */
const MAX_PARTS = 8000
const EVERY_MS = 250

/** Looks into the bytes of store updates while they pass: of all of them when they are few, else of some. */
export interface Sampler {
  add(entry: FrameEntry): void
  /** Store updates whose bytes were judged. */
  readonly looked: number
  /** Those that had to be passed over. */
  readonly passed: number
  clear(): void
  destroy(): void
}

/** Makes one; `found` hears of warnings, later than of the entry. */
export function createSampler(
  model: ClientModel,
  found: (entry: FrameEntry, warnings: readonly Warning[]) => void,
): Sampler {
  const judge = createByteWarnings()
  let waiting: FrameEntry[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  let looked = 0
  let passed = 0
  let ended = false

  const look = async (): Promise<void> => {
    const entries = waiting
    waiting = []
    try {
      const all = await model.bytes(entries.map(({ seq }) => seq))
      let budget = MAX_PARTS
      for (const [i, entry] of entries.entries()) {
        const bytes = all[i]
        const def = model.stores.get(entry.store ?? '')
        if (ended) return
        if (bytes === null || bytes === undefined || def === undefined || budget <= 0) {
          passed++
          continue
        }
        looked++
        const update = entry.update ?? 'partial'
        const inspection = inspectMessage(def, bytes, update, { maxParts: budget, maxValue: 16 })
        budget -= inspection.parts.length
        const warnings = judge(def, update, bytes, inspection)
        if (warnings.length > 0) found(entry, warnings)
      }
    } catch {
      // No engine: what waited cannot be looked at any more, and the panel says why.
      passed += entries.length
    }
    timer = undefined
    schedule()
  }
  const schedule = (): void => {
    if (!ended && waiting.length > 0) timer ??= setTimeout(() => void look(), EVERY_MS)
  }

  return {
    get looked() {
      return looked
    },
    get passed() {
      return passed
    },
    add(entry) {
      if (entry.bytes > MAX_BYTES || entry.error !== undefined) return
      waiting.push(entry)
      // Dropped in halves, so that a flood costs the same for each.
      if (waiting.length > 2 * WAITING) {
        passed += waiting.length - WAITING
        waiting = waiting.slice(-WAITING)
      }
      schedule()
    },
    clear() {
      waiting = []
      looked = 0
      passed = 0
    },
    destroy() {
      ended = true
      clearTimeout(timer)
    },
  }
}
