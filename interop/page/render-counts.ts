import { createClient } from '@rivulet/client'
import { RivuletProvider, useConnection, useStore } from '@rivulet/react'
import { createElement, Fragment, type ReactNode, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { AccountStore } from '../src/generated/schema.ts'

// A page that counts its renders. The test reads them, and what is on screen; `?server=` names the host, `&strict` turns StrictMode on.

declare global {
  interface Window {
    renders: Record<string, number>
  }
}

const params = new URLSearchParams(location.search)
const client = createClient({
  url: params.get('server') ?? '',
  sessions: true,
  reconnect: { minMs: 5, maxMs: 20 },
})
window.renders = {}

function counted(name: string): void {
  window.renders[name] = (window.renders[name] ?? 0) + 1
}

function Title(): ReactNode {
  const title = useStore(AccountStore, 'title')
  counted('title')
  return createElement('h1', { id: 'title' }, title)
}

function Count(): ReactNode {
  const count = useStore(AccountStore, 'count')
  counted('count')
  return createElement('output', { id: 'count' }, count)
}

function Row({ id }: { readonly id: string }): ReactNode {
  const value = useStore(AccountStore, ['rows', id])
  counted(`row ${id}`)
  return createElement('li', { id: `row-${id}` }, value)
}

function Marks(): ReactNode {
  const sum = useStore(AccountStore, (state) => (state.marks ?? []).reduce((a, b) => a + b, 0))
  counted('marks')
  return createElement('output', { id: 'marks' }, sum)
}

/** Renders with the connection, to show that the others do not. */
function Status(): ReactNode {
  const { state, session = 'none' } = useConnection()
  return createElement('p', { id: 'status' }, `${state} ${session}`)
}

const app = createElement(
  RivuletProvider,
  { client },
  createElement(Title),
  createElement(Count),
  createElement(Row, { id: 'a' }),
  createElement(Row, { id: 'b' }),
  createElement(Marks),
  createElement(Status),
)
createRoot(document.body.appendChild(document.createElement('main'))).render(
  createElement(params.has('strict') ? StrictMode : Fragment, null, app),
)
