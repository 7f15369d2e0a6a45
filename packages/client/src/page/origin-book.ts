import type { Origin } from './observation.ts'
import { siteOf } from './origin-site.ts'
import type { ProbeOrigin } from './probe.ts'

/** Origins as tools see them. */
export interface OriginBook {
  /** The same object for the same origin, whose stack is read when its name is. */
  face(origin: Origin): ProbeOrigin
}

const IDS = Symbol.for('rivulet.probes.origins')

/** Makes the book of one client. */
export function createOriginBook(): OriginBook {
  const faces = new WeakMap<Origin, ProbeOrigin>()
  return {
    face(origin) {
      const known = faces.get(origin)
      if (known !== undefined) return known
      const face = new OriginFace(nextId(), origin)
      faces.set(origin, face)
      return face
    },
  }
}

/** A class, so that thousands of them share their getters. */
class OriginFace implements ProbeOrigin {
  readonly id: number
  readonly #origin: Origin
  #site: { readonly name: string; readonly source?: string } | undefined

  constructor(id: number, origin: Origin) {
    this.id = id
    this.#origin = origin
  }

  get name(): string {
    const { name, hook } = this.#origin
    return name ?? (isHook(hook) ? this.#found().name : hook)
  }

  get source(): string | undefined {
    return isHook(this.#origin.hook) ? this.#found().source : undefined
  }

  get hook(): string | undefined {
    return this.#origin.hook
  }

  get runs(): number {
    return this.#origin.runs
  }

  #found(): { readonly name: string; readonly source?: string } {
    return (this.#site ??= siteOf(this.#origin.trace.stack ?? ''))
  }
}

/** Otherwise it is a component of ours, `Text` or `For`: with nobody of the app on the stack. */
function isHook(hook: string | undefined): hook is undefined | `use${string}` {
  return hook === undefined || hook.startsWith('use')
}

function nextId(): number {
  const page = globalThis as { [IDS]?: number }
  return (page[IDS] = (page[IDS] ?? 0) + 1)
}
