import { canBeNull, type DynamicValue, type TypeNode } from '@rivulet/wire'

/** A value with what stands between it and its place taken away: pointers, their boxes, and the wrapping of an `any`. */
export interface OpenValue {
  /** Of the value itself; never a pointer, unless that is null. */
  readonly node: TypeNode
  readonly value: unknown
  /** It came with its own type: paths of the wire end before it. */
  readonly dynamic: boolean
}

/**
 * Opens a decoded value of type `node`.
 *
 * @example
 * openValue({ kind: 'pointer', elem: { kind: 'bool' } }, true) // { node: { kind: 'bool' }, value: true, dynamic: false }
 */
export function openValue(node: TypeNode, value: unknown): OpenValue {
  let dynamic = false
  for (;;) {
    if (value === null || value === undefined) return { node, value, dynamic }
    if (node.kind === 'pointer') {
      // As the codecs box: only where the pointee can be null itself.
      if (node.notNull !== true && canBeNull(node.elem)) value = (value as { readonly value: unknown }).value
      node = node.elem
    } else if (node.kind === 'any') {
      const wrapped = value as DynamicValue
      dynamic = true
      node = wrapped.type
      value = wrapped.value
    } else return { node, value, dynamic }
  }
}
