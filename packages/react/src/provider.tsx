import type { Client } from '@rivulet/client'
import type { ReactNode } from 'react'
import { ClientContext } from './context.ts'

/**
 * Gives a client to the hooks below. The app owns the client: the provider neither connects nor disposes it, so StrictMode and hidden
 * trees cannot end a connection that others use. Providers nest; the nearest one counts.
 *
 * @example
 * const client = createClient({ url: 'https://example.com' })
 * createRoot(element).render(<RivuletProvider client={client}><App /></RivuletProvider>)
 */
export function RivuletProvider({
  client,
  children,
}: {
  readonly client: Client
  readonly children?: ReactNode
}): ReactNode {
  return <ClientContext.Provider value={client}>{children}</ClientContext.Provider>
}
