import { namedStruct, type StoreDef, type TypeNode, zeroWith } from '@rivulet/wire'

/** The zero state of a store, frozen as far as JavaScript can: it is shared by all who read before data is there. */
export function zeroState(def: StoreDef, root: TypeNode): unknown {
  return freeze(zeroWith(namedStruct, def.types, root))
}

function freeze(value: unknown): unknown {
  // Typed arrays refuse to be frozen unless they are empty, which a zero is.
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const part of Object.values(value)) freeze(part)
  return Object.freeze(value)
}
