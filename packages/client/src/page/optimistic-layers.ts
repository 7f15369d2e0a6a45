import { RivuletError } from '@rivulet/wire'
import { notify, type Registration } from './notify.ts'
import { createOverlay, type WritesOverlay } from './optimistic-overlay.ts'
import { keepSame, NO_WRITES, type Recipe, runRecipe, type Writes } from './optimistic-recipe.ts'
import { sameValue, type Write } from './optimistic-writes.ts'
import type { StoreCore } from './page-store.ts'
import { pathKey } from './path-key.ts'

/** What one call is expected to change. */
interface Layer {
  readonly stores: readonly StoreCore[]
  readonly recipe: Recipe
  /** How long it stays after the answer when the server's state of it does not come. */
  readonly settleMs: number
}

/** The calls of one client whose changes are shown, oldest first. */
export interface Layers {
  /** Shows a layer above all others. Throws what its recipe throws; then it is not shown. */
  add(layer: Layer): void
  /** Its call has failed: what it changed is gone. */
  remove(layer: Layer): void
  /** Its call has succeeded: it stays until the server's state of it is there. */
  answered(layer: Layer): void
}

interface Pending {
  readonly layer: Layer
  /** What it changes in the state of now. */
  writes: Writes
  /** Stores that have changed where it writes: the server's state of it is there. */
  readonly arrived: Set<StoreCore>
  answered: boolean
  timer: ReturnType<typeof setTimeout> | undefined
}

/** Makes the layers of one client. */
export function createLayers(): Layers {
  const overlays = new Map<StoreCore, WritesOverlay>()
  /** The server's values at all places that are written to, by store. */
  const bases = new Map<StoreCore, ReadonlyMap<string, unknown>>()
  /** Who listens to something that has changed and was not told yet. */
  const waiting = new Set<Registration>()
  let pending: readonly Pending[] = []
  let patched = false
  let running = false

  const run = (layer: Layer, over: Writes): Writes => {
    running = true
    try {
      return runRecipe(layer.stores, layer.recipe, over)
    } finally {
      running = false
    }
  }

  const show = (): void => {
    for (const [store, overlay] of overlays) {
      const writes = pending.flatMap((entry) => entry.writes.get(store) ?? [])
      overlay.show(writes, waiting)
      bases.set(store, new Map(writes.map(({ path }) => [pathKey(path), store.base(path)])))
      if (pending.some(({ layer }) => layer.stores.includes(store))) continue
      overlays.delete(store)
      bases.delete(store)
      store.overlay = null
    }
  }

  /** Runs all recipes again, each over the server's state of now and what the ones before it have changed. */
  const rebase = (): void => {
    const over = new Map<StoreCore, Write[]>()
    for (const entry of pending) {
      let writes = NO_WRITES
      try {
        writes = run(entry.layer, over)
      } catch {
        // It has run without before, so it has nothing to say about this state: the server has done it already, or somebody else was faster.
      }
      entry.writes = keepSame(entry.writes, writes)
      for (const [store, list] of entry.writes) over.set(store, [...(over.get(store) ?? []), ...list])
    }
    show()
  }

  /** Finds out whose changes have come with a patch. */
  const settle = (): void => {
    const claimed = new Set<string>()
    for (const entry of pending) {
      for (const [store, writes] of entry.writes) {
        const known = bases.get(store)
        const moved = writes
          .map(({ path }) => ({ path, key: pathKey(path) }))
          .filter(({ path, key }) => !Object.is(known?.get(key), store.base(path)))
          .map(({ key }) => `${store.number} ${key}`)
        if (moved.length === 0) continue
        // One change answers one call of those that wait for it, the oldest; an answered call is content with any.
        if (!entry.answered && (entry.arrived.has(store) || moved.every((key) => claimed.has(key)))) continue
        entry.arrived.add(store)
        if (!entry.answered) for (const key of moved) claimed.add(key)
      }
    }
    keep((entry) => !entry.answered || !isDone(entry))
  }

  const keep = (stays: (entry: Pending) => boolean): void => {
    for (const entry of pending) if (!stays(entry)) clearTimeout(entry.timer)
    pending = pending.filter(stays)
  }

  /** Takes in what patches have changed, before anybody reads. */
  const refresh = (): void => {
    if (!patched || running) return
    patched = false
    settle()
    rebase()
  }

  let inPatch: ReadonlySet<Registration> = waiting
  // Among the listeners of a patch, all of which run when the whole of it is in.
  const afterPatch: Registration = {
    active: true,
    listener() {
      refresh()
      // Those that the patch itself has reached are told by it.
      for (const registration of inPatch) if (inPatch !== waiting) waiting.delete(registration)
      inPatch = waiting
      tell()
    },
  }
  const onPatch = (heard: Set<Registration>): void => {
    patched = true
    inPatch = heard
    heard.add(afterPatch)
  }

  const tell = (): void => {
    const all = [...waiting]
    waiting.clear()
    notify(all)
  }

  const drop = (layer: Layer): void => {
    refresh()
    keep((entry) => entry.layer !== layer)
    rebase()
    tell()
  }

  return {
    add(layer) {
      if (running) {
        throw new RivuletError('handler', 'a call was made by the recipe of an optimistic call', {
          hint: 'A recipe runs again whenever the state changes; it must only change its draft.',
        })
      }
      refresh()
      const over = new Map([...overlays].map(([store, { writes }]) => [store, writes]))
      const entry: Pending = {
        layer,
        writes: run(layer, over),
        arrived: new Set(),
        answered: false,
        timer: undefined,
      }
      for (const store of layer.stores) {
        if (store.overlay === null) overlays.set(store, (store.overlay = createOverlay(store, refresh, onPatch)))
      }
      pending = [...pending, entry]
      show()
      tell()
    },
    remove: drop,
    answered(layer) {
      refresh()
      const entry = pending.find((one) => one.layer === layer)
      if (entry === undefined) return
      entry.answered = true
      if (isDone(entry)) drop(layer)
      else entry.timer = setTimeout(() => drop(layer), layer.settleMs)
    },
  }
}

/** Whether nothing is to be expected that the page does not show already. */
function isDone({ writes, arrived }: Pending): boolean {
  return [...writes].every(
    ([store, list]) =>
      arrived.has(store) ||
      list.every(
        ({ path, node, value }) =>
          store.page.status(path) === 'idle' || sameValue(store.def.types, node, value, store.base(path)),
      ),
  )
}
