import {
  applyMessage,
  type Delta,
  decodeDelta,
  decodeState,
  encodeDelta,
  encodeState,
  isRivuletError,
  OWNS_ALL,
  type Ownership,
  pruneDelta,
  RivuletError,
  type StoreDef,
  stateNode,
  zeroOf,
} from '@rivulet/wire'
import type { Draft } from './draft/draft-type.ts'
import { runRecipe } from './draft/run-recipe.ts'
import { growsLists } from './grows-lists.ts'
import { holdTimer } from './hold-timer.ts'

/** What happened to a store: an effective delta (with its wire bytes), or its whole state replaced. */
export type StoreChange =
  | { readonly kind: 'delta'; readonly delta: Delta; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'full'; readonly bytes: Uint8Array<ArrayBuffer> }

/**
 * A typed state with an owner. Every way to change it validates first, changes nothing when it throws, and tells listeners only about effective changes.
 * All methods throw a `RivuletError` that names the store and the field.
 */
export interface Store<S> {
  readonly def: StoreDef<S>
  /** The current state: an immutable snapshot. Whoever has read it may keep it; later updates copy what they touch. */
  readonly state: S
  /**
   * Changes the state by plain assignment inside `recipe`, and records the smallest delta. Returns whether anything changed. When the recipe throws, nothing
   * has happened; `config` when it is asynchronous; a draft used after it throws `disposed`.
   *
   * @example
   * store.update((draft) => { draft.rows.get('k')!.count++ })
   */
  update(recipe: (draft: Draft<S>) => void): boolean
  /** Applies a delta; operations that change nothing are dropped. Returns whether anything changed. */
  apply(delta: Delta): boolean
  /** Applies a delta in wire form, as from a peer. Returns whether anything changed. */
  applyBytes(bytes: unknown): boolean
  /** Replaces the whole state; followers get a full state, equal or not. */
  replace(state: S): void
  /** Calls `listener` after each change, in order, until the returned function is called. A listener that throws stops no other; see `onError`. */
  onChange(listener: (change: StoreChange) => void): () => void
}

/** How a store behaves. */
export interface StoreOptions {
  /** Hears of listeners that threw; `console.error` by default. */
  readonly onError?: (error: unknown) => void
  /** How long a change may hold the host, milliseconds, with its recipe, listeners and encoding; 100 when absent. Longer ones are told to `onSlow`. */
  readonly slowMs?: number
  /** Hears how long a slow change took, milliseconds; `console.warn` by default. Everything that the process does waits for a change, all viewers included. */
  readonly onSlow?: (ms: number) => void
}

/**
 * Called while a change is being made: with `live` as it was before a delta, or as it is after a replacement. What it returns is called once the change is
 * complete, in the order of the changes.
 */
type Follower = (change: StoreChange) => () => void

/** The store as the host sees it: it hears of a change before the application does, and reads the state without publishing it. */
export interface HostedStore<S = unknown> extends Store<S> {
  /** The state for reading at once; it changes in place later. */
  readonly live: S
  /** Hears of changes before any listener, so that a change made by a listener reaches viewers second. */
  follow(follower: Follower): () => void
}

/**
 * Makes a store with `initial` as its state (the zero state without it). The store keeps its own copy; numbers are held as the wire can hold them (float32 is rounded).
 *
 * Throws `RivuletError` `invalid-value` or `out-of-range` naming the field when `initial` does not fit the schema, `schema` when the descriptor is broken, `config` for
 * options that cannot work.
 *
 * @example
 * const board = createStore(BoardStore, { board: emptyBoard(), xTurn: true })
 */
export function createStore<S>(def: StoreDef<S>, initial?: S, options: StoreOptions = {}): Store<S> {
  const failed = options.onError ?? ((error) => console.error(`a listener of store ${def.name} threw`, error))
  const { slowMs = SLOW_MS, onSlow = (ms) => warnSlow(def, ms) } = options
  if (!(slowMs >= 0)) throw new RivuletError('config', `slowMs cannot be ${slowMs}`, { hint: 'It is 0 or more.' })
  const timed = holdTimer(slowMs, (ms) => guarded(onSlow, ms, failed))
  let state = own(def, initial ?? (zeroOf(def.types, stateNode(def)) as S))
  // Nobody has seen this state yet.
  let owned: Ownership = OWNS_ALL
  let busy = false
  const followers = new Set<{ readonly prepare: Follower }>()
  const listeners = new Set<(change: StoreChange) => void>()
  const deliver = inOrder<readonly (() => void)[]>(new Set([(parts) => runAll(parts, failed)]), failed)
  const toListeners = inOrder(listeners, failed)

  function enter(): void {
    if (!busy) return
    throw new RivuletError('config', 'a store cannot be changed inside its own update recipe', {
      store: def.name,
      hint: 'Make both changes on the draft.',
    })
  }

  function prepare(change: StoreChange): (() => void)[] {
    return [...followers].flatMap((follower) => {
      try {
        return [follower.prepare(change)]
      } catch (e) {
        failed(e)
        return []
      }
    })
  }

  function commit(delta: Delta | null, inPlace: Ownership): boolean {
    if (delta === null) return false
    // The state is built from the bytes that travel, so it shares nothing with the caller and equals what followers will hold.
    const bytes = named(def, () => encodeDelta(def, delta))
    const change: StoreChange = { kind: 'delta', delta, bytes }
    const deliveries = prepare(change)
    state = applyMessage(def, state, bytes, { owned: inPlace })
    deliver(deliveries)
    if (listeners.size > 0) toListeners(keptChange(def, bytes))
    return true
  }

  function applyBytes(input: unknown): boolean {
    enter()
    const delta = named(def, () => decodeDelta(def, input))
    const news = pruneDelta(def, state, delta)
    // A list index may turn out to be too far when part of the delta is applied already.
    return commit(news, news !== null && growsLists(def, state, news) ? new WeakSet() : owned)
  }

  const store: HostedStore<S> = {
    def,
    get state() {
      owned = new WeakSet()
      return state
    },
    get live() {
      return state
    },
    update: (recipe) =>
      timed(() => {
        enter()
        busy = true
        let delta: Delta | null
        try {
          delta = runRecipe(def, state, recipe)
        } finally {
          busy = false
        }
        return commit(delta, owned)
      }),
    apply: (delta) => timed(() => applyBytes(named(def, () => encodeDelta(def, delta)))),
    applyBytes: (input) => timed(() => applyBytes(input)),
    replace: (next) =>
      timed(() => {
        enter()
        const bytes = encodeState(def, next)
        state = decodeState(def, bytes)
        owned = OWNS_ALL
        const change: StoreChange = { kind: 'full', bytes }
        deliver(prepare(change))
        toListeners(change)
      }),
    onChange: (listener) => joined(listeners, listener),
    follow(follower) {
      const entry = { prepare: follower }
      followers.add(entry)
      return () => void followers.delete(entry)
    },
  }
  return store
}

const SLOW_MS = 100

function warnSlow(def: StoreDef, ms: number): void {
  console.warn(`a change of store ${def.name} held the host for ${Math.round(ms)} ms`)
}

/** A change for listeners, who may keep it: its delta is made from the bytes, so it shares nothing with a state that changes in place later. */
function keptChange(def: StoreDef, bytes: Uint8Array<ArrayBuffer>): StoreChange {
  let delta: Delta | undefined
  return {
    kind: 'delta',
    get delta() {
      return (delta ??= decodeDelta(def, bytes))
    },
    bytes,
  }
}

function own<S>(def: StoreDef<S>, state: S): S {
  return decodeState(def, encodeState(def, state))
}

function joined<T>(all: Set<(change: T) => void>, listener: (change: T) => void): () => void {
  // One entry per call: the same function may listen twice and leave once.
  const entry = (change: T): void => listener(change)
  all.add(entry)
  return () => void all.delete(entry)
}

/** Tells every listener about each change in the order of the changes, also when a listener causes the next one. */
function inOrder<T>(
  listeners: ReadonlySet<(change: T) => void>,
  failed: (error: unknown) => void,
): (change: T) => void {
  const waiting: T[] = []
  let telling = false
  return (change) => {
    waiting.push(change)
    if (telling) return
    telling = true
    try {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        for (const listener of Array.from(listeners)) guarded(listener, next, failed)
      }
    } finally {
      telling = false
    }
  }
}

function guarded<T>(listener: (change: T) => void, change: T, failed: (error: unknown) => void): void {
  try {
    listener(change)
  } catch (e) {
    failed(e)
  }
}

function runAll(parts: readonly (() => void)[], failed: (error: unknown) => void): void {
  for (const part of parts) guarded(part, undefined, failed)
}

function named<T>(def: StoreDef, work: () => T): T {
  try {
    return work()
  } catch (e) {
    if (isRivuletError(e) && e.store === undefined) {
      throw new RivuletError(e.code, e.what, {
        store: def.name,
        path: e.path,
        ...(e.offset === undefined ? {} : { offset: e.offset }),
        ...(e.hint === undefined ? {} : { hint: e.hint }),
        cause: e,
      })
    }
    throw e
  }
}
