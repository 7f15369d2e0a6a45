import { RivuletError } from './errors.ts'
import type { FieldDef, StructDef, TypeNode, Types } from './schema.ts'

/** How deep a type may nest before a struct gives it a name; compiling it recurses as deep. */
const MAX_NODE_DEPTH = 64

const SIMPLE = new Set(
  'bool string int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64 time bytes any'.split(' '),
)
const NOT_KEYS = new Set(['time', 'bytes', 'any'])

/** The struct called `ref`, unchecked; undefined when no table has it. */
function findStruct(types: Types, ref: string): StructDef | undefined {
  for (const table of types) {
    if (Object.hasOwn(table, ref)) return table[ref]
  }
  return undefined
}

/** Checks one struct. */
export function checkStruct(types: Types, ref: string, def: StructDef): void {
  const refuse = (what: string, field?: FieldDef): never => {
    throw new RivuletError('schema', `struct "${ref}": ${what}`, field === undefined ? {} : { path: [field.name] })
  }
  const fielded = def.form === 'fielded' || def.form === 'partial'
  if (!fielded && def.form !== 'flat') refuse(`unknown form "${String(def.form)}"`)
  const seen = new Set<string | number>()
  for (const field of def.fields) {
    const { id, name } = field
    if (typeof name !== 'string' || name === '') refuse('a field has no name')
    if (seen.has(name)) refuse('two fields have this name', field)
    seen.add(name)
    if (fielded) {
      if (id === undefined) refuse('a field needs an id', field)
      if (!Number.isInteger(id) || (id as number) < 1 || (id as number) > 255)
        refuse(`id ${id} is not between 1 and 255`, field)
      if (seen.has(id as number)) refuse(`two fields have id ${id}`, field)
      seen.add(id as number)
    }
    const problem = problemOf(types, field.type, 0)
    if (problem !== undefined) refuse(problem, field)
    if (field.mod === true) {
      if (def.form !== 'partial') refuse(`\`mod\` needs a partial struct, this one is ${def.form}`, field)
      const target = modTarget(field.type)
      if (target === undefined || findStruct(types, target)?.form !== 'partial')
        refuse('`mod` needs a partial struct below it', field)
    }
    if (contains(types, field.type, ref, new Set())) {
      refuse('the struct contains itself by value, so it could never end; put a pointer in between', field)
    }
  }
}

/** What is wrong with a type, if anything. */
export function problemOf(types: Types, node: TypeNode, depth: number): string | undefined {
  if (depth > MAX_NODE_DEPTH) return `the type nests deeper than ${MAX_NODE_DEPTH} levels`
  switch (node?.kind) {
    case 'array':
      if (node.elem?.kind === 'uint8') return 'a list of uint8 travels as raw bytes: use kind "bytes"'
      return (
        problemOf(types, node.elem, depth + 1) ??
        (isEmpty(types, node.elem) ? 'the elements of the list take no bytes' : undefined)
      )
    case 'pointer':
      return problemOf(types, node.elem, depth + 1)
    case 'map':
      return keyProblem(node.key) ?? problemOf(types, node.value, depth + 1)
    case 'set':
      return keyProblem(node.key)
    case 'struct':
      return findStruct(types, node.ref) === undefined ? `no struct is called "${node.ref}"` : undefined
    default:
      return SIMPLE.has(node?.kind) ? undefined : `unknown kind "${(node as TypeNode | undefined)?.kind}"`
  }
}

function keyProblem(key: TypeNode): string | undefined {
  return SIMPLE.has(key?.kind) && !NOT_KEYS.has(key.kind) ? undefined : `a key cannot be of kind "${key?.kind}"`
}

function modTarget(node: TypeNode): string | undefined {
  const part = node.kind === 'array' ? node.elem : node.kind === 'map' ? node.value : node
  const inner = part.kind === 'pointer' ? part.elem : part
  return inner.kind === 'struct' ? inner.ref : undefined
}

function structFields(types: Types, ref: string): readonly FieldDef[] {
  return findStruct(types, ref)?.fields ?? []
}

/** Whether a value of this type always holds a `ref` inside, with no null or empty collection in between. */
function contains(types: Types, node: TypeNode, ref: string, seen: Set<string>): boolean {
  if (node.kind === 'pointer') return node.notNull === true && contains(types, node.elem, ref, seen)
  if (node.kind !== 'struct') return false
  if (node.ref === ref) return true
  if (seen.has(node.ref)) return false
  seen.add(node.ref)
  return structFields(types, node.ref).some((f) => contains(types, f.type, ref, seen))
}

/** Whether every value of this type takes no bytes at all, so that nothing could bound how many follow. */
function isEmpty(types: Types, node: TypeNode): boolean {
  if (node.kind === 'pointer') return node.notNull === true && isEmpty(types, node.elem)
  if (node.kind !== 'struct') return false
  const def = findStruct(types, node.ref)
  // A struct that contains itself is refused by its own check.
  return (
    def?.form === 'flat' &&
    def.fields.every((f) => !contains(types, f.type, node.ref, new Set()) && isEmpty(types, f.type))
  )
}
