import { createClient } from '@rivulet/client'
import { RivuletProvider } from '@rivulet/react'
import { StrictMode, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/app.tsx'
import { serverUrl } from './game/server-url.ts'

const root = document.querySelector('#root')
if (root === null) throw new Error('index.html has no element with the id "root"')

createRoot(root).render(<StrictMode>{open(location.href)}</StrictMode>)

/** The game of the server that the page's address names, or what is wrong with that address. */
function open(page: string): ReactNode {
  try {
    // In production too, where it is off unless asked for: see app/devtools-button.tsx.
    const options = { url: serverUrl(page), devtools: true }
    const client = createClient(options)
    return (
      <RivuletProvider client={client}>
        <App />
      </RivuletProvider>
    )
  } catch (error) {
    return (
      <p className="app" role="alert">
        {error instanceof Error ? error.message : String(error)}
      </p>
    )
  }
}
