import type { StructDef } from '@rivulet/wire'
import { refusals } from './refuse-writes.ts'
import type { Place } from './tracked-types.ts'

const names = new WeakMap<StructDef, ReadonlySet<string>>()

interface Target {
  readonly place: Place
  readonly fields: ReadonlySet<string>
}

// One set of traps for all images: what differs lies in the target, so that an image costs two small objects and no closures.
const traps: ProxyHandler<Target> = {
  ...refusals,
  get: ({ place, fields }, key) =>
    isField(fields, key) ? place.run.child(place, key, false) : (Reflect.get(Object.prototype, key) as unknown),
  has: ({ fields }, key) => isField(fields, key) || Reflect.has(Object.prototype, key),
  ownKeys: ({ fields }) => [...fields],
  getOwnPropertyDescriptor: ({ place, fields }, key) =>
    isField(fields, key)
      ? { configurable: true, enumerable: true, writable: false, value: place.run.child(place, key, false) }
      : undefined,
}

/** A struct as a selector sees it: reading a field notes that field. */
export function structImage(place: Place, def: StructDef): object {
  let fields = names.get(def)
  if (fields === undefined) names.set(def, (fields = new Set(def.fields.map((field) => field.name))))
  return new Proxy<Target>({ place, fields }, traps)
}

function isField(fields: ReadonlySet<string>, key: PropertyKey): key is string {
  return typeof key === 'string' && fields.has(key)
}
