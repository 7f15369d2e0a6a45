import type { Path } from '@rivulet/client'
import { pathOf } from './path-of.ts'

/** What a component asks a store for: one top-level field, a path, or a selection. */
export type StoreQuery = string | Path | ((state: unknown) => unknown)

/** Whether two selected values are the same to the component. */
export type Equality = (a: unknown, b: unknown) => boolean

/** How DevTools shows a query. */
export function describeQuery(name: string, query: StoreQuery): string {
  if (typeof query === 'function') return `${name} (${query.name || 'selector'})`
  return [name, ...pathOf(query).map(String)].join('.')
}
