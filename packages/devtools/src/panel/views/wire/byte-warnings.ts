import { decodeDelta, decodeState, isRivuletError, type StoreDef } from '@rivulet/wire'
import type { Attribution, Inspection } from '@rivulet/wire/inspect'
import type { Warning } from './warnings.ts'

/** Collections whose keys are remembered, and keys of one; larger ones are not judged. */
const MAX_COLLECTIONS = 200
const MAX_KEYS = 1000
/** Fewer elements are not worth a word. */
const FEW = 4
/** Warnings of one message. */
const MAX_WARNINGS = 20

/** Judges store updates by their bytes. */
export type ByteWarnings = (
  def: StoreDef,
  update: 'full' | 'partial',
  bytes: Uint8Array,
  inspection: Inspection,
) => readonly Warning[]

/**
 * Makes a function that is given store updates, taken apart, and says what is wrong with them. It remembers which keys collections have, as far as it was shown them.
 *
 * @example
 * const judge = createByteWarnings()
 * judge(BoardStore, 'partial', bytes, inspectMessage(BoardStore, bytes, 'partial'))
 */
export function createByteWarnings(): ByteWarnings {
  const collections = new Map<string, Set<string>>()

  /** From now on the collection has the keys that follow. */
  const begin = (path: string, count: number, isList: boolean): void => {
    collections.delete(path)
    if (count > MAX_KEYS) return
    if (collections.size >= MAX_COLLECTIONS) collections.delete(collections.keys().next().value as string)
    const keys = new Set<string>()
    if (isList) for (let i = 0; i < count; i++) keys.add(String(i))
    collections.set(path, keys)
  }

  return (def, update, bytes, { parts, rest }) => {
    const out: Warning[] = []
    const given = new Map<string, Set<string>>()
    let operations = update === 'full' ? 1 : 0
    let wide: Attribution | undefined
    for (const [i, part] of parts.entries()) {
      const { path, meaning, value } = part
      if (typeof value === 'bigint') wide ??= part
      if (meaning === 'operation: present' || meaning.endsWith('skipped')) operations++
      else if (/^number of (elements|entries|keys)$/.test(meaning)) {
        begin(path, Number(value), meaning === 'number of elements')
        if (Number(value) >= FEW && isWhole(parts, i))
          out.push({ code: 'whole', path, detail: `${String(value)} elements` })
      } else {
        // Of a text key the length comes first.
        const [, what] = /^(key|set|key added|key deleted): (?!length)/.exec(meaning) ?? []
        const keys = collections.get(path)
        // Of an empty text its length is the value.
        const key = meaning.endsWith('empty text') ? '' : String(value)
        if (what === 'key') keys?.add(key)
        else if (what === 'key deleted') keys?.delete(key)
        else if (what !== undefined && keys !== undefined) {
          const those = given.get(path) ?? new Set()
          given.set(path, those.add(key))
        }
      }
    }
    for (const [path, keys] of given) {
      const had = collections.get(path)
      if (had === undefined) continue
      if (had.size >= FEW && keys.size >= had.size && [...had].every((key) => keys.has(key)))
        out.push({ code: 'all', path, detail: `${had.size} keys` })
      for (const key of keys) had.add(key)
      if (had.size > MAX_KEYS) collections.delete(path)
    }
    // Only where the schema reads it as a number.
    if (wide !== undefined && isOutOfRange(def, update, bytes))
      out.push({ code: 'wide', path: wide.path, detail: String(wide.value) })
    if (operations === 0 && rest === undefined) out.push({ code: 'nothing' })
    return out.slice(0, MAX_WARNINGS)
  }
}

/** Whether the collection whose count is part `i` is what a delta puts in the place of the one before. */
function isWhole(parts: readonly Attribution[], i: number): boolean {
  for (let before = i - 1; before >= 0 && parts[before]?.path === parts[i]?.path; before--)
    if (parts[before]?.meaning === 'replaced as a whole: yes') return true
  return false
}

function isOutOfRange(def: StoreDef, update: 'full' | 'partial', bytes: Uint8Array): boolean {
  try {
    if (update === 'full') decodeState(def, bytes)
    else decodeDelta(def, bytes)
    return false
  } catch (error) {
    return isRivuletError(error) && error.code === 'out-of-range'
  }
}
