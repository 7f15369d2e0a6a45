import { afterEach, describe, expect, test } from 'vitest'
import { closeEnginePages, openEnginePage } from '../support/engine-page.ts'
import { eventually } from '../support/eventually.ts'
import { type Crate, crate, DepotStore } from '../support/table-rig.ts'

// The whole way from the host's bytes to a listener, counted instead of timed.

afterEach(closeEnginePages)

const crates = (rows: number): ReadonlyMap<string, Crate> =>
  new Map(Array.from({ length: rows }, (_, n) => [`k${n}`, crate(n)]))

const move = (
  rows: number,
  x: number,
): { crates: { mods: Map<string, { place: { mod: { x: { set: number } } } }> } } => ({
  crates: { mods: new Map(Array.from({ length: rows }, (_, n) => [`k${n}`, { place: { mod: { x: { set: x } } } }])) },
})

describe('what a wide delta costs the page', () => {
  test.each([100, 1_000, 10_000])(
    '%i rows change, 10 fields of rows are followed: one message of the same size, 10 listeners, 10 reads',
    async (rows) => {
      const page = openEnginePage(DepotStore, { crates: crates(rows), byNumber: null })
      const store = page.client.store(DepotStore)
      const seen: unknown[] = []
      for (let i = 0; i < 10; i++) {
        const path = ['crates', `k${i * 9}`, 'place', 'x'] as const
        store.subscribe(path, () => seen.push(store.get(path)))
      }
      await eventually(() => expect(store.status(['crates', 'k81', 'place', 'x'])).toBe('live'))
      // Until the engine has the next credit.
      await new Promise((resolve) => setTimeout(resolve, 60))
      for (const x of [7, 8, 9]) {
        seen.length = page.patches.length = 0
        const before = page.reads()
        page.partial(move(rows, x))
        await eventually(() => expect(seen).toEqual(Array.from({ length: 10 }, () => x)))
        expect(page.patches).toHaveLength(1)
        // Ten records of a kind, a number, a length and a float.
        expect(page.patches[0]).toBeLessThan(10 * 12)
        expect(page.reads() - before).toBe(10)
      }
      expect(page.errors).toEqual([])
    },
  )

  test('rows that nobody follows change: no message at all', async () => {
    const page = openEnginePage(DepotStore, { crates: crates(1_000), byNumber: null })
    const store = page.client.store(DepotStore)
    let calls = 0
    store.subscribe(['crates', 'k1'], () => calls++)
    await eventually(() => expect(store.get(['crates', 'k1'])).toEqual(crate(1)))
    const before = [page.patches.length, calls]
    const others = {
      crates: { mods: new Map(Array.from({ length: 900 }, (_, n) => [`k${n + 50}`, { weight: { set: 3 } }])) },
    }
    page.partial(others)
    page.partial({ crates: { mods: new Map([['k1', { weight: { set: 77 } }]]) } })
    await eventually(() => expect(store.get(['crates', 'k1'])?.weight).toBe(77))
    expect([page.patches.length, calls]).toEqual(before.map((n) => n + 1))
  })

  test('a followed map of 10,000 rows: what arrives is one message and no row is decoded; who reads ten rows reads ten', async () => {
    const page = openEnginePage(DepotStore, { crates: crates(10_000), byNumber: null })
    const store = page.client.store(DepotStore)
    let calls = 0
    store.subscribe('crates', () => calls++)
    await eventually(() => expect(store.get('crates')?.size).toBe(10_000))
    expect(page.patches.length).toBeLessThanOrEqual(2)
    const first = store.get('crates')
    expect(first?.get('k123')).toEqual(crate(123))
    expect(store.get(['crates', 'k123'])).toBe(first?.get('k123'))
    const before = calls
    page.partial(move(1_000, 5))
    await eventually(() => expect(calls).toBe(before + 1))
    const second = store.get('crates')
    expect(second).not.toBe(first)
    expect(second?.get('k999')?.place.x).toBe(5)
    expect(second?.get('k5000')).toBe(first?.get('k5000'))
    expect(first?.get('k999')?.place.x).toBe(999)
    expect(store.get(['crates', 'k999', 'place', 'x'])).toBe(5)
    expect(page.errors).toEqual([])
  })

  test('more rows than any bound of changed parts change at once: the others stay the same objects', async () => {
    const page = openEnginePage(DepotStore, { crates: crates(10_000), byNumber: null })
    const store = page.client.store(DepotStore)
    store.subscribe('crates', () => undefined)
    await eventually(() => expect(store.get('crates')?.size).toBe(10_000))
    const first = store.get('crates')
    page.partial(move(9_000, -4))
    await eventually(() => expect(store.get('crates')?.get('k8999')?.place.x).toBe(-4))
    expect(store.get('crates')?.get('k9000')).toBe(first?.get('k9000'))
    // The same state again, as after a reconnect, wakes nobody.
    const before = store.get('crates')
    const patches = page.patches.length
    page.full(page.states.at(-1) as never)
    page.partial({ crates: { deletes: new Set(['k5']) } })
    await eventually(() => expect(store.get('crates')?.has('k5')).toBe(false))
    expect(page.patches.length).toBe(patches + 1)
    expect(store.get('crates')?.get('k9999')).toBe(before?.get('k9999'))
  })
})
