import {
  zeroAt,
  type Client,
  type PageStore,
  type Path,
  type PathStatus,
  type RivuletError,
  type StoreDef,
} from '@rivulet/client'

type Listener = () => void
interface Entry {
  readonly path: Path
  readonly listener: Listener
}

/** A page store over a plain object: every change is visible, and heard, before `put` returns. */
export interface FakeStore {
  readonly page: PageStore<unknown>
  /** Puts a value at a path and tells the listeners of every path that it touches, each once. */
  put(path: Path, value: unknown): void
  /** Several values as one patch: listeners run once, when all are in. */
  putAll(changes: readonly (readonly [Path, unknown])[]): void
  setStatus(status: PathStatus, error?: RivuletError): void
  /** Paths that are listened to now, sorted, one entry per listener. */
  followed(): string[]
  /** How often anybody has started to listen. */
  readonly subscriptions: number
}

export function createFakeStore(def: StoreDef, client: Client, initial?: unknown): FakeStore {
  let state = initial
  let version = state === undefined ? 0 : 1
  let status: PathStatus = state === undefined ? 'loading' : 'live'
  let loaded = state !== undefined
  let error: RivuletError | undefined
  let subscriptions = 0
  const entries = new Set<Entry>()
  const statusListeners = new Set<Listener>()
  const long = (path: string | Path = []): Path => (typeof path === 'string' ? [path] : path)

  const page = {
    def,
    client,
    get: (path?: string | Path) => (state === undefined ? zeroAt(def, long(path)) : at(state, long(path))),
    initial: (path?: string | Path) => ({ known: false, value: zeroAt(def, long(path)) }),
    subscribe(path: string | Path, listener: Listener) {
      subscriptions += 1
      const entry = { path: long(path), listener }
      entries.add(entry)
      return () => void entries.delete(entry)
    },
    status: () => status,
    statusError: () => error,
    loaded: () => loaded,
    ready: () => Promise.resolve(),
    // Coarse, but it keeps the promise: it differs whenever any value may differ.
    version: () => version,
    subscribeStatus(_: string | Path, listener: Listener) {
      statusListeners.add(listener)
      return () => void statusListeners.delete(listener)
    },
    list: (): never => {
      throw new Error('lists are tested on a whole client')
    },
  } as PageStore<unknown>

  const putAll = (changes: readonly (readonly [Path, unknown])[]): void => {
    for (const [path, value] of changes) state = withAt(state ?? zeroAt(def, []), path, value)
    version += 1
    for (const entry of entries) {
      if (changes.some(([path]) => touches(path, entry.path))) entry.listener()
    }
  }

  return {
    page,
    putAll,
    put: (path, value) => putAll([[path, value]]),
    setStatus(next, why) {
      status = next
      error = why
      loaded ||= next === 'live'
      for (const listener of statusListeners) listener()
    },
    followed: () => [...entries].map(({ path }) => path.map(String).join('.')).toSorted(),
    get subscriptions() {
      return subscriptions
    },
  }
}

function touches(changed: Path, followed: Path): boolean {
  return changed.every((part, i) => i >= followed.length || followed[i] === part)
}

function at(value: unknown, path: Path): unknown {
  let here = value
  for (const part of path) {
    if (here instanceof Map) here = here.get(part)
    else if (typeof here === 'object' && here !== null) here = (here as Record<string, unknown>)[part as string]
    else return undefined
  }
  return here
}

function withAt(value: unknown, path: Path, next: unknown): unknown {
  const [part, ...rest] = path
  if (part === undefined) return next
  const below = withAt(at(value, [part]), rest, next)
  if (value instanceof Map) return new Map(value).set(part, below)
  if (Array.isArray(value)) return value.with(part as number, below)
  return { ...(value as object), [part as string]: below }
}
