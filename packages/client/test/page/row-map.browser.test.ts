import { expect, test } from 'vitest'
import { type Crate, crate, tableRig } from '../support/table-rig.ts'

// What engines have short cuts for, which would look past the methods of a Map that is not only one.

function open(rows: number): { readonly map: ReadonlyMap<string, Crate>; readonly real: ReadonlyMap<string, Crate> } {
  const real = new Map(Array.from({ length: rows }, (_, n) => [`k${n}`, crate(n)]))
  const rig = tableRig<string, Crate>('crates', real)
  rig.patch()
  return { map: rig.read(), real }
}

test('every way to copy or walk a map sees the rows, also once the code is compiled', () => {
  const { map, real } = open(300)
  const all = [...real]
  for (let time = 0; time < 6; time++) {
    // Often enough for every tier of the compiler.
    const sums = Array.from({ length: 50 }, () => {
      let sum = 0
      for (const [, row] of map) sum += row.weight
      return sum + [...map].length + [...map.keys()].length + new Map(map).size
    })
    expect(new Set(sums)).toEqual(new Set([(299 * 300) / 2 + 900]))
    expect([...map]).toEqual(all)
    expect(Array.from(map)).toEqual(all)
    expect(Array.from(map.values(), ({ weight }) => weight)).toEqual(Array.from(real.values(), ({ weight }) => weight))
    expect([...new Map(map)]).toEqual(all)
    expect([...new Set(map.keys())]).toEqual([...real.keys()])
    expect(Object.fromEntries(map)).toEqual(Object.fromEntries(real))
    expect(Math.max(...[...map.values()].map(({ weight }) => weight))).toBe(299)
    const [first, ...rest] = map
    expect([first, ...rest]).toEqual(all)
  }
})

test('what clones natively refuses it, by a name that says what to do, and takes a copy', async () => {
  const { map, real } = open(3)
  const { port1, port2 } = new MessageChannel()
  const arrived = new Promise((resolve) => {
    port2.addEventListener('message', ({ data }) => resolve(data), { once: true })
    port2.start()
  })
  expect(() => port1.postMessage(map)).toThrow(/copy it first, new Map\(value\)/)
  expect(() => structuredClone({ deep: [map] })).toThrow(expect.objectContaining({ name: 'DataCloneError' }))
  port1.postMessage(new Map(map))
  expect(await arrived).toEqual(real)
})
