import { structOf, type StructDef, type StructTable, type TypeNode, type Types } from '@rivulet/wire'

interface Typed {
  readonly types: Types
}

/** Per descriptor, by the number of its roots: with as many they are the same ones. */
const slim = new WeakMap<Typed, Typed[]>()

/**
 * The same descriptor with only the structs that are reachable from `roots`: a descriptor shares its module's tables, and posting all of them to the worker
 * with every call would cost more than the call.
 */
export function slimDef<D extends Typed>(def: D, roots: readonly string[]): D {
  const known = slim.get(def) ?? []
  const found = known[roots.length]
  if (found !== undefined) return found as D
  const table: Record<string, StructDef> = {}
  for (const ref of roots) collect(def.types, ref, table)
  const types: readonly StructTable[] = [table]
  const made = { ...def, types }
  known[roots.length] = made
  slim.set(def, known)
  return made
}

function collect(types: Types, ref: string, into: Record<string, StructDef>): void {
  if (Object.hasOwn(into, ref)) return
  const def = structOf(types, ref)
  into[ref] = def
  for (const field of def.fields) collectNode(types, field.type, into)
}

function collectNode(types: Types, node: TypeNode, into: Record<string, StructDef>): void {
  switch (node.kind) {
    case 'struct':
      collect(types, node.ref, into)
      return
    case 'pointer':
    case 'array':
      collectNode(types, node.elem, into)
      return
    case 'map':
      collectNode(types, node.value, into)
      return
    default:
  }
}
