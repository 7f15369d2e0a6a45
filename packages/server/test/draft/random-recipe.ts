import type { TypeNode, Types } from '@rivulet/wire'
import { RichStore } from '../support/rich-store.ts'

/** Whole numbers below `n`, from a list of entropy; the same list makes the same choices. */
export type Choose = (n: number) => number

/** A chooser over `entropy`; starts over when it is used up. */
export function chooser(entropy: readonly number[]): Choose {
  let at = 0
  return (n) => (entropy[at++ % entropy.length] as number) % n
}

type Fields = Record<string, unknown>

const types: Types = RichStore.types

function fieldsOf(ref: string): readonly { readonly name: string; readonly type: TypeNode }[] {
  return types[0]?.[ref]?.fields ?? []
}

/** Makes `steps` random changes to `state`, which may be a plain state or a draft of one: both must end up the same. */
export function randomRecipe(state: object, choose: Choose, steps: number): void {
  for (let i = 0; i < steps; i++) changeStruct('rich.RichState', state as Fields, choose, 0)
}

function changeStruct(ref: string, struct: Fields, choose: Choose, depth: number): void {
  const fields = fieldsOf(ref)
  const { name, type } = fields[choose(fields.length)] as { name: string; type: TypeNode }
  const value = struct[name]
  if (isContainer(value) && choose(4) > 0) changeInside(type, value as object, choose, depth)
  else if (choose(5) === 0 && ref === 'rich.RichState') adopt(struct, name, choose)
  // At the top no list or map may become null; below, the struct is replaced.
  else struct[name] = randomValue(type, choose, depth, depth > 0)
}

/** Assigns one row of the state to another place: both are the same object from then on. */
function adopt(state: Fields, name: string, choose: Choose): void {
  const rows = state['rows'] as Map<string, unknown>
  const keys = [...rows.keys()]
  const picked = keys.length === 0 ? state['row'] : rows.get(keys[choose(keys.length)] as string)
  if (name === 'row' || name === 'still' || name === 'pointed') state[name] = picked
  else if (name === 'rows') rows.set(key(choose), picked)
  else if (name === 'queue') (state['queue'] as unknown[]).push(picked)
  else if (name === 'byId') (state['byId'] as Map<number, unknown>).set(choose(5), picked)
}

function changeInside(type: TypeNode, value: object, choose: Choose, depth: number): void {
  switch (type.kind) {
    case 'struct':
      changeStruct(type.ref, value as Fields, choose, depth + 1)
      return
    case 'pointer':
      if (type.elem.kind === 'struct') changeStruct(type.elem.ref, value as Fields, choose, depth + 1)
      else changeBox(type.elem, value as { value: unknown }, choose, depth)
      return
    case 'array':
      changeList(type.elem, value as unknown[], choose, depth)
      return
    case 'map':
      changeMap(type.value, value as Map<unknown, unknown>, type.key.kind === 'string', choose, depth)
      return
    case 'set': {
      const set = value as Set<string>
      if (choose(2) === 0) set.add(key(choose))
      else set.delete(key(choose))
      return
    }
    case 'bytes': {
      const bytes = value as Uint8Array
      if (bytes.length > 0) bytes[choose(bytes.length)] = choose(256)
      return
    }
    default:
      if (value instanceof Date) value.setTime(choose(3) * 1000)
  }
}

function changeBox(elem: TypeNode, box: { value: unknown }, choose: Choose, depth: number): void {
  if (box.value !== null && choose(2) === 0) changeInside(elem, box.value as object, choose, depth)
  else box.value = randomValue(elem, choose, depth, true)
}

function changeList(elem: TypeNode, list: unknown[], choose: Choose, depth: number): void {
  const at = choose(list.length + 1)
  const inner = list[at]
  switch (choose(9)) {
    case 0:
      list.push(randomValue(elem, choose, depth, true))
      return
    case 1:
      list.pop()
      return
    case 2:
      list.splice(at, choose(3), randomValue(elem, choose, depth, true))
      return
    case 3:
      list.reverse()
      return
    case 4:
      list.shift()
      return
    case 5:
      list.unshift(randomValue(elem, choose, depth, true))
      return
    default:
      if (at < list.length && isContainer(inner)) changeInside(elem, inner as object, choose, depth)
      else list[at] = randomValue(elem, choose, depth, true)
  }
}

function changeMap(value: TypeNode, map: Map<unknown, unknown>, text: boolean, choose: Choose, depth: number): void {
  const at = text ? key(choose) : choose(5)
  const inner = map.get(at)
  switch (choose(8)) {
    case 0:
      map.delete(at)
      return
    case 1:
      if (choose(4) === 0) map.clear()
      return
    case 2:
      for (const [k, v] of map)
        if (isContainer(v) && choose(2) === 0) changeInside(value, v as object, choose, depth)
        else if (choose(6) === 0) map.delete(k)
      return
    default:
      if (isContainer(inner) && choose(2) === 0) changeInside(value, inner as object, choose, depth)
      else map.set(at, randomValue(value, choose, depth, true))
  }
}

function isContainer(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

function key(choose: Choose): string {
  return 'abcxy'.charAt(choose(5))
}

function randomValue(type: TypeNode, choose: Choose, depth: number, nullable: boolean): unknown {
  const list = <T>(make: () => T): T[] => Array.from({ length: choose(3) }, make)
  if (nullable && isNullable(type) && choose(4) === 0) return null
  switch (type.kind) {
    case 'bool':
      return choose(2) === 0
    case 'string':
      return key(choose)
    case 'int64':
      return BigInt(choose(3)) * 10n ** 15n
    case 'float32':
    case 'float64':
      return choose(4) / 2
    case 'time':
      return new Date(choose(3) * 1000)
    case 'any':
      // Not null: in a delta that comes back as a typed null, which is another value.
      return { type: { kind: 'float64' }, value: choose(3) }
    case 'bytes':
      return new Uint8Array(list(() => choose(256)))
    case 'array':
      return list(() => randomValue(type.elem, choose, depth + 1, true))
    case 'map':
      return new Map(
        list(() => [
          type.key.kind === 'string' ? key(choose) : choose(5),
          randomValue(type.value, choose, depth + 1, true),
        ]),
      )
    case 'set':
      return new Set(list(() => key(choose)))
    case 'pointer': {
      if (choose(4) === 0 || depth > 3) return null
      const value = randomValue(type.elem, choose, depth + 1, true)
      return type.elem.kind === 'array' ? { value } : value
    }
    case 'struct':
      return Object.fromEntries(
        fieldsOf(type.ref).map((field) => [field.name, randomValue(field.type, choose, depth + 1, true)]),
      )
    default:
      return choose(4)
  }
}

function isNullable(type: TypeNode): boolean {
  return type.kind === 'array' || type.kind === 'map' || type.kind === 'set' || type.kind === 'bytes'
}
