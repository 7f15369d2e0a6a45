import {
  type Path,
  type PathPart,
  RivuletError,
  stateNode,
  type StoreDef,
  type TypeNode,
  withPlace,
} from '@rivulet/wire'
import { asRivuletError } from '../plain-error.ts'
import type { PathStatus } from '../protocol.ts'
import { cores } from './core-of.ts'
import { notify, register, type Registration } from './notify.ts'
import { noteListener, type Observation } from './observation.ts'
import type { Overlay } from './overlay.ts'
import { createPathNode, deepestNode, type PathNode, prune } from './path-node.ts'
import { behindPointers, childNode, childValue, typeAt } from './schema-walk.ts'
import type { ListLine, ListSink } from './list-sink.ts'
import type { SnapshotCell } from './snapshot.ts'
import type { Client, Initial, PageStore } from './types.ts'
import type { readSlot } from './read-slot.ts'
import { createSlot, isRead } from './value-slot.ts'
import { zeroAt } from './zero-at.ts'

/** What a store needs from its client. */
export interface StoreHost {
  readonly client: Client
  /** Decodes what has arrived; see read-slot.ts. */
  readonly readSlot: typeof readSlot
  /** What stands in for data that has not arrived. */
  readonly snapshot: SnapshotCell
  /** What is noted for tools. */
  readonly observation: Observation | undefined
  /** Somebody wants this node: follow it, or keep following it. */
  hold(store: StoreCore, node: PathNode): void
  /** Nobody wants this node any more. */
  release(store: StoreCore, node: PathNode): void
  /** Calls `reject` with `disposed` when the client ends (at once when it has); returns the function that forgets it. */
  whenDisposed(reject: (error: RivuletError) => void): () => void
  report(error: RivuletError): void
}

/** A store as the client sees it: the public face and what patches do to it. */
export interface StoreCore {
  readonly number: number
  readonly def: StoreDef
  readonly page: PageStore<unknown>
  readonly root: PathNode
  /** What is shown over the server's state, if anything. */
  overlay: Overlay | null
  /** Whether tools show something in the place of the server's state (shown-values.ts). */
  shown: boolean
  /** The value and the version at a path without the overlay: the server's, or what is shown in its place. */
  base: (path: Path) => unknown
  baseVersion: (path: Path) => number
  /** A node's slot has changed; adds who has to hear of it to `heard`: nobody is called before the whole patch is in. */
  changed(node: PathNode, heard: Set<Registration>): void
  /** The same for its status. */
  status(node: PathNode, status: PathStatus, error: RivuletError | undefined, heard: Set<Registration>): void
  /** The node's value, decoded now. */
  read(node: PathNode): unknown
  /** Forgets a node's data; it is followed no longer. */
  drop(node: PathNode): void
}

/** Makes the page's view of one store. */
export function createPageStore<S>(number: number, def: StoreDef<S>, host: StoreHost): StoreCore {
  const type = stateNode(def)
  const root = createPathNode(null, [], type)
  let clock = 0

  const toPath = (path: string | Path | undefined): Path =>
    path === undefined ? [] : typeof path === 'string' ? [path] : path

  /** The node at `path`, made when needed. Throws `path`. */
  const nodeFor = (path: Path): PathNode => {
    const found = deepestNode(root, path)
    if (found.path.length === path.length) return found
    typeAt(def, type, path)
    let node = found
    for (let depth = found.path.length; depth < path.length; depth++) {
      const part = path[depth] as PathPart
      // typeAt has walked the same way, so the child exists in the schema.
      const below = createPathNode(node, path.slice(0, depth + 1), childNode(def.types, node.type, part) ?? node.type)
      ;(node.children ??= new Map()).set(part, below)
      node = below
    }
    return node
  }

  /** The nearest node on the way up that knows its value. */
  const provider = (from: PathNode): PathNode | null => {
    let node: PathNode | null = from
    while (node !== null && !node.slot.known) node = node.parent
    return node
  }

  const read = (node: PathNode): unknown => {
    if (isRead(node.slot)) return node.slot.value
    try {
      return host.readSlot(node.slot, def.types, node.type)
    } catch (e) {
      fail(node, asRivuletError(e, 'protocol'))
      return node.slot.value
    }
  }

  // Found while somebody reads, perhaps in mid-render: listeners have to hear of it, but not now.
  const fail = (node: PathNode, cause: RivuletError): void => {
    const error = withPlace(cause, { store: def.name, path: [...node.path, ...cause.path] })
    node.status = 'error'
    node.error = error
    queueMicrotask(() => {
      host.report(error)
      const heard = new Set<Registration>()
      hearStatus(node, heard)
      notify(heard)
    })
  }

  /** What `path` leads to from a node on its way and that node's value. Throws `path`, also where the value ends before the path does. */
  const below = (from: PathNode, value: unknown, path: Path): unknown => {
    let node = from.type
    let at = value
    for (let depth = from.path.length; depth < path.length; depth++) {
      const part = path[depth] as PathPart
      const next = childNode(def.types, node, part)
      // It says what is wrong.
      if (next === undefined) typeAt(def, type, path)
      if (at !== undefined) at = childValue(node, at, part)
      node = next as TypeNode
    }
    return at
  }

  const get = (path: Path): unknown => {
    for (let known = provider(deepestNode(root, path)); known !== null; known = provider(known)) {
      const value = read(known)
      // Unless its very first bytes did not decode: then somebody above may know better.
      if (known.slot.known) return below(known, value, path)
    }
    const held = host.snapshot.current?.held(def, path)
    return held === undefined ? zeroAt(def, path) : held.value
  }

  const version = (path: Path): number => {
    const node = deepestNode(root, path)
    const known = provider(node)
    if (known !== null) return known.version
    const gone = node.path.length === path.length ? absence(node) : 0
    // Unlike any stamp: what stands in does not change, and makes way once.
    return gone === 0 && held(path) ? -1 : gone
  }

  const held = (path: Path): boolean => host.snapshot.current?.held(def, path) !== undefined

  const watched = (given?: string | Path): PathNode | null => {
    let node: PathNode | null = deepestNode(root, toPath(given))
    while (node !== null && node.status === 'idle') node = node.parent
    return node
  }

  const hearStatus = (node: PathNode, heard: Set<Registration>): void => {
    for (const registration of node.statusListeners) heard.add(registration)
    // Paths below that are not followed themselves share this status.
    for (const child of node.children?.values() ?? []) if (child.status === 'idle') hearStatus(child, heard)
  }

  const hold = (node: PathNode): void => {
    node.holds++
    host.hold(core, node)
  }
  const release = (node: PathNode): void => {
    node.holds--
    if (node.holds > 0) return
    host.observation?.lists.delete(node)
    host.release(core, node)
  }

  const subscribe = (given: string | Path, listener: () => void): (() => void) => {
    const node = nodeFor(toPath(given))
    if (host.observation !== undefined) noteListener(host.observation, listener)
    const stop = register(node.listeners, listener, () => release(node))
    hold(node)
    return stop
  }

  const subscribeStatus = (given: string | Path, listener: () => void): (() => void) => {
    const node = nodeFor(toPath(given))
    return register(node.statusListeners, listener, () => prune(node))
  }

  const list = (path: Path, sink: ListSink): ListLine => {
    const node = createPathNode(null, path, typeAt(def, type, path), sink)
    return {
      status: () => node.status,
      error: () => node.error,
      subscribe(listener) {
        if (host.observation !== undefined) {
          noteListener(host.observation, listener)
          host.observation.lists.set(node, core)
        }
        const stopStatus = register(node.statusListeners, listener)
        const stop = register(node.listeners, listener, () => release(node))
        hold(node)
        return () => {
          stopStatus()
          stop()
        }
      },
    }
  }

  const ready = (given?: string | Path, options?: { readonly signal?: AbortSignal }): Promise<void> => {
    const { promise, resolve, reject } = withResolvers()
    let node: PathNode
    try {
      node = nodeFor(toPath(given))
    } catch (e) {
      return Promise.reject(asRivuletError(e, 'path'))
    }
    const signal = options?.signal
    const onAbort = (): void => reject(aborted(def, node.path, signal))
    const check = (): void => {
      if (node.status === 'live') resolve()
      else if (node.status === 'error') reject(node.error)
    }
    if (signal?.aborted === true) {
      onAbort()
      return promise
    }
    const forget = host.whenDisposed(reject)
    const stop = register(node.statusListeners, check)
    signal?.addEventListener('abort', onAbort)
    hold(node)
    check()
    return promise.finally(() => {
      forget()
      stop()
      signal?.removeEventListener('abort', onAbort)
      release(node)
    })
  }

  const page = {
    def,
    client: host.client,
    get: (path?: string | Path): unknown =>
      core.overlay === null ? core.base(toPath(path)) : core.overlay.get(toPath(path)),
    subscribe,
    status(path?: string | Path): PathStatus {
      const status = watched(path)?.status ?? 'idle'
      // Shown while it is loaded, like the last state while the connection is away.
      return (status === 'idle' || status === 'loading') && held(toPath(path)) ? 'stale' : status
    },
    statusError: (path?: string | Path): RivuletError | undefined => watched(path)?.error,
    loaded: (path?: string | Path): boolean => provider(deepestNode(root, toPath(path))) !== null || held(toPath(path)),
    initial(given?: string | Path): Initial {
      const path = toPath(given)
      const known = host.snapshot.current?.initial(def, path)
      return known === undefined ? { known: false, value: zeroAt(def, path) } : { known: true, value: known.value }
    },
    ready,
    version: (path: string | Path): number =>
      core.overlay === null ? core.baseVersion(toPath(path)) : core.overlay.version(toPath(path)),
    subscribeStatus,
    list,
  }

  const core: StoreCore = {
    number,
    def,
    page,
    root,
    overlay: null,
    shown: false,
    base: get,
    baseVersion: version,
    read,
    changed(node, heard) {
      if (node.version === 0) host.snapshot.current?.superseded(def, node.path)
      node.version = ++clock
      core.overlay?.changed(heard)
      host.observation?.watch?.changed(core, node)
      for (const registration of node.listeners) heard.add(registration)
    },
    status(node, status, error, heard) {
      // What is known stays on screen while it is loaded again.
      const shown = status === 'loading' && node.slot.known ? 'stale' : status
      // The engine confirms what the page has said already.
      if (shown === node.status && error === node.error) return
      node.status = shown
      node.error = error
      hearStatus(node, heard)
    },
    drop(node) {
      node.watch = 0
      node.status = 'idle'
      node.error = undefined
      node.version = 0
      node.slot = createSlot()
      node.list?.drop()
      const heard = new Set<Registration>()
      hearStatus(node, heard)
      notify(heard)
      prune(node)
    },
  }
  cores.set(page, core)
  return core
}

/**
 * A struct without a value of its own is known to be absent when a field of it is: fields exist wherever their struct does. 0 when nothing is known.
 */
function absence(node: PathNode): number {
  if (node.path.length === 0 || behindPointers(node.type).kind !== 'struct') return 0
  for (const child of node.children?.values() ?? []) {
    if (child.slot.known && isMissing(child)) return child.version
    const inherited = child.type.kind === 'struct' && !child.slot.known ? absence(child) : 0
    if (inherited !== 0) return inherited
  }
  return 0
}

function isMissing(node: PathNode): boolean {
  const { bytes, table, value } = node.slot
  return bytes === null && table === null && value === undefined
}

function aborted(def: StoreDef, path: Path, signal: AbortSignal | undefined): RivuletError {
  return new RivuletError('aborted', 'waiting was given up', { store: def.name, path, cause: signal?.reason })
}

function withResolvers(): { promise: Promise<void>; resolve: () => void; reject: (error: unknown) => void } {
  let resolve!: () => void
  let reject!: (error: unknown) => void
  const promise = new Promise<void>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}
