import type { Viewer } from './viewer.ts'

/** Called with a viewer that has come; what it returns is called when that viewer has gone. */
export type ViewerListener = (viewer: Viewer) => void | (() => void)

/** Tells the application who comes and goes. */
export interface Arrivals {
  listen(listener: ViewerListener): () => void
  came(viewer: Viewer): void
  gone(viewer: Viewer): void
}

/** Makes it. A listener that throws is reported through `failed`, and neither the viewer nor other listeners notice. */
export function createArrivals(failed: (what: string, error: unknown) => void): Arrivals {
  const present = new Set<Viewer>()
  const listeners = new Map<object, { readonly call: ViewerListener; readonly farewells: Map<Viewer, () => void> }>()

  const part = (farewell: (() => void) | undefined): void => {
    try {
      farewell?.()
    } catch (e) {
      failed('what a listener of onViewer returned failed', e)
    }
  }

  const tell = (key: object, viewer: Viewer): void => {
    const entry = listeners.get(key)
    if (entry === undefined) return
    try {
      const farewell = entry.call(viewer)
      if (typeof farewell !== 'function') return
      // The listener may have sent the viewer away, or stopped listening, in the middle of that: then nobody would call it later.
      if (present.has(viewer) && listeners.has(key)) entry.farewells.set(viewer, farewell)
      else part(farewell)
    } catch (e) {
      failed('a listener of onViewer failed', e)
    }
  }

  return {
    listen(call) {
      const key = {}
      listeners.set(key, { call, farewells: new Map() })
      for (const viewer of Array.from(present)) tell(key, viewer)
      return () => {
        const entry = listeners.get(key)
        listeners.delete(key)
        for (const farewell of entry?.farewells.values() ?? []) part(farewell)
      }
    },
    came(viewer) {
      present.add(viewer)
      for (const key of Array.from(listeners.keys())) tell(key, viewer)
    },
    gone(viewer) {
      present.delete(viewer)
      for (const { farewells } of Array.from(listeners.values())) {
        const farewell = farewells.get(viewer)
        farewells.delete(viewer)
        part(farewell)
      }
    },
  }
}
