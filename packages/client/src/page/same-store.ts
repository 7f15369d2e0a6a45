import { namedStruct, type StoreDef } from '@rivulet/wire'

/**
 * Whether both definitions mean the same bytes and the same values: structs are compared by what they hold, not by what they are called or over which tables they are spread, because the names never travel; so a
 * definition that was derived elsewhere (from classes of another generator) passes for the same store.
 */
export function isSameStore(a: StoreDef, b: StoreDef): boolean {
  return a === b || shapeOf(a) === shapeOf(b)
}

/** What a store's definition says, as text: the same for every copy of it, whatever its structs are called. */
export function shapeOf({ name, state, types }: StoreDef): string {
  const numbers = new Map<string, number>()
  const structs: unknown[] = []

  // A struct that deltas reach is another than the same one where they do not: only there does it matter what is changed in place.
  const numberOf = (ref: string, deltas: boolean): number => {
    const key = `${ref} ${deltas}`
    let number = numbers.get(key)
    if (number === undefined) {
      const { form, fields } = namedStruct(types, ref)
      numbers.set(key, (number = structs.push(0) - 1))
      structs[number] = [
        form === 'flat',
        // The wire name as in `wireNameOf`, which would bring the checks of descriptors along: an entry that only renders does without.
        fields.map(({ name: at, wire = at.charAt(0).toUpperCase() + at.slice(1), id, type, mod }) => {
          const below = deltas && mod === true
          return [
            at,
            wire,
            id,
            below,
            JSON.stringify(type, (part, value: unknown) =>
              part === 'ref' ? numberOf(value as string, below) : part === 'named' ? undefined : value,
            ),
          ]
        }),
      ]
    }
    return number
  }

  numberOf(state, true)
  return JSON.stringify([name, structs])
}
