import type { FrameEntry } from '@rivulet/client/inspect'
import { inspectMessage } from '@rivulet/wire/inspect'
import type { ClientModel } from '../../client-model.ts'
import { createByteWarnings } from './byte-warnings.ts'
import type { Warning } from './warnings.ts'

/** So many wait to be looked at, the newest. */
const WAITING = 256
/** Bytes that are asked for at once. */
const AT_ONCE = 512 * 1024
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
    let asked = 0
    const end = waiting.findIndex(({ bytes }) => (asked += bytes) > AT_ONCE)
    const entries = waiting.slice(0, end < 0 ? undefined : end)
    waiting = waiting.slice(entries.length)
    try {
      const all = await model.bytes(entries.map(({ seq }) => seq))
      let budget = MAX_PARTS
      for (const [i, entry] of entries.entries()) {
        const bytes = all[i]
        const def = model.stores.get(entry.store ?? '')
        if (ended) return
        if (budget <= 0) {
          waiting = [...entries.slice(i), ...waiting]
          break
        }
        if (bytes === null || bytes === undefined || def === undefined) {
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
