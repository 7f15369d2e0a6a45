import { createElement, type ReactNode, useLayoutEffect } from 'react'
import { createRoot } from 'react-dom/client'

/** What a contestant shows: the x of one row, out of all of them. Undefined: it has none yet. */
export type UseX = () => number | undefined

/** How each contestant gets its first value. Only what is asked for is loaded. */
const contestants: Readonly<Record<string, (port: number) => Promise<UseX>>> = {
  rivulet: async (port) => (await import('./rivulet-page.ts')).startRivulet(port, false),
  kept: async (port) => (await import('./rivulet-page.ts')).startRivulet(port, true),
  colyseus: async (port) => (await import('./colyseus-page.ts')).startColyseus(port),
  fetch: async (port) => (await import('./fetch-page.ts')).startFetch(port),
}

const params = new URLSearchParams(location.search)
const name = params.get('contestant')

let shown!: (ms: number) => void
const firstValue = new Promise<number>((resolve) => {
  shown = resolve
})

function Cell({ useX }: { readonly useX: UseX }): ReactNode {
  const x = useX()
  useLayoutEffect(() => {
    if (x !== undefined) shown(performance.now())
  }, [x])
  return createElement('output', null, x ?? 'nothing yet')
}

/** Milliseconds from the start of the navigation until React has put the value into the document. */
Object.assign(globalThis, { firstValue: () => firstValue })

if (name !== null) {
  const start = contestants[name]
  if (start === undefined) throw new Error(`There is no contestant ${name}.`)
  const useX = await start(Number(params.get('port')))
  createRoot(document.querySelector('#root') as Element).render(createElement(Cell, { useX }))
}
