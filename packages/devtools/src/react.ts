'use client'

import { useEffect, type ReactNode } from 'react'
import { mountDevtools } from './overlay/mount-devtools.ts'
import type { DevtoolsOptions } from './overlay/options.ts'

/** Replaced by the app's bundler, which then drops what is not reached. */
declare const process: { readonly env: { readonly NODE_ENV?: string } }

function Devtools({ open, position, dock, hotkey, theme }: DevtoolsOptions): ReactNode {
  useEffect(() => {
    const given = { open, position, dock, hotkey, theme }
    return mountDevtools(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)))
  }, [open, position, dock, hotkey, theme])
  return null
}

/**
 * The devtools for as long as this is rendered: a button in a corner of the page. It renders nothing where it stands, nothing on a server, and in production it is empty and none of the devtools are in the bundle.
 *
 * @example
 * root.render(<><App /><RivuletDevtools position="bottom-left" /></>)
 */
export const RivuletDevtools: (options: DevtoolsOptions) => ReactNode =
  process.env.NODE_ENV === 'production' ? () => null : Devtools

export type { Corner, DevtoolsOptions, Edge, Theme } from './overlay/options.ts'
