import type { DynamicValue, Path } from '@rivulet/wire'
import { fieldsOf, parametersOf } from './fields-of.ts'
import {
  type VarInfo,
  VarInfoArray,
  VarInfoDynamic,
  VarInfoMap,
  VarInfoPointer,
  VarInfoPrimitive,
  SerializationType,
  VarInfoStruct,
} from './var-info.ts'

const made = new WeakMap<VarInfo, WeakMap<object, unknown>>()

/**
 * A value of a Rivulet store as generated code knows it: instances of its classes, `undefined` for nil. The same object for the same value, so that what has not changed keeps its identity; frozen, because it is.
 */
export function present(vi: VarInfo, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return scalar(vi, value)
  let byValue = made.get(vi)
  if (byValue === undefined) made.set(vi, (byValue = new WeakMap()))
  if (byValue.has(value)) return byValue.get(value)
  const presented = convert(vi, value)
  byValue.set(value, presented)
  return presented
}

function scalar(vi: VarInfo, value: unknown): unknown {
  // A pointer that is always there, to one that is not.
  if (value === null && vi instanceof VarInfoPointer && vi.notNil && vi.subType instanceof VarInfoPointer) return null
  if (value === null || value === undefined) return undefined
  if (!(vi instanceof VarInfoPrimitive)) return vi instanceof VarInfoPointer ? scalar(vi.subType, value) : value
  // A definition of the app's own may have chosen other representations.
  if (vi.dataType === SerializationType.Time) return new Date(Number(value))
  return typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value
}

function convert(vi: VarInfo, value: object): unknown {
  if (vi instanceof VarInfoPointer) return pointee(vi, value)
  if (vi instanceof VarInfoArray) {
    if (value instanceof Uint8Array) return value.slice()
    return Object.freeze((value as readonly unknown[]).map((element) => present(vi.elemType, element)))
  }
  if (vi instanceof VarInfoMap) {
    const { keyType, elemType } = vi
    if (elemType === undefined) return new Set([...(value as ReadonlySet<unknown>)].map((key) => present(keyType, key)))
    const entries = [...(value as ReadonlyMap<unknown, unknown>)]
    return new Map(entries.map(([key, element]) => [present(keyType, key), present(elemType, element)] as const))
  }
  if (vi instanceof VarInfoStruct) return instance(vi, value as Readonly<Record<string, unknown>>)
  if (vi instanceof VarInfoDynamic) return plain(value as DynamicValue)
  return value instanceof Date ? new Date(value) : value
}

/** What can itself be nil travels in a box. */
function pointee({ subType, notNil }: VarInfoPointer, value: object): unknown {
  if (notNil || !canBeNil(subType)) return present(subType, value)
  const inner = present(subType, (value as { readonly value: unknown }).value)
  return inner === undefined && subType instanceof VarInfoPointer ? null : inner
}

/** Whether a value of this type can be nil, so that a pointer to it has two kinds of nothing. */
export function canBeNil(vi: VarInfo): boolean {
  if (vi instanceof VarInfoDynamic) return true
  return (vi instanceof VarInfoPointer || vi instanceof VarInfoArray || vi instanceof VarInfoMap) && !vi.notNil
}

function instance(vi: VarInfoStruct, value: Readonly<Record<string, unknown>>): object {
  const type = vi.deserializer as unknown as { readonly prototype: object }
  const parameters = parametersOf(vi)
  const parts = fieldsOf(type).list.map(
    ({ name, varInfo }) => [name, present(varInfo.fillGenerics(parameters), value[name])] as const,
  )
  return Object.freeze(Object.assign(Object.create(type.prototype) as object, Object.fromEntries(parts)))
}

/** A dynamic value without its type. */
function plain({ type, value }: DynamicValue): unknown {
  if (value === null || value === undefined) return undefined
  switch (type.kind) {
    case 'any':
      return plain(value as DynamicValue)
    case 'pointer': {
      const inner = plain({ type: type.elem, value: isBox(value) ? value.value : value })
      return inner === undefined && type.elem.kind === 'pointer' ? null : inner
    }
    case 'array':
      return (value as readonly unknown[]).map((element) => plain({ type: type.elem, value: element }))
    case 'map':
      return new Map(
        [...(value as ReadonlyMap<unknown, unknown>)].map(([key, element]) => [
          key,
          plain({ type: type.value, value: element }),
        ]),
      )
    default:
      return value
  }
}

function isBox(value: unknown): value is { readonly value: unknown } {
  return typeof value === 'object' && value !== null && Object.keys(value).join() === 'value'
}

/** The generated type at a path of a state; `undefined` when the path leads nowhere. */
export function varInfoAt(root: VarInfo, path: Path): VarInfo | undefined {
  let at: VarInfo | undefined = root
  for (const part of path) {
    while (at instanceof VarInfoPointer) at = at.subType
    if (at instanceof VarInfoArray || at instanceof VarInfoMap) at = at.elemType
    else if (at instanceof VarInfoStruct && at.deserializer !== undefined) {
      const parameters = parametersOf(at)
      at = fieldsOf(at.deserializer)
        .list.find(({ name }) => name === part)
        ?.varInfo.fillGenerics(parameters)
    } else return undefined
  }
  return at
}
