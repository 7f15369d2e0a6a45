import { RivuletProvider, useStore } from '@rivulet/react'
import { StrictMode, type ReactNode } from 'react'
import { afterEach, expect, test } from 'vitest'
import { render } from 'vitest-browser-react'
import { withResubAutoSubscriptions } from '@rivulet/client/resub'
import { closePages, openPage } from '../../client/test/support/page.ts'
import { ReStreamSocket } from '../src/index.ts'
import { HarbourStore } from './emitted/HarbourStore.ts'
import { NewTitle } from './steps/NewTitle.tsx'
import { boatNamed, HarbourDef, someHarbour } from './support/harbour-schema.ts'

// An old component on an old store beside a new one, in Chromium. (steps/HarbourStore.ts has legacy decorators, which not every tool on the way here reads; its store is emitted/HarbourStore.ts with the same getter.)

afterEach(closePages)

const harbour = new HarbourStore()
const OldTitle = withResubAutoSubscriptions(function OldTitle(): ReactNode {
  return <h2>{harbour.getTitle()}</h2>
})
const OldBoat = withResubAutoSubscriptions(function OldBoat(): ReactNode {
  return <p>{`old: ${harbour.getBoat('boats%&a')?.name} ${harbour.getBoat('boats%&a')?.at.lat}`}</p>
})
function NewBoat(): ReactNode {
  return <p>{`new: ${useStore(HarbourDef, ['boats', 'a'])?.name}`}</p>
}

test('step 4: old and new components share one subscription, and change together', async () => {
  const { client, fake } = openPage()
  const rss = new ReStreamSocket(client)
  fake.load(HarbourDef, someHarbour())
  const screen = await render(
    <StrictMode>
      <RivuletProvider client={rss.client}>
        <OldTitle />
        <NewTitle />
        <OldBoat />
        <NewBoat />
      </RivuletProvider>
    </StrictMode>,
  )
  await expect.element(screen.getByRole('heading', { level: 2 })).toHaveTextContent('Hafen → 🛥')
  await expect.element(screen.getByRole('heading', { level: 1 })).toHaveTextContent('Hafen → 🛥')
  await expect.element(screen.getByText('old: Ada 1')).toBeVisible()
  await expect.element(screen.getByText('new: Ada')).toBeVisible()
  // Each path once, whoever reads it.
  expect([...fake.watches.values()].map(({ path }) => path.join('.')).toSorted()).toEqual(['boats.a', 'title'])

  fake.load(HarbourDef, { ...someHarbour(), title: 'Port', boats: new Map([['a', boatNamed('Eve', 9)]]) })
  await expect.element(screen.getByRole('heading', { level: 2 })).toHaveTextContent('Port')
  await expect.element(screen.getByRole('heading', { level: 1 })).toHaveTextContent('Port')
  await expect.element(screen.getByText('old: Eve 9')).toBeVisible()
  await expect.element(screen.getByText('new: Eve')).toBeVisible()
  await screen.unmount()
  await rss.dispose()
})

test('a component that renders before there is a socket shows zero, and the data when there is one', async () => {
  const screen = await render(<OldBoat />)
  await expect.element(screen.getByText('old: undefined undefined')).toBeVisible()
  const { client, fake } = openPage()
  fake.load(HarbourDef, someHarbour())
  const rss = new ReStreamSocket(client)
  await expect.element(screen.getByText('old: Ada 1')).toBeVisible()
  await rss.dispose()
  await expect.element(screen.getByText('old: undefined undefined')).toBeVisible()
})
