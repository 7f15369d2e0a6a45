import { nodeAt, type Path, stateNode, type StoreDef, type TypeNode, valueAt, zeroOf } from '../../src/index.ts'
import { comparable } from './neutral.ts'

/** What a viewer sees at a path, spelled for comparing. What is missing, null or all zeros looks the same: deltas cannot always tell (see filterDelta). */
export function lookAt(def: StoreDef, state: unknown, path: Path): unknown {
  let node: TypeNode | null = null
  let depth = path.length
  // A key may go on below a value that has no parts; it is served as if it ended there.
  for (; node === null; depth--) node = nodeAt(def.types, stateNode(def), path.slice(0, depth))
  const value = valueAt(state, path.slice(0, depth + 1))
  const seen = value === undefined ? null : comparable(def.types, node, value)
  const zero = comparable(def.types, node, zeroOf(def.types, node))
  const element = node.kind === 'pointer' && node.elem.kind === 'struct' ? node.elem : null
  const zeros = element === null ? [zero] : [zero, comparable(def.types, element, zeroOf(def.types, element))]
  return zeros.some((z) => JSON.stringify(z) === JSON.stringify(seen)) ? null : seen
}
