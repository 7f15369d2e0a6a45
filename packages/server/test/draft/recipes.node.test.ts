import { type Delta, isRivuletError } from '@rivulet/wire'
import { describe, expect, test } from 'vitest'
import { runRecipe } from '../../src/draft/run-recipe.ts'
import type { Draft } from '../../src/index.ts'
import { RichStore, type RichState, someRichState, someRow } from '../support/rich-store.ts'

type Rich = Draft<RichState>

function deltaOf(recipe: (draft: Rich) => void, state: RichState = someRichState()): Delta | null {
  const before = structuredClone(state)
  const delta = runRecipe(RichStore, state, recipe)
  expect(state).toEqual(before)
  return delta
}

function codeOf(work: () => unknown): string {
  try {
    work()
  } catch (e) {
    if (isRivuletError(e)) return e.code
    throw e
  }
  return 'nothing thrown'
}

describe('what a recipe records', () => {
  test('feature 22: a scalar is set', () => {
    expect(deltaOf((d) => void (d.count = 8))).toEqual({ count: { set: 8 } })
  })

  test('feature 131: assigning an equal value records nothing', () => {
    const delta = deltaOf((d) => {
      d.count = 7
      d.at = new Date(1_700_000_000_000)
      d.blob = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8])
      d.list = [1, 2, 3, 4]
      d.row = someRow('row')
      d.pointed = someRow('p')
      d.boxed = { value: [1, 2] }
      d.rows?.set('a', someRow('a', 1))
      d.labels?.add('red')
      d.tags?.delete('absent')
    })
    expect(delta).toBeNull()
  })

  test('set, then set back, records nothing', () => {
    const delta = deltaOf((d) => {
      d.title = 'x'
      d.title = 'title'
      d.rows?.delete('a')
      d.rows?.set('a', someRow('a', 1))
      d.labels?.delete('red')
      d.labels?.add('red')
      d.list?.push(5)
      d.list?.pop()
      d.list?.reverse()
      d.list?.reverse()
    })
    expect(delta).toBeNull()
  })

  test('a float32 that rounds to what is there is no change', () => {
    const state = { ...someRichState(), ratio: Math.fround(0.1) }
    expect(deltaOf((d) => void (d.ratio = 0.1), state)).toBeNull()
  })

  test('a struct that is changed in place is modified, also deeper', () => {
    const delta = deltaOf((d) => {
      d.row.n = 9
      const c = d.rows?.get('c')
      if (c?.child) c.child.name = 'new'
      if (d.pointed) d.pointed.tags?.set('k2', 'v2')
    })
    expect(delta).toEqual({
      row: { mod: { n: { set: 9 } } },
      rows: { mods: new Map([['c', { child: { mod: { name: { set: 'new' } } } }]]) },
      pointed: { mod: { tags: { sets: new Map([['k2', 'v2']]) } } },
    })
  })

  test('a struct that deltas cannot change in place is set', () => {
    expect(deltaOf((d) => void (d.still.n = 4))).toEqual({
      still: { set: { ...someRow('still'), n: 4 } },
    })
  })

  test('replacing a row by a spread copy records only the field that differs', () => {
    const delta = deltaOf((d) => {
      const a = d.rows?.get('a')
      if (a) d.rows?.set('a', { ...a, n: 10 })
    })
    expect(delta).toEqual({ rows: { mods: new Map([['a', { n: { set: 10 } }]]) } })
  })

  test('feature 23: map entries are set and deleted', () => {
    const delta = deltaOf((d) => {
      d.tags?.set('z', '3')
      d.tags?.delete('x')
    })
    expect(delta).toEqual({ tags: { sets: new Map([['z', '3']]), deletes: new Set(['x']) } })
  })

  test('a map that is cleared is replaced', () => {
    expect(deltaOf((d) => d.rows?.clear())).toEqual({ rows: { whole: new Map() } })
  })

  test('feature 24: list elements are set by index, pushes too', () => {
    const delta = deltaOf((d) => {
      if (d.list) d.list[1] = 20
      d.list?.push(5, 6)
    })
    const sets = new Map([
      [1, 20],
      [4, 5],
      [5, 6],
    ])
    expect(delta).toEqual({ list: { sets } })
  })

  test('a shortened list is replaced: deltas cannot remove elements', () => {
    expect(deltaOf((d) => void d.list?.splice(1, 2))).toEqual({ list: { whole: [1, 4] } })
    expect(deltaOf((d) => void d.list?.shift())).toEqual({ list: { whole: [2, 3, 4] } })
    expect(deltaOf((d) => void (d.list && (d.list.length = 1)))).toEqual({ list: { whole: [1] } })
  })

  test('a list shortened and grown again is compared element by element', () => {
    const delta = deltaOf((d) => {
      if (d.list) d.list.length = 0
      d.list?.push(1, 2, 9, 4)
    })
    expect(delta).toEqual({ list: { sets: new Map([[2, 9]]) } })
  })

  test('feature 107: an index beyond the end fills up with zero values', () => {
    const delta = deltaOf((d) => {
      if (d.list) d.list[6] = 1
    })
    const sets = new Map([[6, 1]])
    expect(delta).toEqual({ list: { sets } })
  })

  test('a list inside a list is set as a whole row', () => {
    const delta = deltaOf((d) => {
      const top = d.grid?.[0]
      if (top) top[0] = 'X'
    })
    expect(delta).toEqual({ grid: { sets: new Map([[0, ['X', 'X']]]) } })
  })

  test('feature 25: a struct in a list is modified in place', () => {
    const delta = deltaOf((d) => {
      const first = d.queue?.[0]
      if (first) first.n = 5
    })
    expect(delta).toEqual({ queue: { mods: new Map([[0, { n: { set: 5 } }]]) } })
  })

  test('sorting and swapping move drafts without losing what was changed in them', () => {
    const delta = deltaOf((d) => {
      const first = d.queue?.[0]
      if (first) first.n = 5
      d.queue?.reverse()
    })
    expect(delta).toEqual({
      queue: {
        mods: new Map([
          [0, { name: { set: 'q1' } }],
          [1, { name: { set: 'q0' }, n: { set: 5 } }],
        ]),
      },
    })
  })

  test('bytes: a few are set, many are replaced', () => {
    const few = deltaOf((d) => {
      if (d.blob) d.blob[2] = 99
    })
    expect(few).toEqual({ blob: { sets: new Map([[2, 99]]) } })
    expect(deltaOf((d) => void d.blob?.fill(0))).toEqual({ blob: { whole: new Uint8Array(8) } })
  })

  test('a date that is changed through its own methods is seen', () => {
    expect(deltaOf((d) => void d.at.setTime(5))).toEqual({ at: { set: new Date(5) } })
    expect(deltaOf((d) => void d.at.getTime())).toBeNull()
  })

  test('pointers and boxes are set and cleared', () => {
    const cleared = deltaOf((d) => {
      d.opt = null
      d.boxed = null
      d.pointed = null
    })
    expect(cleared).toEqual({ opt: { set: null }, boxed: { set: null }, pointed: { whole: null } })
    expect(deltaOf((d) => void d.boxed?.value?.push(3))).toEqual({
      boxed: { set: { value: [1, 2, 3] } },
    })
  })

  test('sets record what was added and deleted', () => {
    const delta = deltaOf((d) => {
      d.labels?.add('blue')
      d.labels?.delete('red')
    })
    expect(delta).toEqual({
      labels: { sets: new Map([['blue', true]]), deletes: new Set(['red']) },
    })
  })

  test('a draft child can be adopted elsewhere, and keeps changing in both places', () => {
    const delta = deltaOf((d) => {
      const a = d.rows?.get('a')
      if (!a) return
      d.row = a
      a.n = 77
    })
    expect(delta).toEqual({
      rows: { mods: new Map([['a', { n: { set: 77 } }]]) },
      row: { mod: { name: { set: 'a' }, n: { set: 77 } } },
    })
  })

  test('a row can be moved to another key', () => {
    const delta = deltaOf((d) => {
      const a = d.rows?.get('a')
      d.rows?.delete('a')
      if (a) d.rows?.set('z', a)
    })
    expect(delta).toEqual({
      rows: { sets: new Map([['z', someRow('a', 1)]]), deletes: new Set(['a']) },
    })
  })

  test('a new value assigned in two places stays one value', () => {
    const delta = deltaOf((d) => {
      const fresh = { name: 'f', n: 1, tags: null, inner: null, child: null }
      d.rows?.set('f', fresh)
      d.rows?.set('g', fresh)
      const f = d.rows?.get('f')
      if (f) f.n = 2
    })
    const row = { name: 'f', n: 2, tags: null, inner: null, child: null }
    expect(delta).toEqual({
      rows: {
        sets: new Map([
          ['f', row],
          ['g', row],
        ]),
      },
    })
  })

  test('a map may be changed while it is iterated, as a plain Map may', () => {
    const run = (map: Map<string, { n: number }>): string[] => {
      const seen: string[] = []
      for (const [key, row] of map) {
        seen.push(key)
        row.n += 100
        if (key === 'a') map.delete('b')
        if (seen.length < 5) map.set(`new${seen.length}`, { ...someRow(), n: 0 })
      }
      return seen
    }
    const plain = run(new Map([...(someRichState().rows ?? [])].map(([k, v]) => [k, { ...v }])))
    let drafted: string[] = []
    const delta = deltaOf((d) => void (drafted = run(d.rows as never)))
    expect(drafted).toEqual(plain)
    expect(delta?.['rows']?.deletes).toEqual(new Set(['b']))
    expect(delta?.['rows']?.mods).toEqual(
      new Map([
        ['a', { n: { set: 101 } }],
        ['c', { n: { set: 103 } }],
      ]),
    )
  })

  test('drafts look like the data they stand for', () => {
    deltaOf((d) => {
      expect(d.rows).toBeInstanceOf(Map)
      expect(Array.isArray(d.list)).toBe(true)
      expect(d.rows?.size).toBe(3)
      expect([...(d.rows?.keys() ?? [])]).toEqual(['a', 'b', 'c'])
      expect([...(d.rows?.values() ?? [])].map((r) => r.n)).toEqual([1, 2, 3])
      expect(Object.keys(d.row)).toEqual(['name', 'n', 'tags', 'inner', 'child'])
      expect({ ...d.row }).toMatchObject({ name: 'row', n: 1 })
      expect(d.list?.map((n) => n * 2)).toEqual([2, 4, 6, 8])
      expect(JSON.stringify(d.list)).toBe('[1,2,3,4]')
      expect(d.queue?.indexOf(d.queue[1] as never)).toBe(1)
      expect(d.rows?.get('a')).toBe(d.rows?.get('a'))
      const visited: string[] = []
      d.rows?.forEach((row, key) => visited.push(key + row.name))
      expect(visited).toEqual(['aa', 'bb', 'cc'])
    })
  })
})

describe('what a recipe may not do', () => {
  test('a draft used after its recipe throws', () => {
    let leaked: Rich | undefined
    let rows: Rich['rows'] | undefined
    let labels: Rich['labels'] | undefined
    deltaOf((d) => {
      leaked = d
      rows = d.rows
      labels = d.labels
    })
    expect(codeOf(() => leaked?.count)).toBe('disposed')
    expect(codeOf(() => leaked && (leaked.count = 1))).toBe('disposed')
    expect(codeOf(() => rows?.get('a'))).toBe('disposed')
    expect(codeOf(() => [...(rows ?? [])])).toBe('disposed')
    expect(codeOf(() => rows?.size)).toBe('disposed')
    expect(codeOf(() => labels?.add('x'))).toBe('disposed')
  })

  test('an asynchronous recipe is refused', () => {
    expect(codeOf(() => runRecipe(RichStore, someRichState(), async () => undefined))).toBe('config')
  })

  test('a field that does not exist cannot be assigned, none can be deleted', () => {
    expect(codeOf(() => deltaOf((d) => void ((d as unknown as Record<string, unknown>)['typo'] = 1)))).toBe(
      'invalid-value',
    )
    expect(codeOf(() => deltaOf((d) => void delete (d as unknown as Record<string, unknown>)['count']))).toBe(
      'invalid-value',
    )
  })

  test('a list of the store cannot become null: no delta can say it', () => {
    const state = someRichState()
    expect(() => runRecipe(RichStore, state, (d) => void (d.list = null))).toThrow(/RichStore\.list.*replace/)
  })

  test('a list inside a row can: the row is replaced', () => {
    const delta = deltaOf((d) => {
      const a = d.rows?.get('a')
      if (a) a.inner = null
    })
    expect(delta).toEqual({
      rows: { sets: new Map([['a', { ...someRow('a', 1), inner: null }]]) },
    })
  })

  test('a value that contains itself is refused', () => {
    const knot: Record<string, unknown> = { ...someRow() }
    knot['child'] = knot
    expect(codeOf(() => deltaOf((d) => void d.rows?.set('k', knot as never)))).toBe('too-deep')
  })

  test('drafts cannot be frozen or given properties by descriptor', () => {
    expect(codeOf(() => deltaOf((d) => void Object.freeze(d.row)))).toBe('invalid-value')
    expect(codeOf(() => deltaOf((d) => void Object.defineProperty(d.row, 'n', { value: 1 })))).toBe('invalid-value')
  })
})
