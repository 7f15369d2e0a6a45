import { type Path, type PathPart, RivuletError, stateNode, namedStruct, type TypeNode, zeroWith } from '@rivulet/wire'
import { behindPointers, childNode, isBoxed } from './schema-walk.ts'
import { isPlain } from './shallow-equal.ts'
import { refusals, refuse } from './refuse-writes.ts'
import { structImage } from './struct-image.ts'
import { TrackedMap } from './tracked-map.ts'
import type { Place, TrackedRun } from './tracked-types.ts'
import type { PageStore } from './types.ts'

const WRITES = new Set(['push', 'pop', 'shift', 'unshift', 'splice', 'sort', 'reverse', 'fill', 'copyWithin'])

/** Starts a run over `store`. */
export function startRun(store: PageStore<unknown>): TrackedRun {
  const { types } = store.def
  // A Map, not a WeakMap: it dies with the run, and a WeakMap per run costs the collector more than the run itself.
  const places = new Map<object, Place>()
  let closed = false

  const open = (): void => {
    if (closed) {
      throw new RivuletError('handler', 'the state of a selector was read after the selector had returned', {
        store: store.def.name,
        hint: 'Return the values you need instead of keeping the state.',
      })
    }
  }
  const place = (path: Path, type: TypeNode): Place => ({
    run,
    path,
    type,
    children: null,
    whole: false,
    passed: false,
    proxy: null,
  })
  const placeBelow = (parent: Place, part: PathPart): Place | undefined => {
    let below = parent.children?.get(part)
    if (below === undefined) {
      const type = childNode(types, parent.type, part)
      if (type === undefined) return undefined
      below = place([...parent.path, part], type)
      ;(parent.children ??= new Map()).set(part, below)
    }
    return below
  }

  const take = (at: Place): unknown => {
    open()
    at.whole = true
    return store.get(at.path)
  }

  const child = (parent: Place, part: PathPart, element: boolean): unknown => {
    open()
    const below = placeBelow(parent, part)
    // Not a place of the schema, as a key of the wrong type: nothing can ever be there.
    if (below === undefined) return undefined
    parent.passed = true
    return view(below, element)
  }

  const view = (at: Place, element: boolean): unknown => {
    if (at.proxy !== null) return at.proxy
    const known = store.version(at.path) !== 0
    const value = known ? store.get(at.path) : undefined
    if (!isBranch(at.type)) {
      at.whole = true
      if (known) return value
      return element ? undefined : zeroWith(namedStruct, types, at.type)
    }
    if (known && (value === null || value === undefined)) {
      at.whole = true
      return value
    }
    at.proxy = image(at)
    places.set(at.proxy, at)
    return at.proxy
  }

  const image = (at: Place): object => {
    const type = behindPointers(at.type)
    if (type.kind === 'map') return new TrackedMap(run, at)
    return type.kind === 'array' ? arrayImage(at) : structImage(at, namedStruct(types, (type as { ref: string }).ref))
  }

  const arrayImage = (at: Place): object => {
    const target: unknown[] = []
    let filled = false
    // Everything but a single element uses the list as a whole: from then on the target is the list, and elements are real values.
    const fill = (): unknown[] => {
      const value = take(at) as readonly unknown[] | null | undefined
      if (!filled) for (const v of value ?? []) target.push(v)
      filled = true
      return target
    }
    return new Proxy(target, {
      ...refusals,
      get(_target, key) {
        const index = asIndex(key)
        if (index !== undefined && !filled) return child(at, index, true)
        if (typeof key === 'string' && WRITES.has(key)) return refuse
        return Reflect.get(fill(), key) as unknown
      },
      has: (_target, key) => Reflect.has(fill(), key),
      ownKeys: () => Reflect.ownKeys(fill()),
      getOwnPropertyDescriptor: (_target, key) => Reflect.getOwnPropertyDescriptor(fill(), key),
    })
  }

  const unwrap = (value: unknown, depth = 0, seen?: Set<object>): unknown => {
    if (typeof value !== 'object' || value === null) return value
    const at = places.get(value)
    if (at !== undefined) return take(at)
    if (depth > MAX_DEPTH) return value
    const met = depth < 4 ? seen : (seen ?? new Set())
    if (met?.has(value) === true) return value
    met?.add(value)
    return unwrapParts(value, (part) => unwrap(part, depth + 1, met))
  }

  const reads = (): Path[] => {
    const out: Path[] = []
    const collect = (at: Place): void => {
      if (at.whole || (at.proxy !== null && !at.passed)) out.push(at.path)
      else for (const below of at.children?.values() ?? []) collect(below)
    }
    collect(rootPlace)
    return out
  }

  const run: TrackedRun = {
    get root() {
      return view(rootPlace, false)
    },
    reads,
    unwrap: (value) => unwrap(value),
    close() {
      closed = true
    },
    child,
    take,
    placeBelow,
  }
  const rootPlace = place([], stateNode(store.def))
  rootPlace.passed = true
  return run
}

/** How deep a result is searched for images. */
const MAX_DEPTH = 64

/** The same object when no part is an image; else a copy with the real values. */
function unwrapParts(value: object, unwrap: (part: unknown) => unknown): unknown {
  if (Array.isArray(value)) {
    const parts = value.map(unwrap)
    return parts.every((part, i) => Object.is(part, value[i])) ? value : parts
  }
  if (value instanceof Map) {
    const parts = [...value].map(([k, v]) => [unwrap(k), unwrap(v)] as const)
    return parts.every(([k, v]) => value.has(k) && Object.is(value.get(k), v)) ? value : new Map(parts)
  }
  if (value instanceof Set) {
    const parts = [...value].map(unwrap)
    return parts.every((part) => value.has(part)) ? value : new Set(parts)
  }
  if (!isPlain(value)) return value
  let out = value
  for (const key of Object.keys(value)) {
    const part = unwrap(value[key])
    if (Object.is(part, value[key])) continue
    if (out === value) out = { ...value }
    out[key] = part
  }
  return out
}

function isBranch(type: TypeNode): boolean {
  let at = type
  while (at.kind === 'pointer') {
    // A box tells "absent" from "present but null", so it is used as one value.
    if (isBoxed(at)) return false
    at = at.elem
  }
  return at.kind === 'struct' || at.kind === 'map' || at.kind === 'array'
}

function asIndex(key: PropertyKey): number | undefined {
  return typeof key === 'string' && /^(0|[1-9]\d*)$/.test(key) ? Number(key) : undefined
}
