import { describe, expect, test } from 'vitest'
import {
  applyDelta,
  applyMessage,
  decodeDeltaOf,
  decodeValue,
  type Delta,
  encodeDeltaOf,
  type FieldDef,
  filterDelta,
  mergeDelta,
  nodeAt,
  OWNS_ALL,
  parseKey,
  type Path,
  pruneDelta,
  snapshotDelta,
  type StoreDef,
  structOf,
  type TypeNode,
  valueAt,
} from '../src/index.ts'
import { modelTypes, structNode, vectors } from './support/model.ts'
import { bytesToHex, comparable, fromNeutral, hexToBytes, type Neutral } from './support/neutral.ts'
import { fromNeutralDelta } from './support/neutral-delta.ts'
import { lookAt } from './support/look-at.ts'

interface Outcome {
  readonly after: Neutral
  readonly changedPaths: { readonly ts: readonly (readonly Neutral[])[] }
}

interface DeltaVector extends Outcome {
  readonly type: string
  readonly beforeHex?: string
  readonly before: Neutral
  readonly deltaHex: string
  readonly delta: Neutral
  readonly deltaCanonical: boolean
  readonly normative?: Outcome
  readonly note?: string
}

interface MergeVector {
  readonly type: string
  readonly beforeHex: string
  readonly olderHex: string
  readonly newerHex: string
  readonly mergedHex: string
  readonly mergedCanonical: boolean
  readonly after: Neutral
}

interface PruneVector {
  readonly type: string
  readonly beforeHex: string
  readonly deltaHex: string
  readonly prunedHex: string | null
  readonly note?: string
}

interface FilterVector {
  readonly type: string
  readonly beforeHex: string
  readonly deltaHex: string
  readonly keys: readonly string[]
  readonly filteredHex: string | null
  readonly flaw?: string
  readonly note?: string
}

interface SnapshotVector {
  readonly type: string
  readonly stateHex: string
  readonly key: string
  readonly snapshotHex: string | null
  readonly note?: string
}

interface RefusedVector {
  readonly type: string
  readonly beforeHex: string
  readonly deltaHex: string
  readonly why: string
}

const { deltas, merges, prunes, filters, snapshots } = vectors('deltas.json') as {
  readonly deltas: readonly DeltaVector[]
  readonly merges: readonly MergeVector[]
  readonly prunes: readonly PruneVector[]
  readonly filters: readonly FilterVector[]
  readonly snapshots: readonly SnapshotVector[]
}
const { apply: refused } = vectors('hostile.json') as { readonly apply: readonly RefusedVector[] }
const types = modelTypes('bigint')

function storeOf(type: string): StoreDef {
  return { kind: 'store', name: type, state: type, types }
}

function named<V extends { readonly type: string; readonly note?: string }>(list: readonly V[]): [string, V][] {
  return list.map((v, i) => [`${i} ${v.type} ${v.note ?? ''}`, v])
}

function spelled(paths: readonly Path[]): string[] {
  return paths.map((path) => JSON.stringify(path.map(String))).toSorted()
}

function expectedPaths(v: Outcome): string[] {
  const part = (p: Neutral): string =>
    typeof p === 'object' && p !== null ? ((p as Record<string, Neutral>)['$int'] as string) : String(p)
  return v.changedPaths.ts.map((path) => JSON.stringify(path.map(part))).toSorted()
}

/** Fields marked not-null, themselves or their elements: Go can hold a nil there, a state here cannot, so some changes from or to nil are none here. */
function tightFields(type: string): Set<string> {
  const parts = (f: FieldDef): TypeNode[] => [
    f.type,
    ...('elem' in f.type ? [f.type.elem] : []),
    ...('value' in f.type ? [f.type.value] : []),
  ]
  const { fields } = structOf(types, type)
  return new Set(fields.filter((f) => parts(f).some((n) => 'notNull' in n && n.notNull)).map((f) => f.name))
}

function outside(fields: ReadonlySet<string>, paths: readonly string[]): string[] {
  return paths.filter((path) => !fields.has((JSON.parse(path) as string[])[0] as string))
}

describe('features 22, 23, 24, 25, 26, 27, 28, 107 and 138: golden deltas', () => {
  test.each(named(deltas))('%s is read, written and applied', (_, v) => {
    const def = storeOf(v.type)
    const node = structNode(v.type)
    const view = (x: unknown): unknown => comparable(types, node, x)
    const bytes = hexToBytes(v.deltaHex)
    const delta = decodeDeltaOf(types, v.type, bytes)
    expect(delta).toEqual(fromNeutralDelta(types, v.type, v.delta))
    const written = encodeDeltaOf(types, v.type, delta)
    expect(decodeDeltaOf(types, v.type, written)).toEqual(delta)
    expect(v.deltaCanonical ? bytesToHex(written) : v.deltaHex).toBe(v.deltaHex)

    const before = (): unknown =>
      v.beforeHex === undefined ? fromNeutral(types, node, v.before) : decodeValue(types, node, hexToBytes(v.beforeHex))
    const wanted = v.normative ?? v
    const state = before()
    const { state: after, changed } = applyDelta(def, state, delta)
    expect(view(after)).toEqual(view(fromNeutral(types, node, wanted.after)))
    const tight = tightFields(v.type)
    expect(outside(tight, spelled(changed))).toEqual(outside(tight, expectedPaths(wanted)))
    expect(view(state)).toEqual(view(before()))

    for (const owned of [undefined, OWNS_ALL]) {
      const paths: Path[] = []
      const report = (path: Path, depth: number): void => void paths.push(path.slice(0, depth))
      const got = applyMessage(def, before(), bytes, owned === undefined ? { report } : { owned, report })
      expect(view(got)).toEqual(view(after))
      expect(spelled(paths)).toEqual(spelled(changed))
    }
  })
})

describe('feature 29: golden merges', () => {
  test.each(named(merges))('%s', (_, v) => {
    const def = storeOf(v.type)
    const node = structNode(v.type)
    const read = (hex: string): Delta => decodeDeltaOf(types, v.type, hexToBytes(hex))
    const merged = mergeDelta(def, read(v.olderHex), read(v.newerHex))
    const before = decodeValue(types, node, hexToBytes(v.beforeHex))
    expect(comparable(types, node, applyDelta(def, before, merged).state)).toEqual(
      comparable(types, node, fromNeutral(types, node, v.after)),
    )
    expect(v.mergedCanonical ? bytesToHex(encodeDeltaOf(types, v.type, merged)) : v.mergedHex).toBe(v.mergedHex)
  })
})

function readDelta(type: string, hex: string | null): Delta | null {
  return hex === null ? null : decodeDeltaOf(types, type, hexToBytes(hex))
}

describe('feature 131: golden prunes', () => {
  test.each(named(prunes))('%s', (_, v) => {
    const def = storeOf(v.type)
    const before = decodeValue(types, structNode(v.type), hexToBytes(v.beforeHex))
    const delta = readDelta(v.type, v.deltaHex) as Delta
    const pruned = pruneDelta(def, before, delta)
    const reference = readDelta(v.type, v.prunedHex)
    const effect = (d: Delta | null): unknown =>
      comparable(types, structNode(v.type), d === null ? before : applyDelta(def, before, d).state)
    expect(effect(pruned)).toEqual(effect(delta))
    // Never more than the reference keeps, except where it loses something (wire.md §12.7); sometimes less: it keeps operations on a key that cancel each other out.
    const size = (d: Delta | null): number => (d === null ? 0 : encodeDeltaOf(types, v.type, d).length)
    const lost = JSON.stringify(effect(reference)) !== JSON.stringify(effect(delta))
    expect(lost).toBe(
      v.note === 'delete and modify one key back to the old value' ||
        v.note === 'set then modify back to the old value',
    )
    expect(size(pruned)).toBeLessThanOrEqual(lost ? size(delta) : size(reference))
  })
})

/** Filters in which a modification creates the element of a subscribed field: the reference keeps that to itself (wire.md §12.9). */
const CREATING = new Set([27, 31, 72, 86, 158])

describe('golden filters', () => {
  test.each(named(filters).map(([name, v], index) => [name, v, index] as const))('%s', (_, v, index) => {
    const def = storeOf(v.type)
    const before = decodeValue(types, structNode(v.type), hexToBytes(v.beforeHex))
    const delta = readDelta(v.type, v.deltaHex) as Delta
    const paths = v.keys.map((key) => parseKey(def, key)).filter((path) => path !== null)
    const got = filterDelta(def, before, delta, paths)
    const reference = readDelta(v.type, v.filteredHex)
    const betters = CREATING.has(index) || v.flaw !== undefined
    expect(betters ? reference : got).toEqual(reference)
    expect(CREATING.has(index) && got === null).toBe(false)
    const full = applyDelta(def, before, delta).state
    const part = got === null ? before : applyDelta(def, before, got).state
    for (const path of paths) expect(lookAt(def, part, path)).toEqual(lookAt(def, full, path))
  })
})

function comparableEffect(def: StoreDef, state: unknown, delta: Delta | null): unknown {
  return delta === null ? null : comparable(types, structNode(def.state), applyDelta(def, state, delta).state)
}

describe('feature 110: golden snapshots', () => {
  test.each(named(snapshots))('%s', (_, v) => {
    const def = storeOf(v.type)
    const state = decodeValue(types, structNode(v.type), hexToBytes(v.stateHex))
    const path = parseKey(def, v.key)
    const got = path === null ? null : snapshotDelta(def, state, path)
    const reference = readDelta(v.type, v.snapshotHex)
    const holdsNil =
      path !== null &&
      ['array', 'bytes', 'map'].includes(nodeAt(types, structNode(v.type), path)?.kind ?? '') &&
      valueAt(state, path) === null
    // The reference answers nil with an operation that does nothing; only a full state brings a stale viewer there (pitfall 44).
    // A not-null pointer that is nil in Go is zero here.
    const zeroed = v.key.toLowerCase() === 'tightp' ? { tightP: { set: valueAt(state, ['tightP']) } } : reference
    expect(got).toEqual(holdsNil ? null : zeroed)
    expect(holdsNil ? comparableEffect(def, state, reference) : null).toEqual(
      holdsNil ? comparableEffect(def, state, {}) : null,
    )
  })
})

describe('golden refusals', () => {
  test.each(refused.map((v) => [v.why, v] as const))('%s', (_, v) => {
    const def = storeOf(v.type)
    const before = decodeValue(types, structNode(v.type), hexToBytes(v.beforeHex))
    const bytes = hexToBytes(v.deltaHex)
    const refusal = expect.objectContaining({ code: 'index', store: v.type })
    expect(() => applyDelta(def, before, decodeDeltaOf(types, v.type, bytes))).toThrow(refusal)
    expect(() => applyMessage(def, before, bytes)).toThrow(refusal)
  })
})
