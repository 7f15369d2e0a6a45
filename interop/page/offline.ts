import { createClient, keepOffline } from '@rivulet/client'
import { RivuletProvider, useConnection, useStore, useStoreStatus } from '@rivulet/react'
import { createElement, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { AccountStore } from '../src/generated/schema.ts'

// A page that keeps its store, and writes down everything that it ever showed. `?server=` names the host, `&scope=` the user, `&every=` how often is saved, `&build=2` has another schema.

declare global {
  interface Window {
    /** What each component has rendered, in order. */
    shown: Record<string, string[]>
    /** When the host's last update came that is saved; 0 when nothing is. */
    savedUntil: () => Promise<number>
    problems: string[]
    /** How often it has tried to connect. */
    attempts: number
  }
}

const params = new URLSearchParams(location.search)

/** The same definition but for a field's name on the wire, as another build of the app may have it. */
function changed(types: typeof AccountStore.types): typeof AccountStore.types {
  return JSON.parse(
    JSON.stringify(types).replaceAll('"name":"title"', '"name":"title","wire":"Renamed"'),
  ) as typeof types
}

const store: typeof AccountStore =
  params.get('build') === '2' ? { ...AccountStore, types: changed(AccountStore.types) } : AccountStore

window.problems = []
window.attempts = 0
window.shown = {}
window.savedUntil = () =>
  new Promise((resolve, reject) => {
    const opening = indexedDB.open('rivulet-offline')
    opening.addEventListener('error', () => reject(new Error('the database cannot be opened')))
    opening.addEventListener('success', () => {
      const database = opening.result
      const all = database.transaction('states').objectStore('states').getAll()
      all.addEventListener('success', () => {
        database.close()
        resolve(Math.max(0, ...all.result.map(({ time }: { time: number }) => time)))
      })
    })
  })

const client = createClient({
  url: params.get('server') ?? '',
  offline: keepOffline({
    stores: [store],
    scope: params.get('scope') ?? 'ann',
    saveEveryMs: Number(params.get('every') ?? 50),
  }),
  reconnect: { minMs: 20, maxMs: 50 },
  onError: (error) => window.problems.push(error.message),
})

function note(name: string, text: string): string {
  ;(window.shown[name] ??= []).push(text)
  return text
}

function Title(): ReactNode {
  const title = useStore(store, 'title')
  return createElement('h1', { id: 'title' }, note('title', title))
}

function Row({ id }: { readonly id: string }): ReactNode {
  const value = useStore(store, ['rows', id])
  return createElement('li', { id: `row-${id}` }, note(`row ${id}`, String(value)))
}

function Count(): ReactNode {
  return createElement('output', { id: 'count' }, useStore(store, 'count'))
}

function Status(): ReactNode {
  const { status, loaded } = useStoreStatus(store, 'title')
  return createElement('p', { id: 'status' }, note('status', `${status} ${loaded ? 'loaded' : 'empty'}`))
}

client.connection.subscribe(() => {
  window.attempts = Math.max(window.attempts, client.connection.get().attempt)
})

function Connection(): ReactNode {
  const { state } = useConnection()
  return createElement('p', { id: 'connection' }, state === 'connected' ? 'up' : 'down')
}

const app = createElement(
  RivuletProvider,
  { client },
  createElement(Title),
  createElement(Row, { id: 'a' }),
  createElement(Row, { id: 'b' }),
  createElement(Count),
  createElement(Status),
  createElement(Connection),
)
createRoot(document.body.appendChild(document.createElement('div'))).render(app)
