// An entry of its own, so that only pages with optimistic calls load what they need.
export { optimistic } from './page/optimistic.ts'
export type { Draft, Drafts, Optimistic, OptimisticOptions } from './page/optimistic-types.ts'
