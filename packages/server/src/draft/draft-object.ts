import { type PathPart, RivuletError } from '@rivulet/wire'
import { checkOpen, type DraftNode, pathOf, soil, touch } from './draft-node.ts'

/** See `lend` in draft-of.ts; passed in, because drafts hold drafts. */
export type Lend = (
  parent: DraftNode,
  key: PathPart,
  value: unknown,
) => { readonly value: unknown; readonly keep: boolean }

/** Proxy traps for the draft of a struct or a list. */
export function objectTraps(node: DraftNode, lend: Lend): ProxyHandler<object> {
  const list = Array.isArray(node.base)

  function read(target: object, prop: string | symbol): unknown {
    checkOpen(node)
    const value: unknown = Reflect.get(target, prop)
    if (typeof value !== 'object' || value === null || !Object.hasOwn(target, prop)) return value
    const lent = lend(node, keyOf(prop, list), value)
    if (lent.keep) Reflect.set(target, prop, lent.value)
    return lent.value
  }

  return {
    get: read,
    set(target, prop, value) {
      checkOpen(node)
      if (list && prop === 'length') return resize(target as unknown[], value)
      const key = keyOf(prop, list)
      if (list ? typeof key !== 'number' : !node.fresh && !Object.hasOwn(target, prop)) throw unknown(prop)
      touch(node, key)
      return Reflect.set(target, prop, value)
    },
    deleteProperty(target, prop) {
      checkOpen(node)
      if (!Object.hasOwn(target, prop)) return true
      const key = keyOf(prop, list)
      // Lists are emptied through deletions by splice, shift and pop; a struct always has all its fields.
      if (!list) throw unremovable(prop)
      touch(node, key)
      return Reflect.deleteProperty(target, prop)
    },
    getOwnPropertyDescriptor(target, prop) {
      read(target, prop)
      return Reflect.getOwnPropertyDescriptor(target, prop)
    },
    has(target, prop) {
      checkOpen(node)
      return Reflect.has(target, prop)
    },
    ownKeys(target) {
      checkOpen(node)
      return Reflect.ownKeys(target)
    },
    defineProperty: (_target, prop) => {
      throw refused(`"${String(prop)}" cannot be defined in a draft`, 'Assign it instead.')
    },
    setPrototypeOf: () => {
      throw refused('the prototype of a draft cannot be changed', 'A draft holds data only.')
    },
    preventExtensions: () => {
      throw refused('a draft cannot be frozen or sealed', 'Freeze a copy instead.')
    },
  }

  function resize(target: unknown[], length: unknown): boolean {
    const before = target.length
    const done = Reflect.set(target, 'length', length)
    for (let i = target.length; i < before; i++) node.touched.add(i)
    if (target.length !== before) soil(node)
    return done
  }

  function unknown(prop: string | symbol): RivuletError {
    const what = list ? `a list has no element "${String(prop)}"` : `there is no field "${String(prop)}"`
    return refused(what, 'Assign only what the schema has.')
  }

  function unremovable(prop: string | symbol): RivuletError {
    return refused(
      `field "${String(prop)}" cannot be deleted`,
      'Assign null where the schema allows it, or a zero value.',
    )
  }

  function refused(what: string, hint: string): RivuletError {
    return new RivuletError('invalid-value', what, {
      store: node.scope.store,
      path: pathOf(node),
      hint,
    })
  }
}

const INDEX = /^(?:0|[1-9][0-9]*)$/

function keyOf(prop: string | symbol, list: boolean): PathPart {
  if (typeof prop === 'symbol') return String(prop)
  return list && INDEX.test(prop) ? Number(prop) : prop
}
