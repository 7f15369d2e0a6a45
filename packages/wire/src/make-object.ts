/** Makes an object whose properties `keys` have the values at `values[at…]`. */
export type MakeObject = (keys: readonly string[], values: readonly unknown[], at: number) => Shape

/** An object in the making. */
export type Shape = Record<string, unknown>

/** The way for structs that are seldom met, and for all when the copies below are taken. */
export const generic: MakeObject = (keys, values, at) => {
  const o: Shape = {}
  for (let i = 0; i < keys.length; i++) o[keys[i] as string] = values[at + i]
  return o
}

/** The way for a struct with a field called `__proto__`, which an assignment would take for the prototype. */
export const defining: MakeObject = (keys, values, at) => {
  const o: Shape = {}
  for (let i = 0; i < keys.length; i++) {
    Object.defineProperty(o, keys[i] as string, {
      value: values[at + i],
      writable: true,
      enumerable: true,
      configurable: true,
    })
  }
  return o
}

/** One object, of a struct that need not be frequent. */
export function makeObject(keys: readonly string[], values: readonly unknown[]): Shape {
  return (keys.includes('__proto__') ? defining : generic)(keys, values, 0)
}
