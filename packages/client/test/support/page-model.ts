import {
  decodeValue,
  type MapNode,
  nodeAt,
  type Path,
  type PathPart,
  type StoreDef,
  stateNode,
  type TypeNode,
  type Types,
  zeroOf,
} from '@rivulet/wire'
import type { RowsChange } from '../../src/list-query.ts'
import { editKeys } from '../../src/page/edit-keys.ts'
import { readPatch } from '../../src/read-patch.ts'
import type { PathStatus, PlainError } from '../../src/protocol.ts'
import type { Blob } from '../../src/row-block.ts'

/** What one watch shows. */
export interface Seen {
  status: PathStatus
  error: PlainError | undefined
  /** undefined = nothing has come, or `missing`; of a watch with a query {@link SeenKeys}, or all changes of rows. */
  value: unknown
  missing: boolean
  /** Records that carried a value or changes. */
  updates: number
  /** Of a table, by the numbers of its rows. */
  keys: unknown[]
}

function texts({ bytes, ends }: Blob): Uint8Array[] {
  return [...ends].map((end, i) => bytes.slice(i === 0 ? 0 : ends[i - 1], end))
}

function keyIn(node: MapNode, bytes: Uint8Array): unknown {
  return node.key.kind === 'string' ? new TextDecoder().decode(bytes) : new Float64Array(bytes.buffer)[0]
}

/** The value of a watch of keys. */
export interface SeenKeys {
  readonly total: number
  readonly keys: readonly PathPart[]
}

/** The simplest page that is right: decodes everything at once and changes it in place. Patches must lead it to the same values as the engine's state. */
export class PageModel {
  readonly seen = new Map<number, Seen>()
  readonly watched = new Map<number, { def: StoreDef; path: Path }>()
  /** Ids that records came for although nobody watches them. */
  readonly strays: number[] = []
  patches = 0

  watch(id: number, def: StoreDef, path: Path): void {
    this.watched.set(id, { def, path })
    this.seen.set(id, { status: 'idle', error: undefined, value: undefined, missing: false, updates: 0, keys: [] })
  }

  unwatch(id: number): void {
    this.watched.delete(id)
    this.seen.delete(id)
  }

  take(buffer: ArrayBuffer): void {
    this.patches++
    readPatch(buffer, {
      status: (id, status, error) => this.#with(id, (s) => Object.assign(s, { status, error })),
      missing: (id) =>
        this.#with(id, (s) => Object.assign(s, { value: undefined, missing: true, updates: s.updates + 1 })),
      value: (id, bytes) =>
        this.#with(id, (s, { def, path }) => {
          s.value = decodeValue(def.types, nodeAt(def.types, stateNode(def), path) as TypeNode, bytes.slice())
          s.missing = false
          s.updates++
        }),
      changes: (id, changes) =>
        this.#with(id, (s, { def, path }) => {
          const node = nodeAt(def.types, stateNode(def), path) as TypeNode
          if (s.value === null || s.value === undefined) throw new Error('changes of a value that is not there')
          for (const change of changes)
            s.value = changed(def.types, node, s.value, change.path, change.bytes?.slice() ?? null)
          s.updates++
        }),
      keys: (id, change) =>
        this.#with(id, (s) => {
          const before = (s.value as SeenKeys | undefined)?.keys ?? []
          s.value = { total: change.total, keys: editKeys(before, change) } satisfies SeenKeys
          s.updates++
        }),
      rowsChange: (id, change) =>
        this.#with(id, (s) => {
          s.value = [...((s.value as RowsChange[] | undefined) ?? []), change]
          s.updates++
        }),
      table: (id, block) =>
        this.#with(id, (s, { def, path }) => {
          const node = nodeAt(def.types, stateNode(def), path) as MapNode
          const keys = texts(block.keys).map((bytes) => keyIn(node, bytes))
          s.keys = [...keys]
          s.value = new Map(texts(block.rows).map((row, i) => [keys[i], decodeValue(def.types, node.value, row)]))
          s.missing = false
          s.updates++
        }),
      rows: (id, block) =>
        this.#with(id, (s, { def, path }) => {
          const node = nodeAt(def.types, stateNode(def), path) as MapNode
          const map = s.value as Map<unknown, unknown>
          const rows = texts(block.rows).map((row) => decodeValue(def.types, node.value, row))
          for (const n of [...block.changed, ...block.gone])
            if (!map.has(s.keys[n])) throw new Error(`there is no row ${n}`)
          block.changed.forEach((n, i) => map.set(s.keys[n], rows[i]))
          block.gone.forEach((n) => map.delete(s.keys[n]))
          for (const [i, bytes] of texts(block.keys).entries()) {
            const key = keyIn(node, bytes)
            if (map.has(key)) throw new Error(`row ${String(key)} came twice`)
            s.keys.push(key)
            map.set(key, rows[block.changed.length + i])
          }
          if (s.keys.length > 2 * map.size + 1024) s.keys = [...map.keys()]
          s.updates++
        }),
    })
  }

  get(id: number): Seen {
    const seen = this.seen.get(id)
    if (seen === undefined) throw new Error(`watch ${id} is not there`)
    return seen
  }

  #with(id: number, run: (seen: Seen, watch: { def: StoreDef; path: Path }) => void): void {
    const seen = this.seen.get(id)
    const watch = this.watched.get(id)
    if (seen === undefined || watch === undefined) this.strays.push(id)
    else run(seen, watch)
  }
}

function changed(types: Types, node: TypeNode, value: unknown, path: Path, bytes: Uint8Array | null): unknown {
  const [part, ...rest] = path as [PathPart, ...PathPart[]]
  let inner = node
  while (inner.kind === 'pointer') inner = inner.elem
  const child = nodeAt(types, node, [part]) as TypeNode
  const next = (old: unknown): unknown =>
    rest.length === 0 ? decodeValue(types, child, bytes) : changed(types, child, old, rest, bytes)
  const gone = rest.length === 0 && bytes === null
  // Made by being modified: the host started from zero, and so does the page.
  value ??= inner.kind === 'map' ? new Map() : inner.kind === 'array' ? [] : zeroOf(types, inner)
  if (inner.kind === 'map') {
    const map = value as Map<unknown, unknown>
    if (gone) map.delete(part)
    else map.set(part, next(map.get(part)))
  } else if (inner.kind === 'array') {
    const list = value as unknown[]
    const index = part as number
    if (gone) list.length = Math.min(list.length, index)
    else {
      while (list.length < index) list.push(zeroOf(types, inner.elem))
      list[index] = next(list[index])
    }
  } else {
    const struct = value as Record<string, unknown>
    struct[part as string] = next(struct[part as string])
  }
  return value
}
