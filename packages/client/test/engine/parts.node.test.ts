import { type Delta, type Path, stateNode } from '@rivulet/wire'
import { describe, expect, test } from 'vitest'
import {
  type Admission,
  createAdmission,
  MAX_STRIKES,
  PROBE_MS,
  REACTION_MS,
  RETRY_MIN_MS,
} from '../../src/engine/admission.ts'
import { backoff } from '../../src/engine/backoff.ts'
import { createGrace } from '../../src/engine/grace.ts'
import { locate, putAt } from '../../src/engine/locate.ts'
import { copyBuffer, ownBuffer } from '../../src/engine/own-buffer.ts'
import { touchedDepth } from '../../src/engine/touches.ts'
import { board, BoardStore, row, types } from '../support/board.ts'
import { type FakeClock, fakeClock } from '../support/fake-clock.ts'

const root = stateNode(BoardStore)

describe('locate', () => {
  const at = (path: Path, state = board()): unknown[] => {
    const { value, depth, gone } = locate(types, root, state, path)
    return [value, depth, gone]
  }

  test('finds values through maps, lists, structs, pointers, bytes', () => {
    expect(at([])).toEqual([board(), 0, false])
    expect(at(['items', 'a', 'x'])).toEqual([1, 3, false])
    expect(at(['log', 1])).toEqual(['two', 2, false])
    expect(at(['pilot', 'name'])).toEqual(['p', 2, false])
    expect(at(['pilot'])).toEqual([row('p'), 1, false])
    expect(at(['byId', 7])).toEqual([row('seven'), 2, false])
    expect(at(['image', 2])).toEqual([3, 2, false])
  })

  test('tells what is gone from what cannot be followed', () => {
    expect(at(['items', 'zz', 'x'])).toEqual([undefined, 2, true])
    expect(at(['log', 9])).toEqual([undefined, 2, true])
    expect(at(['log', -1])).toEqual([undefined, 2, true])
    expect(at(['image', 3])).toEqual([undefined, 2, true])
    expect(at(['byId', '7'])).toEqual([undefined, 2, true])
    expect(at(['pilot', 'x'], board({ pilot: null }))).toEqual([null, 1, false])
    expect(at(['items', 'a'], board({ items: null }))).toEqual([null, 1, false])
    expect(at(['title', 'x'])).toEqual(['first', 1, false])
    expect(at(['weather', 'nope'])).toEqual([board().weather, 1, false])
  })
})

describe('putAt', () => {
  test('puts values and makes what is missing on the way', () => {
    const state = board({ items: null, pilot: null })
    putAt(types, root, state, ['items', 'n', 'x'], 5)
    putAt(types, root, state, ['pilot', 'name'], 'new')
    putAt(types, root, state, ['log', 0], 'ONE')
    putAt(types, root, state, ['log', 7], 'beyond')
    putAt(types, root, state, ['weather', 'nope'], 1)
    putAt(types, root, state, ['title', 'x'], 1)
    expect(state).toEqual(board({ items: new Map([['n', row('', 5)]]), pilot: row('new'), log: ['ONE', 'two'] }))
  })
})

describe('touchedDepth', () => {
  const cases: [Delta, Path, number][] = [
    [{ title: { set: 'x' } }, ['title'], 1],
    [{ title: { set: 'x' } }, ['log'], -1],
    [{ pilot: { whole: null } }, ['pilot', 'x'], 1],
    [{ items: { whole: new Map() } }, ['items', 'a'], 1],
    [{ items: { sets: new Map([['a', row('a')]]) } }, ['items', 'a'], 2],
    [{ items: { sets: new Map([['a', row('a')]]) } }, ['items', 'a', 'x'], 2],
    [{ items: { sets: new Map([['a', row('a')]]) } }, ['items'], -1],
    [{ items: { deletes: new Set(['a']) } }, ['items', 'a'], 2],
    [{ items: { mods: new Map([['a', { x: { set: 1 } }]]) } }, ['items', 'a'], -1],
    [{ items: { mods: new Map([['a', { x: { set: 1 } }]]) } }, ['items', 'a', 'x'], 3],
    [{ items: { mods: new Map([['a', { x: { set: 1 } }]]) } }, ['items', 'b', 'x'], -1],
    [{ weather: { mod: { wind: { set: 1 } } } }, ['weather', 'wind'], 2],
    [{ weather: { mod: { wind: { set: 1 } } } }, ['weather'], -1],
    [{ weather: { mod: { gusts: { whole: [] } } } }, ['weather', 'gusts'], 2],
    [{}, ['title'], -1],
    [{ title: { set: 'x' } }, [], -1],
  ]
  test.each(cases)('%o for %o is %i', (delta, path, expected) => {
    expect(touchedDepth(delta, path)).toBe(expected)
  })

  test('names from the prototype are not operations', () => {
    expect(touchedDepth({}, ['toString'])).toBe(-1)
  })
})

describe('backoff', () => {
  test('stays between its bounds and grows', () => {
    for (let failures = 0; failures < 100; failures++) {
      expect(backoff(failures, 100, 5000, 0)).toBe(100)
      expect(backoff(failures, 100, 5000, 1)).toBe(Math.min(5000, 100 * 2 ** (failures + 1)))
    }
    expect(backoff(5, 1000, 10, 0.5)).toBe(1000)
  })
})

describe('own buffers', () => {
  test('a view is cut out, a whole buffer is handed over', () => {
    const whole = new Uint8Array([1, 2, 3])
    expect(ownBuffer(whole)).toBe(whole.buffer)
    expect([...new Uint8Array(ownBuffer(whole.subarray(1, 2)))]).toEqual([2])
    expect(copyBuffer(whole)).not.toBe(whole.buffer)
  })
})

describe('grace', () => {
  test('uses one timer, whatever is waiting', () => {
    const clock = fakeClock()
    const expired: [string, readonly string[]][] = []
    const grace = createGrace<string>(clock, 100, (owner, keys) => expired.push([owner, keys]))
    for (let i = 0; i < 50; i++) {
      grace.add(i % 2 === 0 ? 'a' : 'b', `k${i}`)
      clock.advance(1)
      expect(clock.pending).toBe(1)
    }
    expect(expired).toEqual([])
    clock.advance(50)
    expect(expired.map(([owner, keys]) => [owner, keys.join()])).toEqual([['a', 'k0']])
    clock.advance(100)
    expect(expired.flatMap(([, keys]) => keys)).toHaveLength(50)
    expect(clock.pending).toBe(0)
  })
})

describe('admission', () => {
  interface Log {
    readonly admission: Admission
    readonly clock: FakeClock
    readonly admitted: string[]
    readonly blocked: string[]
    readonly released: string[]
  }

  function create(): Log {
    const clock = fakeClock()
    const log = { admitted: [] as string[], blocked: [] as string[], released: [] as string[] }
    const admission: Admission = createAdmission({
      clock,
      admit(store) {
        log.admitted.push(store)
        admission.sent(store)
      },
      block: (store) => log.blocked.push(store),
      release: (store) => log.released.push(store),
    })
    return { admission, clock, ...log }
  }

  test('suspects go out one at a time, each when the one before is known to be good', () => {
    const { admission, clock, admitted } = create()
    admission.opened(['a', 'b', 'c'])
    admission.closed(true)
    admitted.length = 0
    admission.opened(['a', 'b', 'c', 'd'])
    expect(admitted).toEqual(['d', 'a'])
    admission.proved('a')
    expect(admitted).toEqual(['d', 'a', 'b'])
    clock.advance(PROBE_MS)
    expect(admitted).toEqual(['d', 'a', 'b', 'c'])
    admission.proved('c')
    admitted.length = 0
    admission.closed(true)
    clock.advance(REACTION_MS)
    admission.opened(['a', 'b', 'c', 'd'])
    expect(admitted[0]).toBe('a')
  })

  test('a close long after the last subscription accuses nobody, nor does one that was ours', () => {
    const { admission, clock, admitted } = create()
    admission.opened(['a'])
    clock.advance(REACTION_MS)
    admission.closed(true)
    admission.opened(['a', 'b'])
    expect(admitted).toEqual(['a', 'a', 'b'])
    admission.closed(false)
    admission.opened(['a', 'b'])
    expect(admitted.slice(3)).toEqual(['a', 'b'])
  })

  test('only the probed one is struck; the block ends by itself, later and later', () => {
    const { admission, clock, blocked, released } = create()
    const lose = (): void => {
      admission.opened(['good', 'bad'])
      admission.proved('good')
      admission.closed(true)
    }
    for (let i = 0; i < MAX_STRIKES; i++) lose()
    expect(blocked).toEqual(['bad'])
    expect(admission.isBlocked('bad')).toBe(true)
    clock.advance(RETRY_MIN_MS - 1)
    expect(released).toEqual([])
    clock.advance(1)
    expect(released).toEqual(['bad'])
    lose()
    expect(blocked).toEqual(['bad', 'bad'])
    clock.advance(RETRY_MIN_MS)
    expect(released).toEqual(['bad'])
    clock.advance(RETRY_MIN_MS)
    expect(released).toEqual(['bad', 'bad'])
    expect(clock.pending).toBe(0)
  })

  test('a blocked store is not asked for; retry and forgiveAll end that and leave no timer', () => {
    const { admission, clock, admitted } = create()
    for (let i = 0; i < MAX_STRIKES; i++) {
      admission.opened(['bad'])
      admission.closed(true)
    }
    admitted.length = 0
    admission.opened(['bad'])
    expect(admission.ask('bad')).toBe(false)
    expect(admitted).toEqual([])
    admission.retry('bad')
    expect(clock.pending).toBe(0)
    expect(admission.ask('bad')).toBe(false)
    expect(admitted).toEqual(['bad'])
    admission.closed(true)
    expect(admission.isBlocked('bad')).toBe(true)
    admission.forgiveAll()
    expect(admission.isBlocked('bad')).toBe(false)
    expect(clock.pending).toBe(0)
    expect(admission.ask('bad')).toBe(false)
    admission.opened([])
    expect(admission.ask('bad')).toBe(true)
  })
})
