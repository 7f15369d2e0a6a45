import type { DevtoolsOptions } from './overlay/options.ts'

// What `@rivulet/devtools` is for bundlers that build for production: nothing. The entry itself knows too, but files that it would load later stay in some bundlers' output although nothing leads to them.

/** Does nothing: this is a production build. `@rivulet/devtools/production` has the devtools there too. */
export function mountDevtools(_options?: DevtoolsOptions): () => void {
  return () => {}
}

export type { Corner, DevtoolsOptions, Edge, Theme } from './overlay/options.ts'
