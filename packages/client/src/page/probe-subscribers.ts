import type { Observation } from './observation.ts'
import type { OriginBook } from './origin-book.ts'
import type { StoreCore } from './page-store.ts'
import type { PathNode } from './path-node.ts'
import type { ProbeOrigin, ProbeSubscriber } from './probe.ts'

/** Origins that are listed one by one of a path that very many listen to. */
const MAX_ORIGINS = 1000

/** Everybody who listens to a store, path by path; lists after values. */
export function listSubscribers(core: StoreCore, observation: Observation, book: OriginBook): ProbeSubscriber[] {
  const out: ProbeSubscriber[] = []
  const add = (node: PathNode): void => {
    if (node.listeners.size === 0) return
    const { origins, others } = originsAt(node, observation, book, MAX_ORIGINS)
    const { path, version, list } = node
    const status = list === null ? core.page.status(path) : node.status
    out.push({ path, status, version, origins, ...(others > 0 && { others }), ...(list !== null && { list: true }) })
  }
  const walk = (node: PathNode): void => {
    add(node)
    for (const child of node.children?.values() ?? []) walk(child)
  }
  walk(core.root)
  for (const [node, store] of observation.lists) if (store === core) add(node)
  return out
}

/** Who listens at a node: at most `max` of them, and how many more. */
export function originsAt(
  node: PathNode,
  { origins: known }: Observation,
  book: OriginBook,
  max: number,
): { readonly origins: readonly (ProbeOrigin | null)[]; readonly others: number } {
  const origins: (ProbeOrigin | null)[] = []
  for (const { listener } of node.listeners) {
    if (origins.length >= max) break
    const origin = known.get(listener)
    origins.push(origin === undefined ? null : book.face(origin))
  }
  return { origins, others: node.listeners.size - origins.length }
}
