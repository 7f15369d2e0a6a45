import { RivuletError } from '@rivulet/client'
import { memo, type ReactNode } from 'react'
import { expect, test } from 'vitest'
import { render } from 'vitest-browser-react'
import { useClient, useConnection, useStore, useStoreStatus } from '@rivulet/react'
import { createFakeClient } from './support/fake-client.ts'
import { provide } from './support/provide.tsx'
import { renderCount } from './support/render-count.ts'
import { FleetStore } from './support/schema.ts'

test('feature 183: useStoreStatus tells status, error, and that data has arrived once and for all', async () => {
  const { client, store: fleet } = createFakeClient(null)
  const counts = renderCount()
  const Status = (): ReactNode => {
    const { status, loaded, error } = useStoreStatus(FleetStore, ['rows', 'r1'])
    counts.add('status')
    return <p>{`${status} ${loaded} ${error?.code}`}</p>
  }
  const screen = await render(<Status />, { wrapper: provide(client) })
  await expect.element(screen.getByText('loading false undefined')).toBeVisible()
  fleet.setStatus('live')
  await expect.element(screen.getByText('live true undefined')).toBeVisible()
  fleet.setStatus('stale')
  await expect.element(screen.getByText('stale true undefined')).toBeVisible()
  fleet.setStatus('error', new RivuletError('denied', 'no access'))
  await expect.element(screen.getByText('error true denied')).toBeVisible()
  counts.reset()
  // Said again, changed in nothing: nobody renders.
  fleet.setStatus('error', new RivuletError('denied', 'no access either'))
  fleet.setStatus('live')
  fleet.setStatus('live')
  await expect.element(screen.getByText('live true undefined')).toBeVisible()
  expect(fleet.subscriptions).toBe(0)
})

test('a change of status renders nobody who reads values, and a change of value nobody who reads status', async () => {
  const { client, store: fleet, setConnection } = createFakeClient()
  const counts = renderCount()
  const Value = memo((): ReactNode => {
    counts.add('value')
    return <p>{useStore(FleetStore, 'ticks')}</p>
  })
  const Status = memo((): ReactNode => {
    counts.add('status')
    return <p>{useStoreStatus(FleetStore).status}</p>
  })
  const Connection = memo((): ReactNode => {
    counts.add('connection')
    const { state, attempt } = useConnection()
    return <p>{`${state} ${attempt}`}</p>
  })
  const screen = await render(
    <>
      <Value />
      <Status />
      <Connection />
    </>,
    { wrapper: provide(client) },
  )
  counts.reset()
  fleet.setStatus('stale')
  await expect.element(screen.getByText('stale')).toBeVisible()
  expect(counts.all()).toEqual({ status: 1 })
  setConnection({ state: 'disconnected', since: 2, attempt: 3, clockOffset: null })
  await expect.element(screen.getByText('disconnected 3')).toBeVisible()
  expect(counts.all()).toEqual({ connection: 1, status: 1 })
  fleet.put(['ticks'], 2)
  await expect.element(screen.getByText('2', { exact: true })).toBeVisible()
  expect(counts.all()).toEqual({ connection: 1, status: 1, value: 1 })
})

test('useClient gives the client of the nearest provider', async () => {
  const outer = createFakeClient()
  const inner = createFakeClient()
  const seen: unknown[] = []
  const Look = (): ReactNode => {
    seen.push(useClient())
    return null
  }
  const Inner = provide(inner.client)
  await render(
    <>
      <Look />
      <Inner>
        <Look />
      </Inner>
    </>,
    { wrapper: provide(outer.client) },
  )
  expect(seen).toEqual([outer.client, inner.client])
})
