import { type FieldDef, namedStruct, parseKey, type Path, RivuletError, type StoreDef, wireNameOf } from '@rivulet/wire'
import { behindPointers, typeAt } from '../page/schema-walk.ts'
import { structNode } from '../page/struct-node.ts'

/** Stands between the parts of a compound key, in ReSub as on the wire. */
const SEPARATOR = '%&'

/**
 * A ReSub key as a ReStream app writes it (`'board'`, `formCompoundKey('items', id, 'name')`) → the path that it means.
 *
 * Field names may be spelled as the property (`urlPath`), as in the host's source (`URLPath`) or as the reference lower-cases them (`uRLPath`): in the reference a getter keyed by
 * one of these never hears of changes, a getter keyed by another one gets no live data, and only a third one works (wire.md §9.6, pitfall 8). Map keys and indices are typed as the schema says.
 *
 * Throws `RivuletError` `path` when the key leads nowhere.
 */
export function pathOfKey(def: StoreDef, key: string): Path {
  const path = parseKey(def, inWireNames(def, key))
  const root = structNode(def.types, def.state)
  // It throws with what could stand there.
  if (path === null) {
    typeAt(def, root, key.split(SEPARATOR))
    throw new RivuletError('path', `the key "${key}" leads nowhere`, { store: def.name })
  }
  typeAt(def, root, path)
  return path
}

function inWireNames(def: StoreDef, key: string): string {
  let node: { readonly kind: string } | null = structNode(def.types, def.state)
  const parts: string[] = []
  for (const part of key.split(SEPARATOR)) {
    const at = node === null ? null : behindPointers(node as Parameters<typeof behindPointers>[0])
    node = null
    if (at?.kind === 'struct') {
      const field = fieldOf(namedStruct(def.types, at.ref).fields, part)
      parts.push(field === undefined ? part : wireNameOf(field))
      node = field?.type ?? null
      continue
    }
    parts.push(part)
    if (at?.kind === 'array') node = at.elem
    else if (at?.kind === 'map') node = at.value
  }
  return parts.join(SEPARATOR)
}

/** A property name wins: it is what TypeScript checks. */
function fieldOf(fields: readonly FieldDef[], part: string): FieldDef | undefined {
  return (
    fields.find((field) => field.name === part) ??
    fields.find((field) => lowerFirst(wireNameOf(field)) === lowerFirst(part))
  )
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1)
}
