/** An object in the making. */
export type Shape = Record<string, unknown>

/** An object whose properties `keys` have the values at `values[at…]`, of a struct that need not be frequent. */
export function makeObject(keys: readonly string[], values: readonly unknown[], at = 0): Shape {
  const o: Shape = {}
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string
    if (key === '__proto__') define(o, key, values[at + i])
    else o[key] = values[at + i]
  }
  return o
}

/** A field called `__proto__`, which an assignment would take for the prototype. */
function define(o: Shape, key: string, value: unknown): void {
  Object.defineProperty(o, key, { value, writable: true, enumerable: true, configurable: true })
}
