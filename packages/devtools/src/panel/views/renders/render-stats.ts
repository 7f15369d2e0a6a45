import type { ProbeOrigin } from '@rivulet/client/inspect'
import type { Path } from '@rivulet/wire'
import type { PageEvent } from '../../../protocol.ts'
import { formatPath } from '../../format-value.ts'

/** A patch as the page saw it. */
export type PagePatch = Extract<PageEvent, { type: 'patch' }>

/** How a patch is called: its number at its engine. In the model those of later engines go on far behind. */
export function patchName({ number }: { readonly number: number }): string {
  return `#${number % 1e10}`
}

/** Why a component rendered. */
interface RenderCause {
  readonly at: number
  /** Renders for the patch, and for other reasons after it. */
  readonly told: number
  readonly other: number
  /** Absent: no patch came before. */
  readonly patch?: PagePatch
}

/** All instances of a component that use one hook. */
export interface ComponentStats {
  readonly name: string
  readonly source: string
  readonly hook: string
  /** What it is known to follow, at most {@link MAX_PATHS}. */
  readonly paths: Set<string>
  instances: number
  told: number
  other: number
  /** Time of patches that is put down to it, milliseconds. */
  ms: number
  /** The newest {@link MAX_CAUSES}, oldest first. */
  readonly causes: RenderCause[]
}

/** What rendered and why, kept while events come. */
export interface RenderStats {
  readonly components: readonly ComponentStats[]
  /** Of all patches: reading, telling, settling. */
  readonly ms: number
  add(event: PageEvent): void
  /** These listen to a path. */
  follows(store: string, path: Path, origins: readonly (ProbeOrigin | null)[]): void
  /** The component of an origin. */
  of(origin: ProbeOrigin): ComponentStats
  clear(): void
}

const MAX_PATHS = 20
const MAX_CAUSES = 30
/** Components by name, and instances whose component is remembered: pages make new ones all the time. */
const MAX_COMPONENTS = 2000
const MAX_INSTANCES = 20_000

/**
 * Makes empty statistics; origins are looked up in `origins`.
 *
 * A patch's time goes to those components that it made render, by how often each did: an estimate, as React does not say.
 */
export function createRenderStats(origins: ReadonlyMap<number, ProbeOrigin>): RenderStats {
  let components: ComponentStats[] = []
  const byKey = new Map<string, ComponentStats>()
  const byOrigin = new Map<number, ComponentStats>()
  let ms = 0

  const component = (name: string, source: string, hook: string): ComponentStats => {
    const full = byKey.size >= MAX_COMPONENTS
    const key = JSON.stringify([name, source, hook])
    let found = byKey.get(key)
    if (found === undefined && full) return byKey.get(OTHERS) ?? make(OTHERS, 'others', '', '')
    found ??= make(key, name, source, hook)
    return found
  }
  const make = (key: string, name: string, source: string, hook: string): ComponentStats => {
    const made = { name, source, hook, paths: new Set<string>(), instances: 0, told: 0, other: 0, ms: 0, causes: [] }
    byKey.set(key, made)
    components.push(made)
    return made
  }
  const instance = (id: number, known?: ProbeOrigin): ComponentStats => {
    let found = byOrigin.get(id)
    if (found !== undefined) return found
    const origin = known ?? origins.get(id)
    found = component(origin?.name ?? 'unknown', origin?.source ?? '', origin?.hook ?? '')
    if (byOrigin.size >= MAX_INSTANCES) byOrigin.delete(byOrigin.keys().next().value as number)
    byOrigin.set(id, found)
    found.instances++
    return found
  }

  const follows: RenderStats['follows'] = (store, path, listeners) => {
    for (const origin of listeners) {
      if (origin === null) continue
      const { paths } = instance(origin.id, origin)
      if (paths.size < MAX_PATHS) paths.add(`${store} ${formatPath(path)}`)
    }
  }

  return {
    follows,
    get components() {
      return components
    },
    get ms() {
      return ms
    },
    add(event) {
      if (event.type !== 'patch' && event.type !== 'runs') return
      const patch = event.type === 'patch' ? event : undefined
      const spent = patch === undefined ? 0 : patch.apply + patch.notify + patch.settle
      ms += spent
      for (const change of patch?.changes ?? []) follows(change.store, change.path, change.origins)
      // One row for each component, however many instances of it ran.
      const ran = new Map<ComponentStats, { told: number; other: number }>()
      let all = 0
      for (const run of event.runs) {
        const told = 'told' in run ? run.told : 0
        const of = instance(run.origin)
        const sum = ran.get(of) ?? { told: 0, other: 0 }
        sum.told += told
        sum.other += run.other
        all += told
        ran.set(of, sum)
      }
      for (const [of, { told, other }] of ran) {
        of.told += told
        of.other += other
        if (all > 0) of.ms += (spent * told) / all
        of.causes.push({ at: event.at, told, other, ...(patch === undefined ? {} : { patch }) })
        if (of.causes.length > MAX_CAUSES) of.causes.shift()
      }
    },
    of: (origin) => instance(origin.id, origin),
    clear() {
      components = []
      byKey.clear()
      byOrigin.clear()
      ms = 0
    },
  }
}

const OTHERS = 'others'
