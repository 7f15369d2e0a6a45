import { type Path, type TypeNode, type Types } from '@rivulet/wire'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sample } from '../../../wire/test/support/arbitrary.ts'
import { bedOf, gardenOf, GardenStore } from '../../../wire/test/support/garden.ts'
import { createTreeRows, type TreeRow, type TreeRows, valueInTree } from '../../src/panel/tree-rows.ts'

const { types } = GardenStore
const garden: TypeNode = { kind: 'struct', ref: 'garden.Garden' }

function rowsOf(value: unknown, node: TypeNode = garden, of: Types = types): TreeRows {
  const rows = createTreeRows()
  rows.show(of, node, value)
  return rows
}

function all(rows: TreeRows): TreeRow[] {
  return Array.from({ length: rows.count }, (_, i) => rows.at(i) as TreeRow)
}

const pathsOf = (rows: TreeRows): string[] => all(rows).map(({ path }) => path.join('.'))
const found = (rows: TreeRows, text: string): string[] =>
  [...rows.search(text)].filter((path) => path !== undefined).map((path) => path.join('.'))

describe('rows', () => {
  const value = gardenOf({
    beds: new Map([
      ['b', bedOf({ kind: 'rose' })],
      ['a', bedOf()],
    ]),
    nums: [5, 6],
    tags: new Set(['y', 'x']),
    list: { value: [7] },
  })

  it('are the root and its fields at first', () => {
    const rows = rowsOf(value)
    expect(rows.count).toBe(16)
    expect(rows.at(0)).toMatchObject({ path: [], depth: 0, children: 15, expanded: true, position: 1, siblings: 1 })
    expect(rows.at(1)).toMatchObject({ path: ['name'], depth: 1, children: 0, position: 1, siblings: 15 })
    expect(rows.at(5)).toMatchObject({ path: ['beds'], children: 2, expanded: false, position: 5 })
    expect(rows.at(16)).toBeUndefined()
    expect(rows.at(-1)).toBeUndefined()
  })

  it('are none before something is shown', () => {
    const rows = createTreeRows()
    expect([rows.count, rows.at(0), rows.indexOf([])]).toEqual([0, undefined, -1])
  })

  it('unfold and fold', () => {
    const rows = rowsOf(value)
    rows.expand(['beds'], true)
    rows.expand(['beds', 'a'], true)
    expect(pathsOf(rows).slice(5, 12)).toEqual([
      'beds',
      'beds.a',
      'beds.a.kind',
      'beds.a.count',
      'beds.a.x',
      'beds.a.y',
      'beds.b',
    ])
    rows.expand(['beds'], false)
    expect(rows.count).toBe(16)
    rows.expand([], false)
    expect(pathsOf(rows)).toEqual([''])
    expect(rows.at(0)).toMatchObject({ expanded: false, children: 15 })
    rows.expand([], true)
    expect(rows.count).toBe(16)
  })

  it('sort the keys of short maps and sets', () => {
    const rows = rowsOf(value)
    rows.expand(['tags'], true)
    expect(all(rows).filter(({ member }) => member)).toMatchObject([
      { path: ['tags', 'x'], children: 0 },
      { path: ['tags', 'y'], children: 0 },
    ])
  })

  it('look through boxes', () => {
    const rows = rowsOf(value)
    rows.expand(['list'], true)
    expect(all(rows).find(({ path }) => path.join('.') === 'list.0')).toMatchObject({ value: 7, inside: false })
  })

  it('know what is inside an any, where the wire has no paths', () => {
    const node: TypeNode = { kind: 'array', elem: { kind: 'any' } }
    const list = { type: { kind: 'array', elem: { kind: 'int8' } }, value: [1] }
    const rows = rowsOf([list], node, [])
    rows.expand([0], true)
    expect(all(rows).map(({ inside, open }) => [inside, open.dynamic])).toEqual([
      [false, false],
      [false, true],
      [true, false],
    ])
  })

  it('keep what is unfolded when another value comes, as far as it is still there', () => {
    const rows = rowsOf(value)
    rows.expand(['beds'], true)
    rows.expand(['beds', 'b'], true)
    rows.expand(['nums'], true)
    rows.show(types, garden, gardenOf({ beds: new Map([['b', bedOf()]]) }))
    expect(pathsOf(rows).slice(5, 9)).toEqual(['beds', 'beds.b', 'beds.b.kind', 'beds.b.count'])
    rows.show(types, garden, value)
    expect(pathsOf(rows)).toContain('nums.1')
  })

  it('reveal a place', () => {
    const rows = rowsOf(value)
    expect(rows.indexOf(['beds', 'b', 'kind'])).toBe(-1)
    rows.reveal(['beds', 'b', 'kind'])
    expect(rows.at(rows.indexOf(['beds', 'b', 'kind']))).toMatchObject({ value: 'rose', depth: 3 })
    expect(rows.indexOf(['beds', 'gone', 'kind'])).toBe(-1)
    expect(rows.indexOf(['nothing'])).toBe(-1)
  })
})

/** The rows as anybody would write them down: everything, in order. */
function flatten(isOpen: (path: Path) => boolean, types_: Types, node: TypeNode, value: unknown): string[] {
  const out: string[] = []
  const walk = (at: Path): void => {
    out.push(JSON.stringify(at.map(String)))
    if (!isOpen(at)) return
    const here = valueInTree(types_, node, value, at)
    for (const part of partsOf(here, types_)) walk([...at, part])
  }
  walk([])
  return out
}

function partsOf(open: ReturnType<typeof valueInTree>, types_: Types): Path {
  if (open === undefined || open.value === null || open.value === undefined) return []
  const { node, value } = open
  if (node.kind === 'struct') {
    const table = types_.find((t) => node.ref in t) as Types[number]
    return (table[node.ref]?.fields ?? []).map(({ name }) => name)
  }
  if (node.kind === 'array') return Array.from(value as readonly unknown[], (_, i) => i)
  if (node.kind !== 'map' && node.kind !== 'set') return []
  return [...(value as ReadonlyMap<number, unknown>).keys()].toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
}

describe('rows of any value', () => {
  it('are those of the value written down, however it is unfolded', () => {
    fc.assert(
      fc.property(sample(), fc.array(fc.nat({ max: 400 }), { maxLength: 40 }), ({ types: t, node, value }, clicks) => {
        const rows = rowsOf(value, node, t)
        const open = new Set<string>(['[]'])
        const key = (path: Path): string => JSON.stringify(path.map(String))
        for (const click of clicks) {
          const row = rows.at(click % rows.count) as TreeRow
          if (row.children === 0) continue
          rows.expand(row.path, !row.expanded)
          if (row.expanded) {
            const below = key(row.path).slice(0, -1)
            for (const known of open) if (known.startsWith(below)) open.delete(known)
          } else open.add(key(row.path))
        }
        const expected = flatten((path) => open.has(key(path)), t, node, value)
        expect(all(rows).map(({ path }) => key(path))).toEqual(expected)
        for (const [i, { path }] of all(rows).entries()) expect(rows.indexOf(path)).toBe(i)
      }),
    )
  })

  it('have the value of their path', () => {
    fc.assert(
      fc.property(sample(), ({ types: t, node, value }) => {
        const rows = rowsOf(value, node, t)
        const looked = all(rows).map(({ path }) => valueInTree(t, node, value, path)?.value)
        expect(looked).toEqual(all(rows).map(({ open }) => open.value))
      }),
    )
  })
})

describe('a map with 100,000 entries', () => {
  const node: TypeNode = { kind: 'map', key: { kind: 'uint32' }, value: { kind: 'string' } }
  const big = new Map(Array.from({ length: 100_000 }, (_, i) => [i, `value ${i}`]))

  it('has its rows at once, without making any', () => {
    let reads = 0
    class Counted extends Map<number, string> {
      override get(key: number): string | undefined {
        reads++
        return super.get(key)
      }
    }
    const rows = rowsOf(new Counted(big), node, [])
    expect(rows.count).toBe(100_001)
    expect(reads).toBe(0)
    expect(rows.at(99_999)).toMatchObject({ value: 'value 99998', position: 99_999, siblings: 100_000 })
    expect(reads).toBe(1)
  })

  it('is searched with pauses', () => {
    const rows = rowsOf(big, node, [])
    const steps = [...rows.search('value 77777')]
    expect(steps.filter((step) => step === undefined).length).toBeGreaterThan(100)
    expect(steps.filter((step) => step !== undefined)).toEqual([[77_777]])
  })
})

describe('search', () => {
  const rows = rowsOf(
    gardenOf({
      name: 'Rose garden',
      beds: new Map([['rosebed', bedOf({ kind: 'ROSE' })]]),
      tags: new Set(['prose']),
      raw: new Uint8Array([0xab]),
      nums: [42],
    }),
  )

  it('finds keys and values, in order, in small letters and large', () => {
    expect(found(rows, 'rose')).toEqual(['name', 'beds.rosebed', 'beds.rosebed.kind', 'tags.prose'])
  })

  it('finds numbers, bytes and names', () => {
    expect(found(rows, '42')).toEqual(['nums.0'])
    expect(found(rows, 'ab')).toEqual(['raw'])
    expect(found(rows, 'urlpath')).toEqual(['urlPath'])
  })

  it('finds nothing for nothing, and no text of objects', () => {
    expect(found(rows, '')).toEqual([])
    expect(found(rows, 'object')).toEqual([])
  })

  it('finds a root that has no parts', () => {
    expect([...rowsOf('abc', { kind: 'string' }, []).search('b')]).toEqual([[]])
  })
})
