import type { DevtoolsOptions } from './overlay/options.ts'

/** Renders nothing: this is a production build. */
export function RivuletDevtools(_options: DevtoolsOptions): null {
  return null
}

export type { Corner, DevtoolsOptions, Edge, Theme } from './overlay/options.ts'
