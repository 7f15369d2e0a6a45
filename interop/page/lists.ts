import { createClient, type StoreDiff } from '@rivulet/client'
import { RivuletProvider, useStore, useStoreDiff, useStoreSize, useStoreWindow } from '@rivulet/react'
import { createElement, memo, type ReactNode, StrictMode, useEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { AccountStore } from '../src/generated/schema.ts'

// A virtual list over a large map, and a canvas beside it. The test reads what is on screen, what rendered, and what the canvas was told; `?server=` names the host.

declare global {
  interface Window {
    lists: {
      renders: Record<string, number>
      /** Every text that the list ever showed. */
      shown: string[]
      /** What the canvas was told, as numbers of rows. */
      diffs: { added: number; removed: readonly string[]; changed: readonly string[] }[]
      /** What it shows. */
      drawn: Map<string, number>
      scroll: (offset: number) => void
    }
  }
}

const params = new URLSearchParams(location.search)
const client = createClient({
  url: params.get('server') ?? '',
  reconnect: { minMs: 5, maxMs: 20 },
})
const accounts = client.store(AccountStore)
const noted: Window['lists'] = { renders: {}, shown: [], diffs: [], drawn: new Map(), scroll: () => undefined }
const { renders, shown, diffs, drawn } = noted
window.lists = noted

function counted(name: string): void {
  renders[name] = (renders[name] ?? 0) + 1
}

const Row = memo(function Row({ id }: { readonly id: string }): ReactNode {
  const value = useStore(AccountStore, ['rows', id])
  counted(`row ${id}`)
  return createElement('li', null, `${id}=${value}`)
})

function List(): ReactNode {
  const [offset, setOffset] = useState(0)
  useEffect(() => {
    noted.scroll = setOffset
  }, [])
  const {
    keys,
    total,
    offset: from,
  } = useStoreWindow(AccountStore, 'rows', { orderBy: [], direction: 'desc', offset, limit: 5 })
  counted('list')
  const text = `${from}/${total}: ${keys.join()}`
  shown.push(text)
  return createElement(
    'section',
    null,
    createElement('h1', { id: 'list' }, text),
    keys.map((id) => createElement(Row, { key: id, id })),
  )
}

function Sizes(): ReactNode {
  const negative = useStoreSize(AccountStore, 'rows', { where: { field: [], op: '<', value: 0 } })
  return createElement('output', { id: 'sizes' }, `${useStoreSize(AccountStore, 'rows')} ${negative}`)
}

function Canvas(): ReactNode {
  counted('canvas')
  useStoreDiff(AccountStore, 'rows', ({ added, removed, changed }: StoreDiff<string>) => {
    diffs.push({ added: added.length, removed, changed })
    for (const id of removed) drawn.delete(id)
    for (const id of [...added, ...changed]) drawn.set(id, Number(accounts.get(['rows', id])))
  })
  return null
}

const app = createElement(RivuletProvider, { client }, createElement(List), createElement(Sizes), createElement(Canvas))
createRoot(document.body.appendChild(document.createElement('main'))).render(createElement(StrictMode, null, app))
