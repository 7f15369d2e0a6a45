import { type Client, createClient } from '@rivulet/client'
import { pageProbes } from '@rivulet/client/inspect'
import { RivuletProvider, useStore } from '@rivulet/react'
import { createRoot } from 'react-dom/client'
import { Echo, WorldStore } from '../generated/schema.ts'
import { liveApp, type Renders } from '../live/app.tsx'
import { directHost, directWorker } from './direct-link.ts'
import { countFrames } from './frames.ts'
import { Moved } from './moved-event.ts'
import { received } from './received.ts'
import { ROWS, STREAM } from './stream.ts'

// The page of the frames: 50 rows that change, events that are heard, calls; with devtools or without.

const renders: Renders = { byRow: new Map(), fallbacks: 0 }
let client: Client
const direct = directHost()
let changes = 0
let events = 0
const asked = new Set<Promise<void>>()
let answers = 0
let asking: ReturnType<typeof setInterval>

/** Opens the panel and picks a view. Resolves once the tab is picked; the view may still be loading. */
async function openView(view: string): Promise<void> {
  const { mountDevtools } = await import('@rivulet/devtools/production')
  mountDevtools({ open: true })
  const tab = await untilFound(`#rv-tab-${view}`)
  tab.click()
}

async function untilFound(selector: string): Promise<HTMLElement> {
  for (;;) {
    const panels = [...document.documentElement.children].map((one) =>
      one.shadowRoot?.querySelector('rivulet-devtools')?.shadowRoot?.querySelector<HTMLElement>(selector),
    )
    const found = panels.find((one) => one !== null && one !== undefined)
    if (found !== undefined && found !== null) return found
    await new Promise((resolve) => setTimeout(resolve, 4))
  }
}

Object.assign(globalThis, {
  /** Without a `url` the host is in the worker. */
  async startApp({ url, devtools }: { readonly url: string | null; readonly devtools: boolean }) {
    // Its button; a page without devtools loads nothing of them.
    if (devtools) await import('@rivulet/devtools/production')
    const host = url === null ? { url: 'http://host.test', worker: directWorker } : { url }
    client = createClient({ ...host, devtools, callTimeoutMs: 120_000 })
    // One subscription for all rows: the host is to send messages, not to sort them by row.
    client.store(WorldStore).subscribe(['entities'], () => void changes++)
    client.on(Moved, () => void events++)
    asking = setInterval(() => {
      const answered = client.call(Echo, { text: 'ask', n: answers }).then(
        () => void answers++,
        (error: unknown) => reportError(error),
      )
      asked.add(answered)
      void answered.then(() => asked.delete(answered))
    }, 1000 / STREAM.answers)
    const App = liveApp(
      {
        useEntity: (id) => useStore(WorldStore, ['entities', id]),
        Provider: ({ children }) => <RivuletProvider client={client}>{children}</RivuletProvider>,
        close: () => client.dispose(),
      },
      Array.from({ length: ROWS }, (_, i) => `e${i}`),
      renders,
    )
    createRoot(document.getElementById('root') as HTMLElement).render(<App />)
  },
  countFrames,
  /** The frames from the moment in which the panel is asked for. */
  async countOpening({ view, ms }: { readonly view: string; readonly ms: number }) {
    const frames = countFrames(ms)
    await openView(view)
    return frames
  },
  startStream: () => direct.start(),
  stopStream: () => direct.stop(),
  sentByStream: () => direct.sent(),
  async received() {
    const [probe] = pageProbes().clients
    if (probe === undefined) throw new Error('The page has no client that can be looked into.')
    return received(probe)
  },
  /** Nobody is asked any more, and nobody will answer. */
  async stop() {
    clearInterval(asking)
    await Promise.all(asked)
    await client.dispose()
  },
  /** What the page has got so far. */
  shown: () => ({ renders: [...renders.byRow.values()].reduce((sum, one) => sum + one, 0), changes, events, answers }),
})
