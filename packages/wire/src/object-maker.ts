import type { Shape } from './make-object.ts'

/** Makes an object of one struct: its fields `keys` have the values at `values[at…]`. */
export type ObjectMaker = new (keys: readonly string[], values: readonly unknown[], at: number) => Shape

type Fill = (this: Shape, keys: readonly string[], values: readonly unknown[], at: number) => void

/** Objects made before a struct counts as frequent and claims a maker. Few, because they have another hidden class than those that follow. */
export const FREQUENT = 8

/**
 * A maker that serves one struct only, while there are any; undefined after that.
 *
 * Not for a field called `__proto__`, which an assignment would take for the prototype.
 */
export function claimMaker(keys: readonly string[]): ObjectMaker | undefined {
  const fill = keys.includes('__proto__') ? undefined : fills.pop()
  if (fill === undefined) return undefined
  // What it makes are plain objects, and nothing tells them from those of a literal.
  fill.prototype = Object.prototype
  return fill as unknown as ObjectMaker
}

/*
 * The same function over and over, because an engine keeps one inline cache per place in the source: code that serves one struct only, with one store per property, is 4× as fast as code that twelve
 * structs share. Generated code would give the same and cannot be had under `script-src 'self'`. Repeated text costs next to nothing after compression.
 *
 * Constructors, because an engine learns from the first objects of a constructor how many properties the later ones will have, and lays them out in one piece: 80 bytes for seven properties instead of
 * the 96 of an object that starts as `{}`, and 40 instead of 50 ns.
 */
const fills: Fill[] = [
  function (k, v, at) {
    const n = k.length
    if (n > 0) this[k[0] as string] = v[at + 0]
    if (n > 1) this[k[1] as string] = v[at + 1]
    if (n > 2) this[k[2] as string] = v[at + 2]
    if (n > 3) this[k[3] as string] = v[at + 3]
    if (n > 4) this[k[4] as string] = v[at + 4]
    if (n > 5) this[k[5] as string] = v[at + 5]
    if (n > 6) this[k[6] as string] = v[at + 6]
    if (n > 7) this[k[7] as string] = v[at + 7]
    if (n > 8) this[k[8] as string] = v[at + 8]
    if (n > 9) this[k[9] as string] = v[at + 9]
    if (n > 10) this[k[10] as string] = v[at + 10]
    if (n > 11) this[k[11] as string] = v[at + 11]
    for (let i = 12; i < n; i++) this[k[i] as string] = v[at + i]
  },
  function (k, v, at) {
    const n = k.length
    if (n > 0) this[k[0] as string] = v[at + 0]
    if (n > 1) this[k[1] as string] = v[at + 1]
    if (n > 2) this[k[2] as string] = v[at + 2]
    if (n > 3) this[k[3] as string] = v[at + 3]
    if (n > 4) this[k[4] as string] = v[at + 4]
    if (n > 5) this[k[5] as string] = v[at + 5]
    if (n > 6) this[k[6] as string] = v[at + 6]
    if (n > 7) this[k[7] as string] = v[at + 7]
    if (n > 8) this[k[8] as string] = v[at + 8]
    if (n > 9) this[k[9] as string] = v[at + 9]
    if (n > 10) this[k[10] as string] = v[at + 10]
    if (n > 11) this[k[11] as string] = v[at + 11]
    for (let i = 12; i < n; i++) this[k[i] as string] = v[at + i]
  },
  function (k, v, at) {
    const n = k.length
    if (n > 0) this[k[0] as string] = v[at + 0]
    if (n > 1) this[k[1] as string] = v[at + 1]
    if (n > 2) this[k[2] as string] = v[at + 2]
    if (n > 3) this[k[3] as string] = v[at + 3]
    if (n > 4) this[k[4] as string] = v[at + 4]
    if (n > 5) this[k[5] as string] = v[at + 5]
    if (n > 6) this[k[6] as string] = v[at + 6]
    if (n > 7) this[k[7] as string] = v[at + 7]
    if (n > 8) this[k[8] as string] = v[at + 8]
    if (n > 9) this[k[9] as string] = v[at + 9]
    if (n > 10) this[k[10] as string] = v[at + 10]
    if (n > 11) this[k[11] as string] = v[at + 11]
    for (let i = 12; i < n; i++) this[k[i] as string] = v[at + i]
  },
  function (k, v, at) {
    const n = k.length
    if (n > 0) this[k[0] as string] = v[at + 0]
    if (n > 1) this[k[1] as string] = v[at + 1]
    if (n > 2) this[k[2] as string] = v[at + 2]
    if (n > 3) this[k[3] as string] = v[at + 3]
    if (n > 4) this[k[4] as string] = v[at + 4]
    if (n > 5) this[k[5] as string] = v[at + 5]
    if (n > 6) this[k[6] as string] = v[at + 6]
    if (n > 7) this[k[7] as string] = v[at + 7]
    if (n > 8) this[k[8] as string] = v[at + 8]
    if (n > 9) this[k[9] as string] = v[at + 9]
    if (n > 10) this[k[10] as string] = v[at + 10]
    if (n > 11) this[k[11] as string] = v[at + 11]
    for (let i = 12; i < n; i++) this[k[i] as string] = v[at + i]
  },
  function (k, v, at) {
    const n = k.length
    if (n > 0) this[k[0] as string] = v[at + 0]
    if (n > 1) this[k[1] as string] = v[at + 1]
    if (n > 2) this[k[2] as string] = v[at + 2]
    if (n > 3) this[k[3] as string] = v[at + 3]
    if (n > 4) this[k[4] as string] = v[at + 4]
    if (n > 5) this[k[5] as string] = v[at + 5]
    if (n > 6) this[k[6] as string] = v[at + 6]
    if (n > 7) this[k[7] as string] = v[at + 7]
    if (n > 8) this[k[8] as string] = v[at + 8]
    if (n > 9) this[k[9] as string] = v[at + 9]
    if (n > 10) this[k[10] as string] = v[at + 10]
    if (n > 11) this[k[11] as string] = v[at + 11]
    for (let i = 12; i < n; i++) this[k[i] as string] = v[at + i]
  },
  function (k, v, at) {
    const n = k.length
    if (n > 0) this[k[0] as string] = v[at + 0]
    if (n > 1) this[k[1] as string] = v[at + 1]
    if (n > 2) this[k[2] as string] = v[at + 2]
    if (n > 3) this[k[3] as string] = v[at + 3]
    if (n > 4) this[k[4] as string] = v[at + 4]
    if (n > 5) this[k[5] as string] = v[at + 5]
    if (n > 6) this[k[6] as string] = v[at + 6]
    if (n > 7) this[k[7] as string] = v[at + 7]
    if (n > 8) this[k[8] as string] = v[at + 8]
    if (n > 9) this[k[9] as string] = v[at + 9]
    if (n > 10) this[k[10] as string] = v[at + 10]
    if (n > 11) this[k[11] as string] = v[at + 11]
    for (let i = 12; i < n; i++) this[k[i] as string] = v[at + i]
  },
  function (k, v, at) {
    const n = k.length
    if (n > 0) this[k[0] as string] = v[at + 0]
    if (n > 1) this[k[1] as string] = v[at + 1]
    if (n > 2) this[k[2] as string] = v[at + 2]
    if (n > 3) this[k[3] as string] = v[at + 3]
    if (n > 4) this[k[4] as string] = v[at + 4]
    if (n > 5) this[k[5] as string] = v[at + 5]
    if (n > 6) this[k[6] as string] = v[at + 6]
    if (n > 7) this[k[7] as string] = v[at + 7]
    if (n > 8) this[k[8] as string] = v[at + 8]
    if (n > 9) this[k[9] as string] = v[at + 9]
    if (n > 10) this[k[10] as string] = v[at + 10]
    if (n > 11) this[k[11] as string] = v[at + 11]
    for (let i = 12; i < n; i++) this[k[i] as string] = v[at + i]
  },
  function (k, v, at) {
    const n = k.length
    if (n > 0) this[k[0] as string] = v[at + 0]
    if (n > 1) this[k[1] as string] = v[at + 1]
    if (n > 2) this[k[2] as string] = v[at + 2]
    if (n > 3) this[k[3] as string] = v[at + 3]
    if (n > 4) this[k[4] as string] = v[at + 4]
    if (n > 5) this[k[5] as string] = v[at + 5]
    if (n > 6) this[k[6] as string] = v[at + 6]
    if (n > 7) this[k[7] as string] = v[at + 7]
    if (n > 8) this[k[8] as string] = v[at + 8]
    if (n > 9) this[k[9] as string] = v[at + 9]
    if (n > 10) this[k[10] as string] = v[at + 10]
    if (n > 11) this[k[11] as string] = v[at + 11]
    for (let i = 12; i < n; i++) this[k[i] as string] = v[at + i]
  },
]
