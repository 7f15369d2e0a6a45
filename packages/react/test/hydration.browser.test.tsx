import { StrictMode, Suspense, use, type ReactNode } from 'react'
import { hydrateRoot, type Root } from 'react-dom/client'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { useConnection, useStore, useStoreStatus } from '@rivulet/react'
import { createFakeClient } from './support/fake-client.ts'
import { provide } from './support/provide.tsx'
import { FleetStore } from './support/schema.ts'

let host: HTMLElement
let root: Root | undefined

beforeEach(() => {
  host = document.body.appendChild(document.createElement('div'))
})
afterEach(() => {
  root?.unmount()
  host.remove()
  vi.restoreAllMocks()
})

// What a server renders, where nothing has arrived: zero values.
const HTML = '<p>[] 0 false loading connecting</p>'

const Fleet = (): ReactNode => {
  const title = useStore(FleetStore, 'title')
  const { ticks } = useStore(FleetStore, (s) => ({ ticks: s.ticks }))
  const { loaded, status } = useStoreStatus(FleetStore, 'title')
  return <p>{`[${title}] ${ticks} ${loaded} ${status} ${useConnection().state}`}</p>
}

test('hydrates with zero values although data is there already, then shows the data', async () => {
  const warnings = vi.spyOn(console, 'error')
  const mismatches: unknown[] = []
  const { client, setConnection } = createFakeClient()
  setConnection({ state: 'connected', since: 1, attempt: 0, clockOffset: 0 })
  host.innerHTML = HTML
  const before = host.firstElementChild
  const Page = provide(client)
  root = hydrateRoot(
    host,
    <StrictMode>
      <Page>
        <Fleet />
      </Page>
    </StrictMode>,
    { onRecoverableError: (error) => mismatches.push(error) },
  )
  await expect.poll(() => host.textContent).toBe('[Harbour] 1 true live connected')
  // The very element that the server sent: React has hydrated it and not rendered it anew.
  expect(host.firstElementChild).toBe(before)
  expect(mismatches).toEqual([])
  expect(warnings).not.toHaveBeenCalled()
})

test('a boundary that hydrates later still hydrates with zero values', async () => {
  const mismatches: unknown[] = []
  const { client, store: fleet } = createFakeClient()
  let go = (): void => undefined
  const gate = new Promise<void>((resolve) => {
    go = resolve
  })
  const Late = (): ReactNode => {
    use(gate)
    return <b>{useStore(FleetStore, 'title')}</b>
  }
  host.innerHTML = '<p>[] 0 false loading connecting</p><!--$--><b></b><!--/$-->'
  const late = host.querySelector('b')
  const Page = provide(client)
  root = hydrateRoot(
    host,
    <Page>
      <Fleet />
      <Suspense fallback={null}>
        <Late />
      </Suspense>
    </Page>,
    { onRecoverableError: (error) => mismatches.push(error) },
  )
  await expect.poll(() => host.querySelector('p')?.textContent).toContain('[Harbour]')
  fleet.put(['title'], 'Port')
  await expect.poll(() => host.querySelector('p')?.textContent).toContain('[Port]')
  expect(late?.textContent).toBe('')
  go()
  await expect.poll(() => host.querySelector('b')?.textContent).toBe('Port')
  expect(host.querySelector('b')).toBe(late)
  expect(mismatches).toEqual([])
})
