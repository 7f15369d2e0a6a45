import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SchemaNode } from '../../src/index.ts'
import { cyclic } from '../../src/model/cycles.ts'
import { type HoldingStruct, heldByValue } from '../../src/model/held-by-value.ts'

const to = (ref: string, ...args: readonly SchemaNode[]): SchemaNode =>
  args.length === 0 ? { kind: 'struct', ref } : { kind: 'struct', ref, args }
const param = (name: string): SchemaNode => ({ kind: 'param', name })
const pointer = (elem: SchemaNode, notNull = false): SchemaNode => ({
  kind: 'pointer',
  elem,
  ...(notNull ? { notNull: true } : {}),
})

function endless(structs: Readonly<Record<string, Partial<HoldingStruct>>>, notNil = true): string[] {
  const whole = Object.entries(structs).map(([ref, { params = [], nodes = [] }]) => [ref, { params, nodes }] as const)
  return [...cyclic(heldByValue(new Map(whole), notNil))].toSorted()
}

test('what may be absent ends it, whatever it is in', () => {
  expect(
    endless({
      A: {
        nodes: [
          pointer(to('A')),
          { kind: 'array', elem: to('A') },
          { kind: 'array', notNull: true, elem: to('A') },
          { kind: 'map', notNull: true, key: { kind: 'string' }, value: to('A') },
          pointer(pointer(to('A')), true),
        ],
      },
    }),
  ).toEqual([])
})

test('lists of fixed length, pointers that are never null, and others in between do not', () => {
  expect(endless({ A: { nodes: [{ kind: 'array', goType: '[4]', notNull: true, elem: to('A') }] } })).toEqual(['A'])
  const ring = { A: { nodes: [pointer(to('B'), true)] }, B: { nodes: [to('A')] }, C: { nodes: [to('A')] } }
  expect(endless(ring)).toEqual(['A', 'B'])
  expect(endless(ring, false)).toEqual([])
})

test('type arguments count where the generic struct always holds them, itself or through others', () => {
  const generics = {
    Bare: { params: ['T'], nodes: [param('T')] },
    Through: { params: ['T'], nodes: [to('Bare', param('T'))] },
    Maybe: { params: ['T'], nodes: [pointer(param('T'))] },
    Second: { params: ['A', 'B'], nodes: [{ kind: 'array', elem: param('A') }, param('B')] as SchemaNode[] },
  }
  expect(endless({ ...generics, A: { nodes: [to('Bare', to('A'))] } })).toEqual(['A'])
  expect(endless({ ...generics, A: { nodes: [to('Through', to('A'))] } })).toEqual(['A'])
  expect(endless({ ...generics, A: { nodes: [to('Maybe', to('A'))] } })).toEqual([])
  expect(endless({ ...generics, A: { nodes: [to('Second', to('A'), { kind: 'bool' })] } })).toEqual([])
  expect(endless({ ...generics, A: { nodes: [to('Second', { kind: 'bool' }, to('A'))] } })).toEqual(['A'])
})

test('a struct is endless exactly when no value of it can be built', () => {
  const names = ['A', 'B', 'C', 'D']
  const node = fc.oneof(
    fc.constantFrom(...names).map((name) => to(name)),
    fc.constantFrom(...names).map((name) => pointer(to(name), true)),
    fc.constantFrom(...names).map((name) => pointer(to(name))),
    fc.constantFrom(...names).map((name) => to('Bare', to(name))),
    fc.constantFrom(...names).map((name) => to('Maybe', to(name))),
  )
  const structs = fc.tuple(...names.map(() => fc.array(node, { maxLength: 2 })))
  fc.assert(
    fc.property(structs, (lists) => {
      const nodesOf = new Map(names.map((name, at) => [name, lists[at] as readonly SchemaNode[]]))
      // The smallest value of everything: a struct can be built when all that it holds can be.
      const buildable = new Set<string>()
      const can = (one: SchemaNode): boolean => {
        if (one.kind === 'pointer') return one.notNull !== true || can(one.elem)
        if (one.kind !== 'struct') return true
        if (one.ref === 'Maybe') return true
        return one.ref === 'Bare' ? (one.args ?? []).every(can) : buildable.has(one.ref)
      }
      for (let size = -1; size !== buildable.size;) {
        size = buildable.size
        for (const [name, nodes] of nodesOf) if (nodes.every(can)) buildable.add(name)
      }
      const all = {
        Bare: { params: ['T'], nodes: [param('T')] },
        Maybe: { params: ['T'], nodes: [pointer(param('T'))] },
        ...Object.fromEntries([...nodesOf].map(([name, nodes]) => [name, { nodes }])),
      }
      const found = endless(all)
      // Those that hold an endless one cannot be built, either; the error is told of the endless ones.
      expect(found.every((name) => !buildable.has(name))).toBe(true)
      expect(found.length === 0).toBe(buildable.size === names.length)
    }),
    { numRuns: 500 },
  )
})
