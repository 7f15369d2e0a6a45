import { namedStruct, type TypeNode } from '@rivulet/wire'
import { arrayDraft } from './optimistic-draft-array.ts'
import { DraftMap } from './optimistic-draft-map.ts'
import { DraftSet } from './optimistic-draft-set.ts'
import { structDraft } from './optimistic-draft-struct.ts'
import { bindDraft, type DraftPlace, type DraftScope, isKnown, plainCopy, valueOf } from './optimistic-place.ts'
import { isBoxed } from './schema-walk.ts'

/** The draft of a whole state. */
export function rootDraft(scope: DraftScope, root: TypeNode): unknown {
  return faceOf({ scope, path: [], node: root })
}

/** A draft of a container, null or undefined where there is none; a copy of anything else, which has to be assigned to change something. */
function faceOf(place: DraftPlace): unknown {
  const node = containerOf(place.node)
  if (node === undefined) return plainCopy(valueOf(place))
  // What is not known yet passes for something that is there: its parts may be known.
  if (isKnown(place)) {
    const value = valueOf(place)
    if (value === null || value === undefined) return value
  }
  return bindDraft(draftOf(place, node), place)
}

function draftOf(place: DraftPlace, node: Container): object {
  switch (node.kind) {
    case 'struct':
      return structDraft(place, namedStruct(place.scope.source.types, node.ref), faceOf)
    case 'map':
      return new DraftMap(place, faceOf)
    case 'set':
      return new DraftSet(place)
    default:
      return arrayDraft(place, faceOf)
  }
}

type Container = Extract<TypeNode, { readonly kind: 'struct' | 'map' | 'set' | 'array' }>

/** The container at a place; undefined for what is one value, boxes among them. */
function containerOf(node: TypeNode): Container | undefined {
  let at = node
  while (at.kind === 'pointer') {
    if (isBoxed(at)) return undefined
    at = at.elem
  }
  return at.kind === 'struct' || at.kind === 'map' || at.kind === 'set' || at.kind === 'array' ? at : undefined
}
