import { type Delta, type Path, valueAt } from '@rivulet/wire'
import * as fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import type { PageStore } from '../../src/page/types.ts'
import { closeEnginePages, openEnginePage } from '../support/engine-page.ts'
import { eventually } from '../support/eventually.ts'
import { type Crate, crate, type Depot, DepotStore } from '../support/table-rig.ts'

// The whole plane beside the host: full states, deltas, lost connections, watches that come and go, reads at any moment.

afterEach(closeEnginePages)

const key = fc.nat(30)
const name = (n: number): string => `k${n}`
const weight = fc.nat(9)
const delta: fc.Arbitrary<Delta> = fc.oneof(
  fc.tuple(key, weight).map(([k, w]): Delta => ({ crates: { sets: new Map([[name(k), crate(w)]]) } })),
  fc.array(fc.tuple(key, weight), { maxLength: 12 }).map((rows): Delta => ({
    crates: { sets: new Map(rows.map(([k, w]) => [name(k), crate(w)])) },
  })),
  fc.array(key, { maxLength: 4 }).map((keys): Delta => ({ crates: { deletes: new Set(keys.map(name)) } })),
  fc.tuple(key, weight).map(([k, w]): Delta => ({ crates: { mods: new Map([[name(k), { weight: { set: w } }]]) } })),
  fc.tuple(key, weight).map(([k, x]): Delta => ({
    crates: { mods: new Map([[name(k), { place: { mod: { x: { set: x } } } }]]) },
  })),
  // A delta cannot say that a map is nil: it arrives as an empty one.
  fc.array(fc.tuple(key, weight), { maxLength: 6 }).map((rows): Delta => ({
    crates: { whole: new Map(rows.map(([k, w]) => [name(k), crate(w)])) },
  })),
  fc.tuple(key, fc.option(weight)).map(([k, w]): Delta => ({
    byNumber: { sets: new Map([[k, w === null ? null : crate(w)]]) },
  })),
)
const state: fc.Arbitrary<Depot> = fc
  .tuple(
    fc.array(fc.tuple(key, weight), { maxLength: 25 }),
    fc.option(fc.array(fc.tuple(key, weight), { maxLength: 4 })),
  )
  .map(([rows, numbered]) => ({
    crates: rows === null ? null : new Map(rows.map(([k, w]) => [name(k), crate(w)])),
    byNumber: numbered === null ? null : new Map(numbered.map(([k, w]) => [k, crate(w)])),
  }))
const path: fc.Arbitrary<Path> = fc.oneof(
  fc.constantFrom<Path>([], ['crates'], ['crates'], ['byNumber']),
  key.map((k): Path => ['crates', name(k)]),
  key.map((k): Path => ['crates', name(k), 'place', 'x']),
  key.map((k): Path => ['byNumber', k]),
)
type Step =
  | { do: 'delta'; delta: Delta }
  | { do: 'full'; state: Depot }
  | { do: 'watch'; path: Path }
  | { do: 'unwatch'; nth: number }
  | { do: 'read'; nth: number; into: number }
  | { do: 'turn' | 'drop' }
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 10, arbitrary: delta.map((d): Step => ({ do: 'delta', delta: d })) },
  { weight: 1, arbitrary: state.map((s): Step => ({ do: 'full', state: s })) },
  { weight: 4, arbitrary: path.map((p): Step => ({ do: 'watch', path: p })) },
  { weight: 1, arbitrary: fc.nat(9).map((nth): Step => ({ do: 'unwatch', nth })) },
  { weight: 6, arbitrary: fc.tuple(fc.nat(9), key).map(([nth, into]): Step => ({ do: 'read', nth, into })) },
  { weight: 6, arbitrary: fc.constant<Step>({ do: 'turn' }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'drop' }) },
)

interface Watching {
  readonly path: Path
  readonly stop: () => void
}

/** What somebody holds, and what it was when it was read. */
interface Held {
  readonly value: ReadonlyMap<string, Crate>
  readonly was: readonly unknown[]
}

/** One that the host had at some moment, as a whole. */
function isOneOf(states: readonly Depot[], p: Path, value: unknown): void {
  expect(states.map((known) => valueAt(known, p))).toContainEqual(value)
}

test('whatever happens, the page ends with what the host has, never shows what it never had, and what was read stays as it was', async () => {
  await fc.assert(
    fc.asyncProperty(state, fc.array(step, { minLength: 5, maxLength: 50 }), async (first, steps) => {
      const page = openEnginePage(DepotStore, first)
      const store = page.client.store(DepotStore) as unknown as PageStore<unknown>
      const at = (p: Path): unknown => (store.get as (p: Path) => unknown)(p)
      const watching: Watching[] = []
      const held: Held[] = []
      const watch = (p: Path): void => {
        watching.push({
          path: p,
          stop: store.subscribe(p, () => undefined),
        })
      }
      watch(['crates'])
      for (const s of steps) {
        if (s.do === 'delta') page.partial(s.delta)
        else if (s.do === 'full') page.full(s.state)
        else if (s.do === 'drop') page.drop()
        else if (s.do === 'turn') await new Promise((resolve) => setImmediate(resolve))
        else if (s.do === 'watch') watch(s.path)
        else if (s.do === 'unwatch') watching.splice(s.nth % Math.max(1, watching.length), 1)[0]?.stop()
        else if (s.do === 'read') {
          const p = watching[s.nth % Math.max(1, watching.length)]?.path
          if (p === undefined || !store.loaded(p)) continue
          const value = at(p)
          if (s.into % 3 === 0) isOneOf(page.states, p, value)
          else if (value instanceof Map) value.get(p[0] === 'crates' ? name(s.into) : s.into)
          if (value instanceof Map && p[0] === 'crates' && s.into % 3 === 1)
            held.push({ value, was: structuredClone([...value]) })
        }
      }
      await eventually(() => {
        for (const { path: p } of watching) {
          expect({ p, status: (store.status as (p: Path) => string)(p), value: at(p) }).toEqual({
            p,
            status: 'live',
            value: valueAt(page.states.at(-1), p),
          })
        }
      })
      for (const { value, was } of held) expect([...value]).toEqual(was)
      expect(page.errors).toEqual([])
      await closeEnginePages()
    }),
    { numRuns: 40 },
  )
}, 120_000)
