import { type Path, type PathPart, structOf, type TypeNode, type Types } from '@rivulet/wire'
import { formatLeaf } from './format-value.ts'
import { openValue, type OpenValue } from './open-value.ts'

/** One line of a tree. */
export interface TreeRow {
  /** Empty for the root. As the wire has paths, except below an `any`, where the wire has none. */
  readonly path: Path
  /** As the schema has it. */
  readonly node: TypeNode
  readonly value: unknown
  /** Behind pointers and an `any`. */
  readonly open: OpenValue
  /** 0 = the root. */
  readonly depth: number
  /** From 1, among its siblings. */
  readonly position: number
  readonly siblings: number
  /** How many rows it can unfold. */
  readonly children: number
  readonly expanded: boolean
  /** A key of a set: there is nothing but the key. */
  readonly member: boolean
  /** Below an `any`: nothing can subscribe to it by itself. */
  readonly inside: boolean
}

/** A value as rows, unfolded here and there. Nothing is kept per row: 100,000 entries cost their list of keys. */
export interface TreeRows {
  /** Shows this value from now on. What is unfolded stays so where it still is. */
  show(types: Types, node: TypeNode, value: unknown): void
  readonly count: number
  at(index: number): TreeRow | undefined
  /** -1 while it is folded away, or not there. */
  indexOf(path: Path): number
  /** Whether it unfolds what it has; `expand` without an answer of its own. */
  expand(path: Path, expanded: boolean): void
  /** Unfolds everything above a path. */
  reveal(path: Path): void
  /** Every place whose key or value has this text in it, not caring for case. Yields undefined now and then, so that whoever asks can pause. */
  search(text: string): Generator<Path | undefined>
}

/** What is unfolded. */
type Unfolded = Map<PathPart, Unfolded>

/** An unfolded value: how many rows it has, with its own, and which of its children are unfolded. */
interface Layout {
  readonly open: OpenValue
  readonly children: number
  readonly rows: number
  /** In order. `start` counts from the first child's row. */
  readonly opened: readonly { readonly index: number; readonly start: number; readonly layout: Layout }[]
}

interface Place {
  readonly part: PathPart
  readonly node: TypeNode
  readonly value: unknown
  readonly member: boolean
}

/** Makes the rows of a tree; empty until it shows something. */
export function createTreeRows(): TreeRows {
  let types: Types = []
  let root: { readonly node: TypeNode; readonly value: unknown } | undefined
  let unfolded: Unfolded | undefined = new Map()
  let layout: Layout | undefined

  const layOut = (node: TypeNode, value: unknown, below: Unfolded): Layout => {
    const open = openValue(node, value)
    const children = childCount(types, open)
    const opened: { index: number; start: number; layout: Layout }[] = []
    let start = 0
    let last = -1
    const places = [...below].map(([part, further]) => ({ index: childIndex(types, open, part), further }))
    for (const { index, further } of places.toSorted((a, b) => a.index - b.index)) {
      const child = index < 0 ? undefined : childAt(types, open, index)
      if (child === undefined) continue
      const inner = layOut(child.node, child.value, further)
      if (inner.children === 0) continue
      start += index - last - 1
      opened.push({ index, start, layout: inner })
      start += inner.rows
      last = index
    }
    return { open, children, rows: 1 + start + (children - last - 1), opened }
  }
  const refresh = (): void => {
    layout = root === undefined || unfolded === undefined ? undefined : layOut(root.node, root.value, unfolded)
  }

  const rowOf = (place: Omit<Place, 'part'>, path: Path, inside: boolean, at: [number, number], expanded: boolean) => {
    const open = openValue(place.node, place.value)
    const [position, siblings] = at
    const children = place.member ? 0 : childCount(types, open)
    const { node, value, member } = place
    return { path, node, value, open, depth: path.length, position, siblings, children, expanded, member, inside }
  }

  const rows: TreeRows = {
    show(nextTypes, node, value) {
      types = nextTypes
      root = { node, value }
      refresh()
    },
    get count() {
      return root === undefined ? 0 : (layout?.rows ?? 1)
    },
    at(index) {
      if (root === undefined || index < 0 || index >= rows.count) return undefined
      const path: PathPart[] = []
      let place: Omit<Place, 'part'> = { ...root, member: false }
      let at: [number, number] = [1, 1]
      let inside = false
      let here = layout
      for (let left = index; left > 0 && here !== undefined;) {
        left--
        const slot = lastBefore(here.opened, left)
        const beyond = slot === undefined ? left : left - slot.start - slot.layout.rows
        const within = slot !== undefined && beyond < 0
        const child: number = slot === undefined ? left : within ? slot.index : slot.index + 1 + beyond
        const found = childAt(types, here.open, child) as Place
        at = [child + 1, here.children]
        inside ||= here.open.dynamic
        path.push(found.part)
        place = found
        left = within ? left - slot.start : 0
        here = within ? slot.layout : undefined
      }
      return rowOf(place, path, inside, at, here !== undefined && here.children > 0)
    },
    indexOf(path) {
      let index = 0
      let here = layout
      for (const part of path) {
        if (here === undefined) return -1
        const child = childIndex(types, here.open, part)
        if (child < 0) return -1
        const slot = here.opened.findLast((s) => s.index <= child)
        index += 1 + (slot === undefined ? child : slot.start)
        if (slot !== undefined && slot.index < child) index += slot.layout.rows + (child - slot.index - 1)
        here = slot?.index === child ? slot.layout : undefined
      }
      return root === undefined ? -1 : index
    },
    expand(path, expanded) {
      const last = path.at(-1)
      if (last === undefined) {
        // Folding the root forgets what was unfolded below it; so does every other place.
        unfolded = expanded ? (unfolded ?? new Map()) : undefined
        return refresh()
      }
      if (expanded) unfolded ??= new Map()
      let below = unfolded
      for (const part of path.slice(0, -1)) {
        let next = below?.get(part)
        if (next === undefined && expanded) below?.set(part, (next = new Map()))
        below = next
      }
      if (!expanded) below?.delete(last)
      else if (below?.has(last) === false) below.set(last, new Map())
      refresh()
    },
    reveal(path) {
      if (path.length > 0) rows.expand(path.slice(0, -1), true)
    },
    *search(text) {
      const wanted = text.toLowerCase()
      if (root !== undefined && wanted !== '') yield* find(types, root.node, root.value, wanted, [])
    },
  }
  return rows
}

/** The last that starts at or before this row. */
function lastBefore(opened: Layout['opened'], row: number): Layout['opened'][number] | undefined {
  let [low, high] = [0, opened.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((opened[middle] as Layout['opened'][number]).start <= row) low = middle + 1
    else high = middle
  }
  return opened[low - 1]
}

const PAUSE_EVERY = 200

function* find(
  types: Types,
  node: TypeNode,
  value: unknown,
  wanted: string,
  path: PathPart[],
): Generator<Path | undefined> {
  const open = openValue(node, value)
  const count = childCount(types, open)
  if (path.length === 0 && leafText(open).includes(wanted)) yield []
  for (let i = 0; i < count; i++) {
    if (i % PAUSE_EVERY === PAUSE_EVERY - 1) yield undefined
    const child = childAt(types, open, i) as Place
    path.push(child.part)
    if (String(child.part).toLowerCase().includes(wanted)) yield [...path]
    // What has its name in the list already is not listed again for its value, but what is below it is.
    else if (!child.member && leafText(openValue(child.node, child.value)).includes(wanted)) yield [...path]
    if (!child.member) yield* find(types, child.node, child.value, wanted, path)
    path.pop()
  }
}

/** In small letters; of what has parts nothing. */
function leafText({ node, value }: OpenValue): string {
  const hasParts = node.kind === 'struct' || node.kind === 'array' || node.kind === 'map' || node.kind === 'set'
  return hasParts ? '' : formatLeaf(node, value, 4096).toLowerCase()
}

/**
 * The value at a path of a tree, behind pointers and `any`s; undefined where there is none.
 *
 * @example
 * valueInTree(types, stateNode(def), state, ['cells', 4, 'owner'])?.value
 */
export function valueInTree(types: Types, node: TypeNode, value: unknown, path: Path): OpenValue | undefined {
  let open = openValue(node, value)
  for (const part of path) {
    const index = childIndex(types, open, part)
    const child = index < 0 ? undefined : childAt(types, open, index, part)
    if (child === undefined) return undefined
    open = openValue(child.node, child.value)
  }
  return open
}

function childCount(types: Types, { node, value }: OpenValue): number {
  if (value === null || value === undefined) return 0
  switch (node.kind) {
    case 'struct':
      return structOf(types, node.ref).fields.length
    case 'array':
      return (value as readonly unknown[]).length
    case 'map':
    case 'set':
      return (value as ReadonlySet<unknown>).size
    default:
      return 0
  }
}

type Entries = ReadonlyMap<PathPart, unknown>

/** The child at a place among its siblings; `part` where it is known already. */
function childAt(types: Types, { node, value }: OpenValue, index: number, part?: PathPart): Place | undefined {
  switch (node.kind) {
    case 'struct': {
      const field = structOf(types, node.ref).fields[index]
      if (field === undefined) return undefined
      const { name, type } = field
      return { part: name, node: type, value: (value as Readonly<Record<string, unknown>>)[name], member: false }
    }
    case 'array':
      return { part: index, node: node.elem, value: (value as readonly unknown[])[index], member: false }
    case 'map': {
      const key = part ?? keysOf(value as Entries).keys[index]
      if (key === undefined) return undefined
      return { part: key, node: node.value, value: (value as Entries).get(key), member: false }
    }
    case 'set': {
      const key = part ?? keysOf(value as ReadonlySet<PathPart>).keys[index]
      if (key === undefined) return undefined
      return { part: key, node: node.key, value: key, member: true }
    }
    default:
      return undefined
  }
}

function childIndex(types: Types, open: OpenValue, part: PathPart): number {
  const { node, value } = open
  if (value === null || value === undefined) return -1
  switch (node.kind) {
    case 'struct':
      return structOf(types, node.ref).fields.findIndex(({ name }) => name === part)
    case 'array':
      return typeof part === 'number' && part in (value as readonly unknown[]) ? part : -1
    case 'map':
    case 'set': {
      const keyed = value as Entries
      if (!keyed.has(part)) return -1
      const known = keysOf(keyed)
      known.index ??= new Map(known.keys.map((key, i) => [key, i]))
      return known.index.get(part) as number
    }
    default:
      return -1
  }
}

interface Keys {
  readonly keys: readonly PathPart[]
  index?: ReadonlyMap<PathPart, number>
}

/** Hosts may send maps in any order, so that short ones are sorted; long ones stay as they came. */
const SORT_UP_TO = 2000
const known = new WeakMap<object, Keys>()

function keysOf(keyed: Entries | ReadonlySet<PathPart>): Keys {
  let found = known.get(keyed)
  if (found === undefined) {
    const keys = [...keyed.keys()]
    if (keys.length <= SORT_UP_TO) keys.sort(inOrder)
    known.set(keyed, (found = { keys }))
  }
  return found
}

function inOrder(a: PathPart, b: PathPart): number {
  return a < b ? -1 : a > b ? 1 : 0
}
