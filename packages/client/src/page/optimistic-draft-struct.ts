import type { StructDef } from '@rivulet/wire'
import { type DraftPlace, type FaceOf, placeBelow, writeAt } from './optimistic-place.ts'

/** A struct that can be written to. It has the fields of its type, no others. */
export function structDraft(place: DraftPlace, def: StructDef, face: FaceOf): object {
  const at = (key: PropertyKey): DraftPlace | undefined =>
    typeof key === 'string' ? placeBelow(place, key) : undefined
  return new Proxy(
    {},
    {
      get(target, key) {
        const below = at(key)
        return below === undefined ? (Reflect.get(target, key) as unknown) : face(below)
      },
      has: (target, key) => at(key) !== undefined || Reflect.has(target, key),
      set(_target, key, value) {
        const below = at(key)
        if (below !== undefined) writeAt(below, value)
        return below !== undefined
      },
      deleteProperty: () => false,
      defineProperty: () => false,
      ownKeys: () => def.fields.map(({ name }) => name),
      getOwnPropertyDescriptor(_target, key) {
        const below = at(key)
        return below && { configurable: true, enumerable: true, writable: true, value: face(below) }
      },
    },
  )
}
