import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  applyDelta,
  applyMessage,
  decodeDelta,
  type Delta,
  diffStates,
  encodeDelta,
  equalValues,
  filterDelta,
  isRivuletError,
  mergeDelta,
  nodeAt,
  OWNS_ALL,
  type Path,
  pruneDelta,
  reconcile,
  reducePaths,
  snapshotDelta,
  stateNode,
  type StoreDef,
  type TypeNode,
  valueAt,
} from '../src/index.ts'
import { cloneValue } from '../src/clone-value.ts'
import { sample } from './support/arbitrary-delta.ts'
import { blur } from './support/blur.ts'
import { deepFreeze } from './support/deep-freeze.ts'
import { pathsOf } from './support/paths-of.ts'

interface Case {
  readonly def: StoreDef
  readonly state: unknown
  readonly deltas: readonly [Delta, Delta]
  readonly other: unknown
}

/** A store, two states and two deltas, frozen all the way down: whoever changes its input throws. */
const cases: fc.Arbitrary<Case> = sample.chain(({ def, state, delta }) =>
  fc
    .record({ state, other: state, deltas: fc.tuple(delta, delta) })
    .map((c) => ({ def, state: deepFreeze(c.state), other: deepFreeze(c.other), deltas: deepFreeze(c.deltas) })),
)

/** Checks a law on random cases. */
function holds(check: (c: Case) => void, numRuns = 250): void {
  fc.assert(fc.property(cases, check), { numRuns })
}

/** What `run` returns, or the RivuletError that it throws. */
function attempt(run: () => unknown): unknown {
  try {
    return run()
  } catch (e) {
    if (isRivuletError(e)) return e
    throw e
  }
}

function sameThing(a: unknown, b: unknown): boolean {
  return Object.is(a, b) || a === b
}

/** Milliseconds: on a busy machine the shrinking of a failure takes long. */
const PATIENCE = 30_000

function copyOf(def: StoreDef, state: unknown): unknown {
  return cloneValue(def.types, stateNode(def), state)
}

function spelled(paths: readonly Path[]): string[] {
  return paths.map((path) => JSON.stringify(path.map((part) => `${typeof part} ${part}`))).toSorted()
}

function collector(): { readonly paths: Path[]; readonly report: (path: Path, depth: number) => void } {
  const paths: Path[] = []
  return { paths, report: (path, depth) => void paths.push(path.slice(0, depth)) }
}

describe('laws of deltas', () => {
  test(
    'a delta survives its bytes',
    () => {
      holds(({ def, deltas: [delta] }) => {
        const once = decodeDelta(def, encodeDelta(def, delta))
        expect(once).toEqual(delta)
      })
    },
    PATIENCE,
  )

  test(
    'applying a message is applying what it decodes to, in place or not, with the same paths',
    () => {
      holds(({ def, state, deltas: [delta] }) => {
        const bytes = encodeDelta(def, delta)
        const wanted = applyDelta(def, state, decodeDelta(def, bytes))
        const pure = collector()
        expect(applyMessage(def, state, bytes, { report: pure.report })).toEqual(wanted.state)
        expect(spelled(pure.paths)).toEqual(spelled(wanted.changed))
        const inPlace = collector()
        expect(applyMessage(def, copyOf(def, state), bytes, { owned: OWNS_ALL, report: inPlace.report })).toEqual(
          wanted.state,
        )
        expect(spelled(inPlace.paths)).toEqual(spelled(wanted.changed))
      })
    },
    PATIENCE,
  )

  test(
    'features 28 and 104: changed paths are reduced, and nothing changes outside of them',
    () => {
      holds(({ def, state, deltas: [delta] }) => {
        const { state: after, changed } = applyDelta(def, state, delta)
        expect(spelled(reducePaths(changed))).toEqual(spelled(changed))
        for (const path of pathsOf(def.types, stateNode(def), after)) {
          const covered = changed.some((c) => c.every((part, i) => i >= path.length || part === path[i]))
          if (covered) continue
          const before = valueAt(state, path)
          // What an element needed to exist (its other fields, the elements in front of it) is not reported, and is zero.
          const isNew = before === undefined
          expect(isNew ? at(def, after, path) : valueAt(after, path)).toStrictEqual(isNew ? [] : before)
          expect(isNew || sameThing(valueAt(after, path), before)).toBe(true)
        }
        expect(changed.length === 0).toBe(after === state)
      })
    },
    PATIENCE,
  )

  test(
    'feature 29: merging is applying one after the other, as far as deltas can tell',
    () => {
      holds(({ def, state, deltas: [a, b] }) => {
        const oneByOne = applyDelta(def, applyDelta(def, state, a).state, b).state
        const merged = applyDelta(def, state, mergeDelta(def, a, b)).state
        const node = stateNode(def)
        expect(blur(def.types, node, merged)).toEqual(blur(def.types, node, oneByOne))
      })
    },
    PATIENCE,
  )

  test(
    'feature 131: pruning keeps the effect, and keeps nothing exactly when there is none',
    () => {
      holds(({ def, state, deltas: [delta] }) => {
        const after = applyDelta(def, state, delta).state
        const pruned = pruneDelta(def, state, delta)
        const nothing = equalValues(def.types, stateNode(def), state, after)
        expect(pruned === null).toBe(nothing)
        expect(applyDelta(def, state, pruned ?? {}).state).toEqual(after)
      })
    },
    PATIENCE,
  )

  test(
    'feature 110: a snapshot brings its path to any viewer',
    () => {
      holds(({ def, state, other }) => {
        const node = stateNode(def)
        for (const path of pathsOf(def.types, node, state)) {
          const snapshot = snapshotDelta(def, state, path)
          if (snapshot === null) continue
          const got = applyDelta(def, other, snapshot).state
          expect(at(def, got, path)).toEqual(at(def, state, path))
        }
      }, 150)
    },
    PATIENCE,
  )

  test(
    'a viewer of some paths sees there what everybody sees',
    () => {
      holds(({ def, state, other, deltas: [delta] }) => {
        const after = applyDelta(def, state, delta).state
        const paths = pathsOf(def.types, stateNode(def), after)
        for (const path of paths) {
          const snapshot = snapshotDelta(def, state, path)
          const viewer = snapshot === null ? state : applyDelta(def, other, snapshot).state
          const part = filterDelta(def, state, delta, [path])
          const seen = part === null ? viewer : applyDelta(def, viewer, part).state
          expect(at(def, seen, path)).toEqual(at(def, after, path))
        }
        const everything = filterDelta(def, state, delta, paths)
        const all = everything === null ? state : applyDelta(def, state, everything).state
        for (const path of paths) expect(at(def, all, path)).toEqual(at(def, after, path))
      }, 150)
    },
    PATIENCE,
  )

  test(
    'a difference leads from one state to the other',
    () => {
      holds(({ def, state, deltas: [delta] }) => {
        const after = applyDelta(def, state, delta).state
        const difference = diffStates(def, state, after)
        expect(difference === null).toBe(equalValues(def.types, stateNode(def), state, after))
        expect(applyDelta(def, state, difference ?? {}).state).toEqual(after)
      })
    },
    PATIENCE,
  )

  test(
    'a difference between any two states is exact or refused',
    () => {
      holds(({ def, state, other }) => {
        const got = attempt(() => applyDelta(def, state, diffStates(def, state, other) ?? {}).state)
        // Refused is only what no delta can say: a list, map or set of the store itself that became null.
        const refusal = isRivuletError(got) ? [got.code, valueAt(other, got.path)] : null
        expect(refusal ?? got).toEqual(refusal === null ? other : ['invalid-value', null])
      })
    },
    PATIENCE,
  )

  test(
    'reconciling keeps the new values and every equal part of the old',
    () => {
      holds(({ def, state, other }) => {
        const node = stateNode(def)
        const { paths, report } = collector()
        const got = reconcile(def, state, other, report)
        expect(got).toEqual(other)
        expect(reconcile(def, state, other)).toEqual(other)
        expect(spelled(reducePaths(paths))).toEqual(spelled(paths))
        for (const path of paths) {
          const type = nodeAt(def.types, node, path) as TypeNode
          expect(equalValues(def.types, type, valueAt(state, path), valueAt(other, path))).toBe(false)
        }
        for (const path of pathsOf(def.types, node, other)) {
          const type = nodeAt(def.types, node, path)
          if (type === null || paths.some((c) => c.every((part, i) => i >= path.length || part === path[i]))) continue
          expect(valueAt(got, path)).toBe(valueAt(state, path))
        }
        expect(reconcile(def, state, copyOf(def, state))).toBe(state)
      })
    },
    PATIENCE,
  )

  test(
    'any damage to a message gives a result or a typed error, and never touches the state',
    () => {
      const damaged = cases.chain((c) => {
        const bytes = encodeDelta(c.def, c.deltas[0])
        const hit = fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 }))
        return fc
          .tuple(fc.constant(c), fc.array(hit, { minLength: 1, maxLength: 3 }), fc.nat(bytes.length))
          .map(([same, hits, cut]) => {
            const copy = bytes.slice()
            for (const [i, v] of hits) copy[i] = v
            return { ...same, bytes: cut % 4 === 0 ? copy.slice(0, cut) : copy }
          })
      })
      fc.assert(
        fc.property(damaged, ({ def, state, bytes }) => {
          const outcome = (run: () => unknown): unknown => {
            const got = attempt(run)
            return isRivuletError(got) ? `refused in ${got.store}` : got
          }
          const fromDelta = outcome(() => applyDelta(def, state, decodeDelta(def, bytes)).state)
          expect(fromDelta).not.toBe('refused in undefined')
          expect(outcome(() => applyMessage(def, state, bytes))).toEqual(fromDelta)
          expect(outcome(() => applyMessage(def, copyOf(def, state), bytes, { owned: OWNS_ALL }))).toEqual(fromDelta)
        }),
        { numRuns: 600 },
      )
    },
    PATIENCE,
  )
})

/** What a viewer sees at a path, see {@link blur}. */
function at(def: StoreDef, state: unknown, path: Path): unknown {
  const value = valueAt(state, path)
  const node = nodeAt(def.types, stateNode(def), path)
  if (node === null) throw new Error(`no type at ${path.join('.')}`)
  const holder = { kind: 'array', elem: node } as const
  return blur(def.types, holder, value === undefined ? [] : [value])
}
