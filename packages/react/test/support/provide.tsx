import { RivuletProvider } from '@rivulet/react'
import type { Client } from '@rivulet/client'
import type { ReactNode } from 'react'

/** A `wrapper` for `render`: everything in it uses `client`. */
export function provide(client: Client): (props: { readonly children: ReactNode }) => ReactNode {
  return ({ children }) => <RivuletProvider client={client}>{children}</RivuletProvider>
}
