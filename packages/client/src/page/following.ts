import type { RivuletError } from '@rivulet/wire'
import type { EngineMethods } from '../bridge/engine-link.ts'
import { readPatch } from '../read-patch.ts'
import { asRivuletError, fromPlainError } from '../plain-error.ts'
import type { PathStatus, Watch } from '../protocol.ts'
import { putChanges, putMissing, putRows, putTable, putValue } from './fill-slot.ts'
import { createGrace } from './grace.ts'
import { notify, type Registration } from './notify.ts'
import type { Observation } from './observation.ts'
import type { StoreCore } from './page-store.ts'
import type { PathNode } from './path-node.ts'
import type { Session } from './session.ts'
import { slimDef } from './slim-def.ts'

/** The followed paths of a client: what the engine is told about them, and what its patches do to them. */
export interface Following {
  hold(store: StoreCore, node: PathNode): void
  release(store: StoreCore, node: PathNode): void
  patch(buffer: ArrayBuffer): void
  /** Tells a fresh engine every store and every followed path. */
  replay(control: EngineMethods): void
  /** What the page holds may miss something: asks for everything again. */
  resync(error: RivuletError): void
  /** Marks all followed paths. */
  mark(status: PathStatus, error?: RivuletError): void
  clear(): void
}

interface Followed {
  readonly store: StoreCore
  readonly node: PathNode
}

/** A gap this soon after the last one is not asked away again: it would come back for ever. */
const RESYNC_MS = 5000

/** Makes the followed paths of one client. */
export function createFollowing(
  session: Session,
  graceMs: number,
  report: (error: RivuletError) => void,
  observation?: Observation,
): Following {
  const followed = new Map<number, Followed>()
  const byNode = new Map<PathNode, Followed>()
  const defined = new Set<number>()
  let toWatch = new Set<Followed>()
  let toUnwatch: number[] = []
  let scheduled = false
  let lastId = 0
  let lastResync = -Infinity
  let closed = false

  const flush = (): void => {
    scheduled = false
    const watches = toWatch
    const ids = toUnwatch
    toWatch = new Set()
    toUnwatch = []
    if (watches.size > 0) session.tell((control) => watchAll(control, watches))
    if (ids.length > 0) session.tell((control) => control.unwatch(ids))
  }
  const schedule = (): void => {
    if (scheduled) return
    scheduled = true
    queueMicrotask(flush)
  }

  const watchAll = async (control: EngineMethods, all: Iterable<Followed>): Promise<void> => {
    const watches: Watch[] = []
    const answers: Promise<void>[] = []
    for (const { store, node } of all) {
      // Given up since: its number means nothing any more.
      if (node.watch === 0) continue
      if (!defined.has(store.number)) {
        try {
          answers.push(control.define(store.number, slimDef(store.def, [store.def.state])))
          defined.add(store.number)
        } catch (e) {
          // Its descriptor contradicts itself: no reason to lose the other stores of this batch.
          refuse({ store, node }, asRivuletError(e, 'schema'))
          continue
        }
      }
      const query = node.list?.query
      const shown = query === undefined && store.baseVersion(node.path) !== 0
      watches.push({
        id: node.watch,
        store: store.number,
        path: node.path,
        ...(query && { query }),
        ...(shown && { shown }),
      })
    }
    if (watches.length > 0) answers.push(control.watch(watches))
    await Promise.all(answers)
  }

  const refuse = ({ store, node }: Followed, error: RivuletError): void => {
    const heard = new Set<Registration>()
    store.status(node, 'error', error, heard)
    notify(heard)
    report(error)
  }

  const grace = createGrace<Followed>(graceMs, (items) => {
    for (const item of items) {
      const { store, node } = item
      followed.delete(node.watch)
      byNode.delete(node)
      if (!toWatch.delete(item)) toUnwatch.push(node.watch)
      store.drop(node)
    }
    schedule()
  })

  const number = (item: Followed): void => {
    item.node.watch = ++lastId
    followed.set(lastId, item)
    toWatch.add(item)
  }

  const mark = (status: PathStatus, error?: RivuletError): void => {
    const heard = new Set<Registration>()
    for (const { store, node } of followed.values()) {
      if (node.status !== 'loading' || status !== 'stale') store.status(node, status, error, heard)
    }
    notify(heard)
  }

  const resync = (error: RivuletError): void => {
    report(error)
    const now = performance.now()
    if (now - lastResync < RESYNC_MS) {
      mark('error', error)
      return
    }
    lastResync = now
    mark('stale')
    const all = [...followed.values()]
    toUnwatch.push(...followed.keys())
    followed.clear()
    for (const item of all) number(item)
    schedule()
  }

  return {
    hold(store, node) {
      const known = byNode.get(node)
      if (known !== undefined) {
        grace.cancel(known)
        return
      }
      if (closed) return
      const item = { store, node }
      byNode.set(node, item)
      number(item)
      schedule()
    },
    release(_store, node) {
      const known = byNode.get(node)
      if (known !== undefined && !closed) grace.add(known)
    },
    patch(buffer) {
      const heard = new Set<Registration>()
      if (observation !== undefined) observation.patching = ++observation.patches
      const watch = observation?.watch
      watch?.began(buffer.byteLength)
      try {
        readPatch(buffer, {
          status: (id, status, error) =>
            withNode(id, ({ store, node }) => store.status(node, status, error && fromPlainError(error), heard)),
          value: (id, bytes) =>
            withNode(id, ({ store, node }) => {
              putValue(node.slot, bytes)
              store.changed(node, heard)
            }),
          missing: (id) =>
            withNode(id, ({ store, node }) => {
              putMissing(node.slot)
              store.changed(node, heard)
            }),
          changes: (id, changes) =>
            withNode(id, ({ store, node }) => {
              const full = putChanges(node.slot, changes)
              store.changed(node, heard)
              if (full) store.read(node)
            }),
          keys: (id, change) =>
            withNode(id, ({ store, node }) => {
              node.list?.keys?.(change)
              store.changed(node, heard)
            }),
          rowsChange: (id, change) =>
            withNode(id, ({ store, node }) => {
              node.list?.rows?.(change)
              store.changed(node, heard)
            }),
          table: (id, block) =>
            withNode(id, ({ store, node }) => {
              putTable(node.slot, block)
              store.changed(node, heard)
            }),
          rows: (id, block) =>
            withNode(id, ({ store, node }) => {
              const full = putRows(node.slot, block)
              store.changed(node, heard)
              if (full) store.read(node)
            }),
        })
      } catch (e) {
        resync(e as RivuletError)
      }
      watch?.applied()
      notify(heard)
      watch?.notified()
      if (observation !== undefined) observation.patching = 0
    },
    replay(control) {
      // Every engine counts its own.
      if (observation !== undefined) observation.patches = 0
      defined.clear()
      toWatch = new Set()
      toUnwatch = []
      session.tell(() => watchAll(control, followed.values()))
    },
    resync,
    mark,
    clear() {
      closed = true
      grace.clear()
      mark('stale')
      toWatch = new Set()
      toUnwatch = []
    },
  }

  // A record for a path that was given up meanwhile is no error: the engine had not heard of it yet.
  function withNode(id: number, record: (item: Followed) => void): void {
    const item = followed.get(id)
    if (item !== undefined) record(item)
  }
}
