import { type DraftPlace, type FaceOf, isKnown, placeBelow, plainCopy, valueOf, writeAt } from './optimistic-place.ts'

/** Methods that change a list. They work on a copy, which is then written as a whole. */
const CHANGING = new Set<PropertyKey>([
  'push',
  'pop',
  'shift',
  'unshift',
  'splice',
  'sort',
  'reverse',
  'fill',
  'copyWithin',
])

type Method = (...args: unknown[]) => unknown

/** A list that can be written to. One element needs only that element to be loaded, everything else the whole list. */
export function arrayDraft(place: DraftPlace, face: FaceOf): object {
  const all = (): readonly unknown[] => valueOf(place) as readonly unknown[]
  const element = (key: PropertyKey): DraftPlace | undefined =>
    typeof key === 'string' && /^(0|[1-9]\d*)$/.test(key) ? placeBelow(place, Number(key)) : undefined

  const changing =
    (name: PropertyKey): Method =>
    (...args) => {
      const copy = [...all()]
      const result = (Reflect.get(copy, name) as Method).apply(copy, args.map(plainCopy))
      writeAt(place, copy)
      return result === copy ? draft : result
    }

  const draft: object = new Proxy<unknown[]>([], {
    get(target, key, receiver) {
      if (CHANGING.has(key)) return changing(key)
      if (key === 'length') return all().length
      const below = element(key)
      if (below === undefined) return Reflect.get(target, key, receiver) as unknown
      return isKnown(place) && Number(key) >= all().length ? undefined : face(below)
    },
    has: (target, key) => (element(key) === undefined ? Reflect.has(target, key) : Number(key) < all().length),
    set(_target, key, value) {
      if (key === 'length') writeAt(place, all().slice(0, Number(value)))
      const below = element(key)
      if (below !== undefined) writeAt(below, value)
      return key === 'length' || below !== undefined
    },
    deleteProperty: () => false,
    defineProperty: () => false,
    ownKeys: () => [...all().keys()].map(String).concat('length'),
    getOwnPropertyDescriptor(target, key) {
      if (key === 'length') return { ...Reflect.getOwnPropertyDescriptor(target, key), value: all().length }
      const below = element(key)
      if (below === undefined || Number(key) >= all().length) return undefined
      return { configurable: true, enumerable: true, writable: true, value: face(below) }
    },
  })
  return draft
}
