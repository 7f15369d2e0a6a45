import { type Path, type PathPart, RivuletError, type TypeNode, type Types } from '@rivulet/wire'
import { GONE, startsWith, type Write, written } from './optimistic-writes.ts'
import { childNode } from './schema-walk.ts'

/** What a recipe reads of a store: the server's state with the changes of earlier calls. */
interface DraftSource {
  readonly name: string
  readonly types: Types
  /** What is at `path`; asked only where `loaded`. */
  read(path: Path): unknown
  /** Whether anything is known of it. */
  loaded(path: Path): boolean
}

/** One store in one run of a recipe. */
export interface DraftScope {
  readonly source: DraftSource
  /** What the recipe has changed so far, in order. */
  readonly writes: Write[]
  /** The first thing that the recipe has asked for although it is not loaded. */
  missing: Path | null
  closed: boolean
}

/** A place of the state. Drafts stand for places: what is there is looked up whenever it is asked for. */
export interface DraftPlace {
  readonly scope: DraftScope
  readonly path: Path
  readonly node: TypeNode
}

/** What a recipe gets for a place; see optimistic-draft.ts. */
export type FaceOf = (place: DraftPlace) => unknown

// So that a draft that is assigned somewhere is known for one.
const places = new WeakMap<object, DraftPlace>()

/** Remembers which place a draft stands for. */
export function bindDraft<T extends object>(draft: T, place: DraftPlace): T {
  places.set(draft, place)
  return draft
}

/** The place one part below. Undefined where the schema has none. */
export function placeBelow({ scope, path, node }: DraftPlace, part: PathPart): DraftPlace | undefined {
  const below = childNode(scope.source.types, node, part)
  return below === undefined ? undefined : { scope, path: [...path, part], node: below }
}

/** Whether the value at a place is known, from the page or because the recipe has written it. */
export function isKnown({ scope, path }: DraftPlace): boolean {
  return scope.source.loaded(path) || scope.writes.some((write) => startsWith(path, write.path))
}

/** The value at a place as the recipe has left it so far; it may be the page's own. Throws `path` where nothing is loaded. */
export function valueOf(place: DraftPlace): unknown {
  const { scope, path, node } = place
  open(scope)
  const { source, writes } = scope
  if (isKnown(place)) {
    return written(source.types, node, path, source.loaded(path) ? source.read(path) : undefined, writes)
  }
  scope.missing ??= path
  throw new RivuletError('path', 'an optimistic recipe asked for something that is not loaded', {
    store: source.name,
    path,
    hint: 'It can read what the page follows.',
  })
}

/** Puts a value at a place. */
export function writeAt({ scope, path, node }: DraftPlace, value: unknown): void {
  open(scope)
  scope.writes.push({ path, node, value: plainCopy(value) })
}

/** Takes away the key that a place is at. */
export function removeAt({ scope, path, node }: DraftPlace): void {
  open(scope)
  scope.writes.push({ path, node, value: GONE })
}

/** A copy that shares nothing that can be changed with `value`, and holds no drafts: each is replaced by what it stands for. */
export function plainCopy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const place = places.get(value)
  // Values of the state are never changed, so they need no copy.
  if (place !== undefined) return valueOf(place)
  if (value instanceof Date) return new Date(value)
  if (value instanceof Uint8Array) return value.slice()
  if (Array.isArray(value)) return value.map(plainCopy)
  if (value instanceof Set) return new Set(value)
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, plainCopy(item)]))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainCopy(item)]))
}

function open(scope: DraftScope): void {
  if (!scope.closed) return
  throw new RivuletError('handler', 'the draft of an optimistic call was used after its recipe had returned', {
    store: scope.source.name,
    hint: 'A recipe must be done when it returns: no await, no callbacks that run later.',
  })
}
