import { namedStruct, type StoreDef, type Types } from '@rivulet/wire'

/** Whether both definitions mean the same bytes: the same structs, by name and shape, however they are spread over tables. */
export function isSameStore(a: StoreDef, b: StoreDef): boolean {
  return a === b || shapeOf(a) === shapeOf(b)
}

/** A store's definition as text, the same for every copy of it. */
export function shapeOf({ name, state, types }: StoreDef): string {
  const structs = new Map<string, unknown>()
  collect(state, types, structs)
  return JSON.stringify([name, state, ...structs])
}

function collect(ref: string, types: Types, into: Map<string, unknown>): void {
  if (into.has(ref)) return
  const struct = namedStruct(types, ref)
  into.set(ref, struct)
  // Whatever a node looks like, what it refers to is called `ref`.
  JSON.stringify(struct, (key, value: unknown) => {
    if (key === 'ref' && typeof value === 'string') collect(value, types, into)
    return value
  })
}
