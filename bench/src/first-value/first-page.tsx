import { createRoot } from 'react-dom/client'
import { liveApp } from '../live/app.tsx'
import type { OpenLive } from '../live/live-model.ts'

declare global {
  /** Milliseconds from the start of the navigation to the first row that shows a value; set once it does. */
  var firstValueMs: number | undefined
}

/** Starts the application as an app's entry does, with the host that the address names. */
export async function startFirst(open: OpenLive): Promise<void> {
  const ids = Array.from({ length: 10 }, (_, i) => `e${i}`)
  const element = document.getElementById('root') as HTMLElement
  const observer = new MutationObserver(() => {
    const now = performance.now()
    const cells = [...element.querySelectorAll('li')]
    if (cells.length === 0 || cells.some((cell) => cell.textContent === '' || cell.textContent === '0')) return
    observer.disconnect()
    globalThis.firstValueMs = now
  })
  observer.observe(element, { subtree: true, childList: true, characterData: true })
  const url = new URLSearchParams(location.search).get('host')
  if (url === null) throw new Error('The address names no host.')
  const App = liveApp(await open(url), ids)
  createRoot(element).render(<App />)
}
