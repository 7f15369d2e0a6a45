import { mountDevtools as mount } from './overlay/mount-devtools.ts'
import type { DevtoolsOptions } from './overlay/options.ts'

/** Replaced by the app's bundler, which then drops what is not reached. */
declare const process: { readonly env: { readonly NODE_ENV?: string } }

let inDevelopment: typeof mount | undefined
try {
  if (process.env.NODE_ENV !== 'production') inDevelopment = mount
} catch {
  // A page that is served as it is has no `process`: that is no production build. A test for it would stay in one, and all of this with it.
  inDevelopment = mount
}

/**
 * Puts the devtools on the page, in development; in production it does nothing and none of it is in the bundle. Importing this entry has mounted them already: call it for other options.
 *
 * @returns what takes this mount off the page again
 *
 * @example
 * import { mountDevtools } from '@rivulet/devtools'
 *
 * mountDevtools({ position: 'bottom-left', hotkey: false })
 */
export const mountDevtools: (options?: DevtoolsOptions) => () => void = inDevelopment ?? (() => () => {})

inDevelopment?.()

export type { Corner, DevtoolsOptions, Edge, Theme } from './overlay/options.ts'
