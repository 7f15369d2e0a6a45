import type { StoreCore } from './page-store.ts'
import type { PageStore } from './types.ts'

/** What is behind the stores of this copy of the package, for features that are not part of every page. */
export const cores: WeakMap<PageStore<unknown>, StoreCore> = new WeakMap()
