import { startTransition, Suspense, use, type ReactNode } from 'react'
import { experimental } from 'react-concurrent-store'
import { afterEach, describe, expect, test } from 'vitest'
import { render } from 'vitest-browser-react'
import type { Client } from '@rivulet/client'
import { toExternalDataSource, type ExternalDataSource, type StateChange } from '@rivulet/client/concurrent'
import { closePages, openPage } from '../../client/test/support/page.ts'
import { Boundary } from './support/boundary.tsx'
import { createFakeClient } from './support/fake-client.ts'
import { FLEET, FleetStore, type FleetState } from './support/schema.ts'

// The ponyfill of the concurrent stores that React proposes, as published: a store in the proposed shape has to fit it as it is.
const { StoreProvider, createStoreFromSource, useStoreSelector } = experimental

afterEach(closePages)

type PonyfillStore = ReturnType<typeof createStoreFromSource<FleetState, StateChange<FleetState>>>

/** A store of the ponyfill over one of ours. */
function ponyfilled(client: Client): { readonly store: PonyfillStore; readonly stop: () => void } {
  const source: ExternalDataSource<FleetState, StateChange<FleetState>> = toExternalDataSource(client, FleetStore)
  const store = createStoreFromSource(source)
  return { store, stop: source.subscribe((action) => store.handleUpdate(action)) }
}

const title = (s: FleetState): string => s.title
const head = (s: FleetState): FleetState['head'] => s.head

const Title = ({ store }: { readonly store: PonyfillStore }): ReactNode => <p>{useStoreSelector(store, title)}</p>
const Head = ({ store, gate }: { readonly store: PonyfillStore; readonly gate: Promise<void> }): ReactNode => {
  const { name, count } = useStoreSelector(store, head)
  if (count === 1) use(gate)
  return <p>{`${name} ${count}`}</p>
}

/** A discrete event, which React lets overtake transitions. */
function click(act: () => void): void {
  const button = document.createElement('button')
  button.addEventListener('click', act)
  button.click()
}

describe('a store behind the ponyfill', () => {
  test('shows what arrives on a real page', async () => {
    const { client, fake } = openPage()
    fake.load(FleetStore, FLEET)
    const { store, stop } = ponyfilled(client)
    const screen = await render(
      <StoreProvider>
        <Title store={store} />
      </StoreProvider>,
    )
    await expect.element(screen.getByText('Harbour')).toBeVisible()
    fake.load(FleetStore, { ...FLEET, title: 'Port' })
    await expect.element(screen.getByText('Port')).toBeVisible()
    stop()
  })

  test('an urgent change is rebased by the reducer', async () => {
    const { client, store: fleet } = createFakeClient()
    const { store, stop } = ponyfilled(client)
    let release = (): void => undefined
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    const screen = await render(
      <StoreProvider>
        <Suspense fallback="waiting">
          <Head store={store} gate={gate} />
        </Suspense>
      </StoreProvider>,
    )
    startTransition(() => fleet.put(['head', 'count'], 1))
    click(() => fleet.put(['head', 'name'], 'renamed'))
    await expect.element(screen.getByText('renamed 0')).toBeVisible()
    release()
    await expect.element(screen.getByText('renamed 1')).toBeVisible()
    stop()
  })

  // Why the concurrent hook does not stand on it: inline selectors, and rows whose path changes, are what apps write.
  test('refuses another selector in a later render, as published', async () => {
    const { client } = createFakeClient()
    const { store, stop } = ponyfilled(client)
    const Field = ({ name }: { readonly name: 'title' | 'ticks' }): ReactNode => (
      <p>{useStoreSelector(store, (s: FleetState) => s[name])}</p>
    )
    const page = (name: 'title' | 'ticks'): ReactNode => (
      <Boundary>
        <StoreProvider>
          <Field name={name} />
        </StoreProvider>
      </Boundary>
    )
    const screen = await render(page('title'))
    await screen.rerender(page('ticks'))
    await expect.element(screen.getByText(/caught: .*dynamic selectors/)).toBeVisible()
    stop()
  })
})
