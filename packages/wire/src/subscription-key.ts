import { RivuletError } from './errors.ts'
import { fieldNamed, isIndex, throughPointers } from './node-at.ts'
import type { FieldDef, KeyNode, Path, PathPart, StoreDef, TypeNode, Types } from './schema.ts'
import { structOf, wireNameOf } from './struct-table.ts'

/** Stands between the parts of a key; there is no escaping. */
const SEPARATOR = '%&'

/**
 * A subscription key as it travels → the path it means, with property names and typed keys (wire.md §9.6): `Items%&k%&Name` → `['items', 'k', 'name']`.
 * The empty key is the whole store, `[]`. Names may start with a capital or not; `urlPath` is *not* a spelling of `URLPath`, because no host takes it for one.
 * Parts below a value that has no parts are kept as strings: hosts serve such keys as if they ended there.
 *
 * Returns null when the key leads nowhere.
 *
 * @example
 * parseKey(BoardStore, 'Cells%&4') // ['cells', 4]
 */
export function parseKey(def: StoreDef, key: string): Path | null {
  if (key === '') return []
  const out: PathPart[] = []
  let node: TypeNode | null = { kind: 'struct', ref: def.state }
  for (const part of key.split(SEPARATOR)) {
    const step: Step | null = node === null ? { part, node: null } : parsePart(def.types, throughPointers(node), part)
    if (step === null) return null
    out.push(step.part)
    node = step.node
  }
  return out
}

interface Step {
  readonly part: PathPart
  readonly node: TypeNode | null
}

function parsePart(types: Types, node: TypeNode, part: string): Step | null {
  switch (node.kind) {
    case 'struct': {
      const wanted = clientName(part)
      const field = structOf(types, node.ref).fields.find((f) => clientName(wireNameOf(f)) === wanted)
      return field === undefined ? null : { part: field.name, node: field.type }
    }
    case 'array':
      return indexStep(part, node.elem)
    case 'bytes':
      return indexStep(part, null)
    case 'map':
      return keyStep(node.key, part, node.value)
    case 'set':
      return keyStep(node.key, part, null)
    default:
      return { part, node: null }
  }
}

/** The form in which hosts compare struct names: first letter lower-cased, unless there is an underscore. */
function clientName(name: string): string {
  return name.includes('_') ? name : name.charAt(0).toLowerCase() + name.slice(1)
}

function indexStep(part: string, node: TypeNode | null): Step | null {
  const index = Number(part)
  return /^\d+$/.test(part) && Number.isSafeInteger(index) ? { part: index, node } : null
}

function keyStep(key: KeyNode, part: string, node: TypeNode | null): Step | null {
  const parsed = parseMapKey(key, part)
  return parsed === null ? null : { part: parsed, node }
}

const RANGES: Readonly<Record<string, readonly [bigint, bigint]>> = {
  int8: [-0x80n, 0x7fn],
  int16: [-0x8000n, 0x7fffn],
  int32: [-0x80000000n, 0x7fffffffn],
  int64: [-(1n << 63n), (1n << 63n) - 1n],
  uint8: [0n, 0xffn],
  uint16: [0n, 0xffffn],
  uint32: [0n, 0xffffffffn],
  uint64: [0n, (1n << 64n) - 1n],
}

function parseMapKey(key: KeyNode, part: string): PathPart | null {
  switch (key.kind) {
    case 'string':
      return part
    case 'bool':
      return part === 'true' ? true : part === 'false' ? false : null
    case 'float32':
    case 'float64': {
      const value = Number(part)
      return part.trim() === '' || Number.isNaN(value) ? null : value
    }
    default: {
      if (!/^[+-]?\d{1,20}$/.test(part)) return null
      const value = BigInt(part.replace(/^\+/, ''))
      const [min, max] = RANGES[key.kind] as readonly [bigint, bigint]
      if (value < min || value > max) return null
      if ('as' in key && key.as === 'bigint') return value
      const n = Number(value)
      return Number.isSafeInteger(n) ? n : null
    }
  }
}

/**
 * A path → the subscription key that every host understands: the names of the host's source (`urlPath` → `URLPath`), keys and indices as text (wire.md §9.6).
 *
 * Throws `RivuletError` `path` for a field that does not exist, a part of the wrong type, or a key that contains `%&` and so cannot be written.
 *
 * @example
 * formatKey(BoardStore, ['cells', 4]) // 'Cells%&4'
 */
export function formatKey(def: StoreDef, path: Path): string {
  let node: TypeNode | null = { kind: 'struct', ref: def.state }
  const parts = path.map((part, i) => {
    const at: TypeNode | null = node === null ? null : throughPointers(node)
    const step = at === null ? null : formatPart(def.types, at, part)
    if (step === null) {
      throw new RivuletError('path', 'the path leads nowhere', {
        store: def.name,
        path: path.slice(0, i + 1),
        hint:
          at?.kind === 'struct'
            ? `Fields here: ${namesIn(def.types, at.ref)}.`
            : `Here is a ${at?.kind ?? 'value without parts'}.`,
      })
    }
    if (step.text.includes(SEPARATOR)) {
      throw new RivuletError('path', `a key that contains "${SEPARATOR}" cannot be subscribed to`, {
        store: def.name,
        path: path.slice(0, i + 1),
        hint: 'Subscribe to what holds it.',
      })
    }
    node = step.node
    return step.text
  })
  return parts.join(SEPARATOR)
}

interface Written {
  readonly text: string
  readonly node: TypeNode | null
}

function namesIn(types: Types, ref: string): string {
  return structOf(types, ref)
    .fields.map((f: FieldDef) => f.name)
    .join(', ')
}

function formatPart(types: Types, node: TypeNode, part: PathPart): Written | null {
  switch (node.kind) {
    case 'struct': {
      const field = fieldNamed(structOf(types, node.ref).fields, part)
      return field === undefined ? null : { text: wireNameOf(field), node: field.type }
    }
    case 'array':
      return isIndex(part) ? { text: String(part), node: node.elem } : null
    case 'bytes':
      return isIndex(part) ? { text: String(part), node: null } : null
    case 'map':
      return isKeyOf(node.key, part) ? { text: String(part), node: node.value } : null
    case 'set':
      return isKeyOf(node.key, part) ? { text: String(part), node: null } : null
    default:
      return null
  }
}

function isKeyOf(key: KeyNode, part: PathPart): boolean {
  if (key.kind === 'string') return typeof part === 'string'
  if (key.kind === 'bool') return typeof part === 'boolean'
  if (key.kind === 'int64' || key.kind === 'uint64') return typeof part === 'bigint' || Number.isSafeInteger(part)
  return typeof part === 'number'
}
