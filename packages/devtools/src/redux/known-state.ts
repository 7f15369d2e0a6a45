import {
  encodeValue,
  isRivuletError,
  nodeAt,
  type Path,
  stateNode,
  type StoreDef,
  structOf,
  type TypeNode,
  withPlace,
} from '@rivulet/wire'
import type { Probe, ProbeWrite } from '@rivulet/client/inspect'
import { attributedPath, parseAttributedPath } from '../panel/attributed-path.ts'
import { fromPlain, toPlain } from './plain.ts'

/** A store's part of a state that was too large to send; a jump leaves that store alone. */
export const TOO_LARGE = '(too large to show)'

type Store = Probe['client']['stores'][number]

/**
 * Makes what reads stores as their page knows them, in their JSON form. A page has the whole state only of a store that somebody follows as a whole; of the others it has the paths that are followed, and these
 * are the keys then: `{ turn: 3, 'board[0][1]': 'X' }`.
 */
export function createKnownStates(probe: Probe, maxValues: number): (store: Store) => unknown {
  // What did not change is not walked again.
  const last = new Map<string, { readonly parts: readonly unknown[]; readonly plain: unknown }>()

  return (store) => {
    const { def } = store
    const paths = outermost(probe.subscribers(def.name).flatMap(({ path, list }) => (list === true ? [] : [path])))
    const hasAll = paths.length === 0 || paths[0]?.length === 0
    const state = hasAll
      ? store.get()
      : Object.fromEntries(paths.map((path) => [keyOf(def, path), store.get(path)] as const))
    const parts = hasAll ? [state] : Object.entries(state as object).flat()
    const before = last.get(def.name)
    if (before?.parts.length === parts.length && parts.every((part, i) => Object.is(part, before.parts[i])))
      return before.plain
    const plain = typeof state === 'object' ? (toPlain(state, maxValues) ?? TOO_LARGE) : state
    last.set(def.name, { parts, plain })
    return plain
  }
}

/**
 * What shows such a state on the page. Throws for values that the schema does not have; keys that lead nowhere are left out, as those of another version of the schema do.
 *
 * @example
 * probe.show(def.name, writesOf(def, { 'board[0][1]': 'X' }))
 */
export function writesOf(def: StoreDef, plain: unknown): ProbeWrite[] {
  const state = fromPlain(plain)
  const root = stateNode(def)
  if (typeof state !== 'object' || state === null || isWhole(def, state))
    return [{ path: [], bytes: encodeAt(def, [], root, state) }]
  return Object.entries(state).flatMap(([key, value]) => {
    const path = parseAttributedPath(def, `${def.name}.${key}`)
    const node = path === undefined ? null : nodeAt(def.types, root, path)
    if (path === undefined || node === null) return []
    // Nothing was there, which only entries of maps and lists can say.
    return [{ path, bytes: value === undefined ? null : encodeAt(def, path, node, value) }]
  })
}

function encodeAt({ name, types }: StoreDef, path: Path, node: TypeNode, value: unknown): Uint8Array {
  try {
    return encodeValue(types, node, value)
  } catch (e) {
    throw isRivuletError(e) ? withPlace(e, { store: name, path: [...path, ...e.path] }) : e
  }
}

function isWhole(def: StoreDef, state: object): boolean {
  const root = stateNode(def)
  return root.kind !== 'struct' || structOf(def.types, root.ref).fields.every(({ name }) => name in state)
}

function keyOf(def: StoreDef, path: Path): string {
  return attributedPath(def, path).slice(def.name.length).replace(/^\./, '')
}

/** Those that are not below another one, shortest first. */
function outermost(paths: readonly Path[]): readonly Path[] {
  const found = new Map<string, Path>()
  const key = (path: Path): string => JSON.stringify(path.map((part) => (typeof part === 'bigint' ? `${part}n` : part)))
  for (const path of paths.toSorted((a, b) => a.length - b.length)) {
    const isBelow = path.some((_, depth) => found.has(key(path.slice(0, depth))))
    if (!isBelow) found.set(key(path), path)
  }
  return [...found.values()]
}
