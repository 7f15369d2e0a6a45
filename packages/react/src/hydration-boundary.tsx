'use client'

import { hydrate } from '@rivulet/client/ssr'
import type { ReactNode } from 'react'
import { useClient } from './context.ts'

/**
 * Gives the client of the nearest `RivuletProvider` the state that a server has rendered with, before what is in it renders: `hydrate` for frameworks whose loaders pass data to components. Boundaries may stand anywhere, each
 * with a state of its own; another `state` is taken too.
 *
 * @throws RivuletError `config` when there is no provider above, `protocol` when `state` is not what `dehydrate` has returned.
 *
 * @example
 * <HydrationBoundary state={loaderData.rivulet}><Board /></HydrationBoundary>
 */
export function HydrationBoundary({
  state,
  children,
}: {
  readonly state: string
  readonly children?: ReactNode
}): ReactNode {
  const client = useClient()
  // In render, because what is below reads it in the same one. It is a cache that is filled: doing it twice, or in a render that is thrown away, changes nothing.
  hydrate(client, state)
  return children
}
