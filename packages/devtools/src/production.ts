import { mountDevtools } from './overlay/mount-devtools.ts'

/*
 * The devtools also where `NODE_ENV` is `production`: for a build that is to be looked into. As the main entry, importing it mounts them. The panel sees the clients that were made with `devtools` on.
 */

if (typeof document !== 'undefined') mountDevtools()

export { mountDevtools }
export type { Corner, DevtoolsOptions, Edge, Theme } from './overlay/options.ts'
