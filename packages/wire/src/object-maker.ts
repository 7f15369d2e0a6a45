import { defining, generic, type MakeObject, type Shape } from './make-object.ts'

/**
 * The same function over and over, because an engine keeps one inline cache per place in the source: code that serves one struct only, with one
 * store per property, is 4× as fast as code shared by twelve structs (10 instead of 40 ns for two floats and five other properties).
 * Generated code would give the same and cannot be had under `script-src 'self'`. Repeated text costs next to nothing after compression.
 */
const copies: MakeObject[] = [
  (k, v, at) => {
    const n = k.length
    const o: Shape = {}
    if (n > 0) o[k[0] as string] = v[at + 0]
    if (n > 1) o[k[1] as string] = v[at + 1]
    if (n > 2) o[k[2] as string] = v[at + 2]
    if (n > 3) o[k[3] as string] = v[at + 3]
    if (n > 4) o[k[4] as string] = v[at + 4]
    if (n > 5) o[k[5] as string] = v[at + 5]
    if (n > 6) o[k[6] as string] = v[at + 6]
    if (n > 7) o[k[7] as string] = v[at + 7]
    if (n > 8) o[k[8] as string] = v[at + 8]
    if (n > 9) o[k[9] as string] = v[at + 9]
    for (let i = 10; i < n; i++) o[k[i] as string] = v[at + i]
    return o
  },
  (k, v, at) => {
    const n = k.length
    const o: Shape = {}
    if (n > 0) o[k[0] as string] = v[at + 0]
    if (n > 1) o[k[1] as string] = v[at + 1]
    if (n > 2) o[k[2] as string] = v[at + 2]
    if (n > 3) o[k[3] as string] = v[at + 3]
    if (n > 4) o[k[4] as string] = v[at + 4]
    if (n > 5) o[k[5] as string] = v[at + 5]
    if (n > 6) o[k[6] as string] = v[at + 6]
    if (n > 7) o[k[7] as string] = v[at + 7]
    if (n > 8) o[k[8] as string] = v[at + 8]
    if (n > 9) o[k[9] as string] = v[at + 9]
    for (let i = 10; i < n; i++) o[k[i] as string] = v[at + i]
    return o
  },
  (k, v, at) => {
    const n = k.length
    const o: Shape = {}
    if (n > 0) o[k[0] as string] = v[at + 0]
    if (n > 1) o[k[1] as string] = v[at + 1]
    if (n > 2) o[k[2] as string] = v[at + 2]
    if (n > 3) o[k[3] as string] = v[at + 3]
    if (n > 4) o[k[4] as string] = v[at + 4]
    if (n > 5) o[k[5] as string] = v[at + 5]
    if (n > 6) o[k[6] as string] = v[at + 6]
    if (n > 7) o[k[7] as string] = v[at + 7]
    if (n > 8) o[k[8] as string] = v[at + 8]
    if (n > 9) o[k[9] as string] = v[at + 9]
    for (let i = 10; i < n; i++) o[k[i] as string] = v[at + i]
    return o
  },
  (k, v, at) => {
    const n = k.length
    const o: Shape = {}
    if (n > 0) o[k[0] as string] = v[at + 0]
    if (n > 1) o[k[1] as string] = v[at + 1]
    if (n > 2) o[k[2] as string] = v[at + 2]
    if (n > 3) o[k[3] as string] = v[at + 3]
    if (n > 4) o[k[4] as string] = v[at + 4]
    if (n > 5) o[k[5] as string] = v[at + 5]
    if (n > 6) o[k[6] as string] = v[at + 6]
    if (n > 7) o[k[7] as string] = v[at + 7]
    if (n > 8) o[k[8] as string] = v[at + 8]
    if (n > 9) o[k[9] as string] = v[at + 9]
    for (let i = 10; i < n; i++) o[k[i] as string] = v[at + i]
    return o
  },
  (k, v, at) => {
    const n = k.length
    const o: Shape = {}
    if (n > 0) o[k[0] as string] = v[at + 0]
    if (n > 1) o[k[1] as string] = v[at + 1]
    if (n > 2) o[k[2] as string] = v[at + 2]
    if (n > 3) o[k[3] as string] = v[at + 3]
    if (n > 4) o[k[4] as string] = v[at + 4]
    if (n > 5) o[k[5] as string] = v[at + 5]
    if (n > 6) o[k[6] as string] = v[at + 6]
    if (n > 7) o[k[7] as string] = v[at + 7]
    if (n > 8) o[k[8] as string] = v[at + 8]
    if (n > 9) o[k[9] as string] = v[at + 9]
    for (let i = 10; i < n; i++) o[k[i] as string] = v[at + i]
    return o
  },
  (k, v, at) => {
    const n = k.length
    const o: Shape = {}
    if (n > 0) o[k[0] as string] = v[at + 0]
    if (n > 1) o[k[1] as string] = v[at + 1]
    if (n > 2) o[k[2] as string] = v[at + 2]
    if (n > 3) o[k[3] as string] = v[at + 3]
    if (n > 4) o[k[4] as string] = v[at + 4]
    if (n > 5) o[k[5] as string] = v[at + 5]
    if (n > 6) o[k[6] as string] = v[at + 6]
    if (n > 7) o[k[7] as string] = v[at + 7]
    if (n > 8) o[k[8] as string] = v[at + 8]
    if (n > 9) o[k[9] as string] = v[at + 9]
    for (let i = 10; i < n; i++) o[k[i] as string] = v[at + i]
    return o
  },
]

/** Objects made before a struct counts as frequent and takes one of the copies. */
const FREQUENT = 64

/** A maker for one struct: the first structs that turn out to be frequent get code of their own. */
export function objectMaker(keys: readonly string[]): (values: readonly unknown[], at: number) => Shape {
  let make = keys.includes('__proto__') ? defining : generic
  let made = 0
  return (values, at) => {
    if (made < FREQUENT && ++made === FREQUENT && make === generic) make = copies.pop() ?? generic
    return make(keys, values, at)
  }
}
