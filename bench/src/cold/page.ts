import type { ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { firstValue } from './cell.ts'

/** How each contestant gets its first value. Only what is asked for is loaded. */
const contestants: Readonly<Record<string, (port: number) => Promise<ReactNode>>> = {
  rivulet: async (port) => (await import('./rivulet-page.ts')).startRivulet(port, false),
  kept: async (port) => (await import('./rivulet-page.ts')).startRivulet(port, true),
  colyseus: async (port) => (await import('./colyseus-page.ts')).startColyseus(port),
  fetch: async (port) => (await import('./fetch-page.ts')).startFetch(port),
}

const params = new URLSearchParams(location.search)
const name = params.get('contestant')

Object.assign(globalThis, { firstValue: () => firstValue })

if (name !== null) {
  const start = contestants[name]
  if (start === undefined) throw new Error(`There is no contestant ${name}.`)
  createRoot(document.querySelector('#root') as Element).render(await start(Number(params.get('port'))))
}
