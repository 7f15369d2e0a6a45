import { isRivuletError, withPlace } from '../errors.ts'
import { Reader, toBytes } from '../reader.ts'
import type { StoreDef, TypeNode, Types } from '../schema.ts'
import type { Attribution, InspectOptions, Inspection } from './attribution.ts'
import { ENOUGH, type Walk, walkIgnored } from './walk.ts'
import { walkDelta } from './walk-delta.ts'
import { walkValue } from './walk-value.ts'

/**
 * Names every byte of a store's message: of a `full` state (wire.md §6), or of a `partial`, a delta (§9).
 *
 * Never throws for what the bytes are: malformed ones end in `error`, at the same byte as for the decoder. 64-bit integers are always read exactly. Throws `schema` when the
 * descriptor is at fault, and `invalid-value` when `bytes` is no binary data.
 *
 * @example
 * for (const { offset, path, meaning, value } of inspectMessage(BoardStore, message, 'partial').parts)
 *   console.log(offset, path, meaning, value)
 */
export function inspectMessage(
  def: StoreDef,
  bytes: unknown,
  kind: 'full' | 'partial',
  options?: InspectOptions,
): Inspection {
  const found =
    kind === 'full'
      ? inspectValue(def.types, { kind: 'struct', ref: def.state }, bytes, def.name, options)
      : inspectDelta(def.types, def.state, bytes, def.name, options)
  return found.error === undefined ? found : { ...found, error: withPlace(found.error, { store: def.name }) }
}

/**
 * Names every byte of a value of type `node`: a state, a packet of a call or event. `root` is what paths begin with. As {@link inspectMessage} otherwise.
 *
 * @example
 * inspectValue(types, { kind: 'struct', ref: 'game.PlaceRequest' }, bytes, 'BoardStore.PlaceToken')
 */
export function inspectValue(
  types: Types,
  node: TypeNode,
  bytes: unknown,
  root: string,
  options?: InspectOptions,
): Inspection {
  return inspect(types, bytes, root, options, (walk) => walkValue(walk, node, root))
}

/**
 * Names every byte of a delta of the partial struct `ref`. As {@link inspectValue} otherwise.
 *
 * @example
 * inspectDelta(types, 'game.Cell', bytes, 'cell')
 */
export function inspectDelta(
  types: Types,
  ref: string,
  bytes: unknown,
  root: string,
  options?: InspectOptions,
): Inspection {
  return inspect(types, bytes, root, options, (walk) => walkDelta(walk, ref, root))
}

function inspect(
  types: Types,
  input: unknown,
  root: string,
  options: InspectOptions | undefined,
  run: (walk: Walk) => void,
): Inspection {
  const { maxParts = Infinity, maxValue = Infinity } = options ?? {}
  const bytes = toBytes(input)
  const walk: Walk = { types, r: new Reader(bytes), parts: [], maxParts, maxValue }
  try {
    run(walk)
    walkIgnored(walk, bytes.length, root, 'after the message, ignored')
    return { parts: walk.parts, error: undefined }
  } catch (e) {
    if (e === ENOUGH) return cutOff(walk.parts, bytes.length, root)
    // A descriptor at fault is not a property of the bytes.
    if (!isRivuletError(e) || e.offset === undefined) throw e
    const last = walk.parts.at(-1)
    const path = last?.path ?? root
    walk.r.pos = last === undefined ? 0 : last.offset + last.length
    walkIgnored(walk, Math.max(e.offset, walk.r.pos), path, 'incomplete')
    walkIgnored(walk, bytes.length, path, 'not read')
    return { parts: walk.parts, error: e }
  }
}

function cutOff(parts: Attribution[], end: number, root: string): Inspection {
  const last = parts.at(-1)
  const rest = last === undefined ? 0 : last.offset + last.length
  parts.push({ offset: rest, length: end - rest, path: last?.path ?? root, meaning: 'not looked at' })
  return { parts, error: undefined, rest }
}
