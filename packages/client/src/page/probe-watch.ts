import { rethrowLater } from './notify.ts'
import type { Observation, PatchWatch } from './observation.ts'
import type { OriginBook } from './origin-book.ts'
import type { StoreCore } from './page-store.ts'
import type { PathNode } from './path-node.ts'
import type { ProbeChange, ProbeObserver } from './probe.ts'
import { originsAt } from './probe-subscribers.ts'

/** The observers of one client. */
export interface ProbeWatch {
  /** Returns what ends it. */
  add(observer: ProbeObserver): () => void
  end(): void
}

const MAX_CHANGES = 200
const MAX_ORIGINS = 50

/** Makes the observers' side of an observation: measures only while there are any. */
export function createProbeWatch(observation: Observation, book: OriginBook): ProbeWatch {
  const observers = new Set<ProbeObserver>()
  const changed = new Map<PathNode, StoreCore>()
  let more = new Set<PathNode>()
  let bytes = 0
  let began = 0
  let applied = 0
  let changes: readonly ProbeChange[] = []
  /** What watching itself has taken since `applied`. */
  let spent = 0

  const tell = (what: (observer: ProbeObserver) => void): void => {
    for (const observer of observers) {
      try {
        what(observer)
      } catch (error) {
        rethrowLater(error)
      }
    }
  }

  const watch: PatchWatch = {
    began(size) {
      bytes = size
      changed.clear()
      more = new Set()
      began = performance.now()
    },
    changed(store, node) {
      // Between patches nothing arrives.
      if (observation.patching === 0 || node.listeners.size === 0 || changed.has(node)) return
      if (changed.size < MAX_CHANGES) changed.set(node, store)
      else more.add(node)
    },
    applied() {
      applied = performance.now()
      // Now, because a listener that is called may leave.
      changes = [...changed].map(([node, store]) => {
        const { origins, others } = originsAt(node, observation, book, MAX_ORIGINS)
        const where = { store: store.def.name, path: node.path, origins }
        return { ...where, ...(others > 0 && { others }), ...(node.list !== null && { list: true as const }) }
      })
      spent = performance.now() - applied
    },
    notified() {
      const now = performance.now()
      const number = observation.patching
      const patch = { number, bytes, began, applied, notified: now - spent, changes, more: more.size }
      changed.clear()
      more = new Set()
      changes = []
      tell((observer) => observer.patch(patch))
      const own = spent + performance.now() - now
      // React renders what was announced in a microtask that is before this one.
      queueMicrotask(() => {
        const at = performance.now() - own
        tell((observer) => observer.settled(number, at))
      })
    },
    ran(origin, cause) {
      const face = book.face(origin)
      tell((observer) => observer.ran(face, cause))
    },
  }

  return {
    add(observer) {
      // Its own object, so that whoever observes twice ends one of them.
      const own = { ...bound(observer) }
      observers.add(own)
      observation.watch = watch
      return () => {
        observers.delete(own)
        if (observers.size === 0) observation.watch = undefined
      }
    },
    end() {
      observers.clear()
      observation.watch = undefined
    },
  }
}

function bound(observer: ProbeObserver): ProbeObserver {
  return {
    patch: (patch) => observer.patch(patch),
    settled: (number, at) => observer.settled(number, at),
    ran: (origin, cause) => observer.ran(origin, cause),
  }
}
