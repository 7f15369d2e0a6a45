import {
  canBeNull,
  type Path,
  type PathPart,
  RivuletError,
  type StoreDef,
  namedStruct,
  type TypeNode,
  type Types,
} from '@rivulet/wire'

/** What a key of a set reads as, when it is there. */
const PRESENT: TypeNode = { kind: 'bool' }
const BYTE: TypeNode = { kind: 'uint8' }

/** Whether a pointer's value is boxed (`{ value }`), because what it points to can be null itself. */
export function isBoxed(node: TypeNode): boolean {
  return node.kind === 'pointer' && node.notNull !== true && canBeNull(node.elem)
}

/** The type behind any pointers. */
export function behindPointers(node: TypeNode): TypeNode {
  let at = node
  while (at.kind === 'pointer') at = at.elem
  return at
}

/** The type one part below `node`; `undefined` when there is no such place. */
export function childNode(types: Types, node: TypeNode, part: PathPart): TypeNode | undefined {
  const at = behindPointers(node)
  switch (at.kind) {
    case 'struct':
      return namedStruct(types, at.ref).fields.find((field) => field.name === part)?.type
    case 'array':
      return isIndex(part) ? at.elem : undefined
    case 'map':
      return fitsKey(at.key, part) ? at.value : undefined
    case 'set':
      return fitsKey(at.key, part) ? PRESENT : undefined
    case 'bytes':
      return isIndex(part) ? BYTE : undefined
    default:
      return undefined
  }
}

/** The value one part below `value`, which is of type `node`; `undefined` when it is not there. */
export function childValue(node: TypeNode, value: unknown, part: PathPart): unknown {
  let at = node
  let here = value
  while (at.kind === 'pointer') {
    if (here === null || here === undefined) return undefined
    if (isBoxed(at)) here = (here as { value: unknown }).value
    at = at.elem
  }
  if (here === null || here === undefined) return undefined
  switch (at.kind) {
    case 'struct':
    case 'array':
      return Object.hasOwn(here, part as PropertyKey)
        ? (here as Record<PropertyKey, unknown>)[part as PropertyKey]
        : undefined
    case 'map':
      return (here as ReadonlyMap<unknown, unknown>).get(part)
    case 'set':
      return (here as ReadonlySet<unknown>).has(part) ? true : undefined
    case 'bytes':
      return (here as Uint8Array)[part as number]
    default:
      return undefined
  }
}

/** The type at `path` of a store. Throws `path`, naming the part that leads nowhere and what could stand there. */
export function typeAt(def: StoreDef, root: TypeNode, path: Path): TypeNode {
  let node = root
  for (const [i, part] of path.entries()) {
    const next = childNode(def.types, node, part)
    if (next === undefined) {
      throw new RivuletError('path', `no such path (part ${i + 1}, ${show(part)})`, {
        store: def.name,
        path,
        hint: expectation(def.types, node),
      })
    }
    node = next
  }
  return node
}

function expectation(types: Types, node: TypeNode): string {
  const at = behindPointers(node)
  switch (at.kind) {
    case 'struct':
      return `Expected one of: ${namedStruct(types, at.ref)
        .fields.map((field) => field.name)
        .join(', ')}.`
    case 'array':
    case 'bytes':
      return 'Expected a list index.'
    case 'map':
    case 'set':
      return `Expected a key of type ${keyType(at.key)}.`
    default:
      return `A value of type ${at.kind} has no parts.`
  }
}

function show(part: PathPart): string {
  return typeof part === 'string' ? `"${part}"` : `${part} (a ${typeof part})`
}

function isIndex(part: PathPart): boolean {
  return typeof part === 'number' && Number.isInteger(part) && part >= 0
}

function fitsKey(key: TypeNode, part: PathPart): boolean {
  return typeof part === keyType(key)
}

function keyType(key: TypeNode): 'string' | 'boolean' | 'bigint' | 'number' {
  if (key.kind === 'string') return 'string'
  if (key.kind === 'bool') return 'boolean'
  return 'as' in key && key.as === 'bigint' ? 'bigint' : 'number'
}
