import { nodeAt, type Path, type PathPart, type StoreDef, stateNode, type TypeNode } from '@rivulet/wire'

/**
 * A place in a store as the attribution of bytes writes it (`inspectMessage`): `BoardStore.cells["a1"].owner`.
 *
 * @example
 * attributedPath(def, ['cells', 'a1'])
 */
export function attributedPath(def: StoreDef, path: Path): string {
  return path.reduce<string>((text, part, i) => {
    const parent = behindPointers(nodeAt(def.types, stateNode(def), path.slice(0, i)))
    if (parent?.kind === 'struct') return `${text}.${String(part)}`
    return `${text}[${typeof part === 'string' ? JSON.stringify(part) : String(part)}]`
  }, def.name)
}

/** Reads what {@link attributedPath} writes; undefined for what is no place in this store. */
export function parseAttributedPath(def: StoreDef, text: string): Path | undefined {
  if (!text.startsWith(def.name)) return undefined
  const path: PathPart[] = []
  const part = /\.([^.[]+)|\[("(?:[^"\\]|\\.)*"|[^\]]*)\]/y
  part.lastIndex = def.name.length
  while (part.lastIndex < text.length) {
    const found = part.exec(text)
    const parent = behindPointers(nodeAt(def.types, stateNode(def), path))
    if (found === null || parent === undefined) return undefined
    const [, field, key] = found
    const next = field ?? keyOf(parent, key as string)
    if (next === undefined) return undefined
    path.push(next)
  }
  return nodeAt(def.types, stateNode(def), path) === null ? undefined : path
}

function keyOf(parent: TypeNode, text: string): PathPart | undefined {
  if (parent.kind === 'array' || parent.kind === 'bytes') return Number(text)
  if (parent.kind !== 'map' && parent.kind !== 'set') return undefined
  switch (parent.key.kind) {
    case 'string':
      return text.startsWith('"') ? (JSON.parse(text) as string) : undefined
    case 'bool':
      return text === 'true'
    default:
      return 'as' in parent.key && parent.key.as === 'bigint' && /^-?\d+$/.test(text) ? BigInt(text) : Number(text)
  }
}

function behindPointers(node: TypeNode | null): TypeNode | undefined {
  let at = node
  while (at?.kind === 'pointer') at = at.elem
  return at ?? undefined
}
