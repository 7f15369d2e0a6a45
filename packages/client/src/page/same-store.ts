import { type FieldDef, namedStruct, type StoreDef, type TypeNode, type Types, wireNameOf } from '@rivulet/wire'

/**
 * Whether both definitions mean the same bytes and the same values: structs are compared by what they hold, not by what they are called or over which tables they are spread, because the names never travel; so a
 * definition that was derived elsewhere (from classes of another generator) passes for the same store.
 */
export function isSameStore(a: StoreDef, b: StoreDef): boolean {
  return a === b || shapeOf(a) === shapeOf(b)
}

function shapeOf({ name, state, types }: StoreDef): string {
  const shape = createShape(types)
  shape.structNumber(state, true)
  return JSON.stringify([name, shape.structs])
}

/** The structs in the order in which they are met. One that deltas reach is another than the same one where they do not: only there does it matter what is changed in place. */
function createShape(types: Types): {
  readonly structs: readonly unknown[]
  structNumber(ref: string, deltas: boolean): number
} {
  const numbers = new Map<string, number>()
  const structs: unknown[] = []

  const structNumber = (ref: string, deltas: boolean): number => {
    const key = `${ref} ${deltas}`
    let number = numbers.get(key)
    if (number === undefined) {
      const { form, fields } = namedStruct(types, ref)
      numbers.set(key, (number = structs.length))
      structs.push(null)
      structs[number] = [form === 'flat', ...fields.map((field) => fieldShape(field, deltas))]
    }
    return number
  }

  const fieldShape = (field: FieldDef, deltas: boolean): unknown => {
    const mod = deltas && field.mod === true
    return [field.name, wireNameOf(field), field.id ?? 0, mod, nodeShape(field.type, mod)]
  }

  const nodeShape = (node: TypeNode, deltas: boolean): unknown => {
    const notNull = 'notNull' in node && node.notNull
    switch (node.kind) {
      case 'struct':
        return structNumber(node.ref, deltas)
      case 'pointer':
      case 'array':
        return [node.kind, notNull, nodeShape(node.elem, deltas)]
      case 'map':
        return [node.kind, notNull, nodeShape(node.key, false), nodeShape(node.value, deltas)]
      case 'set':
        return [node.kind, notNull, nodeShape(node.key, false)]
      case 'int64':
      case 'uint64':
        return [node.kind, node.as ?? 'number']
      case 'time':
        return [node.kind, node.as ?? 'date']
      default:
        return [node.kind, notNull]
    }
  }

  return { structs, structNumber }
}
