import { type ClientOptions, createClient } from '@rivulet/client'
import { RivuletProvider } from '@rivulet/react'
import { StrictMode, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { serverUrl } from './server-url.ts'

/** Shows `app` on a client of the host that the page's address names, or what is wrong with that address. */
export function openPage(app: ReactNode, options: Omit<ClientOptions, 'url'> = {}): void {
  const root = document.querySelector('#root')
  if (root === null) throw new Error('index.html has no element with the id "root"')
  createRoot(root).render(<StrictMode>{connected(app, options)}</StrictMode>)
}

function connected(app: ReactNode, options: Omit<ClientOptions, 'url'>): ReactNode {
  try {
    const client = createClient({ ...options, url: serverUrl(location.href) })
    return <RivuletProvider client={client}>{app}</RivuletProvider>
  } catch (error) {
    return (
      <p className="app" role="alert">
        {error instanceof Error ? error.message : String(error)}
      </p>
    )
  }
}
