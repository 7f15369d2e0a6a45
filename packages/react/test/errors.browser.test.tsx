import type { ReactNode } from 'react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import { isRivuletError } from '@rivulet/client'
import {
  useClient,
  useConnection,
  useDataStream,
  useEvent,
  useRpc,
  useSend,
  useStore,
  useStoreStatus,
} from '@rivulet/react'
import { Boundary } from './support/boundary.tsx'
import { createFakeClient } from './support/fake-client.ts'
import { provide } from './support/provide.tsx'
import { Add, FleetStore, Ping, Tick, Video } from './support/schema.ts'

beforeEach(() => {
  // React logs what a boundary catches; the tests look at what it shows.
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
})
afterEach(() => {
  vi.restoreAllMocks()
})

test('an error in a selector reaches the error boundary; others live on', async () => {
  const { client, store: fleet } = createFakeClient()
  const Fragile = (): ReactNode => (
    <p>
      {useStore(FleetStore, (s) => {
        if (s.ticks === 13) throw new Error('unlucky')
        return s.ticks
      })}
    </p>
  )
  const Sturdy = (): ReactNode => <h1>{useStore(FleetStore, (s) => `${s.ticks} ticks`)}</h1>
  const screen = await render(
    <>
      <Boundary>
        <Fragile />
      </Boundary>
      <Sturdy />
    </>,
    { wrapper: provide(client) },
  )
  await expect.element(screen.getByText('1 ticks')).toBeVisible()
  fleet.put(['ticks'], 13)
  await expect.element(screen.getByText('caught: unlucky')).toBeVisible()
  await expect.element(screen.getByText('13 ticks')).toBeVisible()
  fleet.put(['ticks'], 14)
  await expect.element(screen.getByText('14 ticks')).toBeVisible()
  await expect.poll(() => fleet.followed()).toEqual(['ticks'])
})

test('an error in an equality reaches the error boundary', async () => {
  const { client, store: fleet } = createFakeClient()
  const broken = (): boolean => {
    throw new Error('no equal')
  }
  const Fragile = (): ReactNode => <p>{useStore(FleetStore, (s) => s.ticks, broken)}</p>
  const screen = await render(
    <Boundary>
      <Fragile />
    </Boundary>,
    { wrapper: provide(client) },
  )
  await expect.element(screen.getByText('1')).toBeVisible()
  fleet.put(['ticks'], 2)
  await expect.element(screen.getByText('caught: no equal')).toBeVisible()
})

const hooks: Record<string, () => void> = {
  useClient: () => void useClient(),
  useStore: () => void useStore(FleetStore, 'title'),
  useStoreStatus: () => void useStoreStatus(FleetStore),
  useRpc: () => void useRpc(Add),
  useSend: () => void useSend(Ping),
  useEvent: () => useEvent(Tick, () => undefined),
  useConnection: () => void useConnection(),
  useDataStream: () => void useDataStream(Video, 'bow'),
}

test.for(Object.keys(hooks))('%s without a client says what to do', async (name) => {
  let caught: unknown
  const useIt = hooks[name] as () => void
  const Lost = (): ReactNode => {
    useIt()
    return null
  }
  await render(<Lost />, {
    createRootOptions: {
      onUncaughtError: (error: unknown) => {
        caught = error
      },
    },
  }).catch((error: unknown) => {
    caught = error
  })
  expect(isRivuletError(caught) && caught.code).toBe('config')
  expect(String(caught)).toContain('<RivuletProvider client={createClient({ url })}>')
})
