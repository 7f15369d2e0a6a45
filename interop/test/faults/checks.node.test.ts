import { describe, expect, test } from 'vitest'
import { openLedger } from '../../src/faults/ledger-host.ts'
import type { LedgerStoreState } from '../../src/generated/schema.ts'
import { tornPlaces } from '../../src/faults/torn-places.ts'
import { endsOf, faultsOfCalls } from '../../src/faults/steady-calls.ts'

// What the fault tests conclude with has to notice what it is there for.

const state: LedgerStoreState = {
  epoch: 1,
  tick: 4,
  mirror: 4,
  total: 5,
  rows: new Map([
    ['a', { left: 2, right: -2, note: '' }],
    ['b', { left: 3, right: -3, note: '' }],
  ]),
  credits: new Map(),
}

describe('a state that mixes two moments', () => {
  test.each<readonly [string, Partial<LedgerStoreState>, number]>([
    ['is none', {}, 0],
    ['a tick without its mirror', { tick: 5 }, 1],
    ['a total without its rows', { total: 6 }, 1],
    ['half a row', { rows: new Map(state.rows).set('a', { left: 2, right: -1, note: '' }) }, 1],
    ['a row that is missing', { rows: new Map([['b', { left: 3, right: -3, note: '' }]]) }, 1],
    ['all of it', { tick: 1, total: 0, rows: new Map([['a', { left: 1, right: 1, note: '' }]]) }, 3],
  ])('%s', (_what, change, places) => {
    expect(tornPlaces({ ...state, ...change })).toHaveLength(places)
  })

  test('the host never has one, whatever it changes', async () => {
    const ledger = await openLedger({ rows: 7 })
    const torn: string[] = []
    ledger.store.onChange(() => torn.push(...tornPlaces(ledger.store.state)))
    for (let i = 0; i < 300; i++) ledger.step(1 + (i % 9))
    await ledger.close()
    expect([ledger.store.state.tick, torn]).toEqual([300, []])
  })
})

describe('calls', () => {
  const answered = { id: 'a', end: { ran: 1 }, tookMs: 1 }
  const lost = { id: 'b', end: { failed: 'timeout' }, tookMs: 1 }

  test('acknowledged ones ran once, the others at most once, and all ended in time', () => {
    expect(faultsOfCalls([answered, lost], new Map([['a', 1]]), 10)).toEqual([])
    expect(faultsOfCalls([lost], new Map([['b', 1]]), 10)).toEqual([])
    expect(faultsOfCalls([answered], new Map(), 10)).toEqual(['a: answered with 1, ran 0 times'])
    expect(faultsOfCalls([lost], new Map([['b', 2]]), 10)).toEqual(['b: ran 2 times'])
    expect(faultsOfCalls([answered], new Map([['a', 2]]), 10)).toHaveLength(2)
    expect(faultsOfCalls([{ ...lost, tookMs: 11 }], new Map(), 10)).toEqual(['b: ended after 11 ms'])
  })

  test('are counted by how they ended', () => {
    expect(endsOf([answered, lost, answered])).toBe('answered 2, timeout 1')
  })
})
