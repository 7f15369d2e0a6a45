import { createRoot, type Root } from 'react-dom/client'
import { liveApp, type Renders } from './app.tsx'
import type { LiveName } from './contestant.ts'
import { latencies, startLatencies } from './latencies.ts'
import type { LiveModel } from './live-model.ts'
import { openLive } from './open/all.ts'

// The page of `inp`, `reconnect` and `memory`: one application, state by whoever is asked for.

interface Start {
  readonly name: LiveName
  readonly url: string
  readonly ids: readonly string[]
}

let root: Root
let model: LiveModel
let renders: Renders

async function startApp({ name, url, ids }: Start): Promise<void> {
  model = await openLive[name](url)
  mount(ids)
}

function mount(ids: readonly string[]): void {
  renders = { byRow: new Map(), fallbacks: 0 }
  const App = liveApp(model, ids, renders)
  root = createRoot(document.getElementById('root') as HTMLElement)
  root.render(<App />)
}

/** Resolves with the time once these rows show these values; rejects when that takes longer than 20 s. */
function untilRows(values: Readonly<Record<string, number>>): Promise<number> {
  const missing = new Map(Object.entries(values))
  const element = document.getElementById('root') as HTMLElement
  const look = (): boolean => {
    for (const [id, x] of missing) {
      if (element.querySelector(`[data-id="${id}"]`)?.textContent === String(x)) missing.delete(id)
      else return false
    }
    return true
  }
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      observer.disconnect()
      reject(new Error(`The page never showed ${JSON.stringify([...missing].slice(0, 3))}.`))
    }, 20_000)
    const settle = (): void => {
      const now = performance.timeOrigin + performance.now()
      if (!look()) return
      clearTimeout(timer)
      observer.disconnect()
      resolve(now)
    }
    const observer = new MutationObserver(settle)
    observer.observe(element, { subtree: true, childList: true, characterData: true })
    settle()
  })
}

Object.assign(globalThis, {
  startApp,
  untilRows,
  startLatencies,
  latencies,
  rendered: () => ({ byRow: Object.fromEntries(renders.byRow), fallbacks: renders.fallbacks }),
  /** Unmounts and mounts again, this many times, each time until every row shows what it showed before. Here and not in the benchmark, whose every question leaves something on the page. */
  async remount({ values, times }: { readonly values: Readonly<Record<string, number>>; readonly times: number }) {
    for (let i = 0; i < times; i++) {
      root.unmount()
      mount(Object.keys(values))
      await untilRows(values)
    }
  },
  /** The same with a new client. */
  async reopen({
    name,
    url,
    values,
    times,
  }: Omit<Start, 'ids'> & { values: Readonly<Record<string, number>>; times: number }) {
    for (let i = 0; i < times; i++) {
      root.unmount()
      await model.close()
      await startApp({ name, url, ids: Object.keys(values) })
      await untilRows(values)
    }
  },
  /** Of the page and its workers, after a collection. */
  async heapBytes() {
    const memory = performance as never as { measureUserAgentSpecificMemory(): Promise<{ readonly bytes: number }> }
    return (await memory.measureUserAgentSpecificMemory()).bytes
  },
})
