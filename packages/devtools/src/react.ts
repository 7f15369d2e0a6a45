'use client'

import { useEffect, type ReactNode } from 'react'
import { mountDevtools } from './overlay/mount-devtools.ts'
import type { DevtoolsOptions } from './overlay/options.ts'

function Devtools({ open, position, dock, hotkey, theme }: DevtoolsOptions): ReactNode {
  useEffect(() => {
    const given = { open, position, dock, hotkey, theme }
    return mountDevtools(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)))
  }, [open, position, dock, hotkey, theme])
  return null
}

/** Replaced by the app's bundler, which then drops what is not reached. */
declare const process: { readonly env: { readonly NODE_ENV?: string } }

let inDevelopment: typeof Devtools | undefined
try {
  if (process.env.NODE_ENV !== 'production') inDevelopment = Devtools
} catch {
  // A page that is served as it is has no `process`: that is no production build. A test for it would stay in one, and all of this with it.
  inDevelopment = Devtools
}

/**
 * The devtools for as long as this is rendered: a button in a corner of the page. It renders nothing where it stands, nothing on a server, and in production it is empty and none of the devtools are in the bundle.
 *
 * @example
 * root.render(<><App /><RivuletDevtools position="bottom-left" /></>)
 */
export const RivuletDevtools: (options: DevtoolsOptions) => ReactNode = inDevelopment ?? (() => null)

export type { Corner, DevtoolsOptions, Edge, Theme } from './overlay/options.ts'
