import type { ReactNode } from 'react'
import { expect, test } from 'vitest'
import { render } from 'vitest-browser-react'
import { createHooks, RivuletProvider, useStore as useProvidedStore } from '@rivulet/react'
import { createFakeClient } from './support/fake-client.ts'
import { Add, FleetStore, Note, Ping, Tick } from './support/schema.ts'

test('hooks of a client need no provider, and ignore one', async () => {
  const fake = createFakeClient()
  const other = createFakeClient({ title: 'Other' })
  const { useStore, useStoreStatus, useRpc, useSend, useEvent, useConnection } = createHooks(fake.client)
  const heard: number[] = []
  const Page = ({ hear }: { readonly hear: (at: number) => void }): ReactNode => {
    const add = useRpc(Add)
    const ping = useSend(Ping)
    useEvent(Tick, ({ at }) => hear(at))
    useEvent(Note, 'red', ({ at }) => hear(at))
    const title: string = useStore(FleetStore, 'title')
    const sum: number = useStore(FleetStore, (s) => s.ticks + s.head.count)
    return (
      <button
        type="button"
        onClick={() => {
          void add({ by: 1 })
          void ping({ at: 2 })
        }}
      >
        {title} {sum} {useStoreStatus(FleetStore).status} {useConnection().state}
      </button>
    )
  }
  const screen = await render(
    <RivuletProvider client={other.client}>
      <Page hear={(at) => heard.push(at)} />
    </RivuletProvider>,
  )
  await expect.element(screen.getByRole('button')).toHaveTextContent('Harbour 1 live connecting')
  await screen.getByRole('button').click()
  expect(fake.calls.map(({ args }) => args)).toEqual([{ by: 1 }])
  expect(fake.sent.map(({ args }) => args)).toEqual([{ at: 2 }])
  fake.emit(Tick, { at: 5 })
  fake.emit(Note, { at: 6 }, 'red')
  expect(heard).toEqual([5, 6])
  fake.store.put(['title'], 'Port')
  await expect.element(screen.getByRole('button')).toHaveTextContent('Port 1 live connecting')
  expect(other.store.subscriptions).toBe(0)
})

test('hooks of two clients live side by side', async () => {
  const a = createFakeClient({ title: 'A' })
  const b = createFakeClient({ title: 'B' })
  const hooksOfB = createHooks(b.client)
  const Page = (): ReactNode => (
    <p>
      {useProvidedStore(FleetStore, 'title')} {hooksOfB.useStore(FleetStore, 'title')}
    </p>
  )
  const screen = await render(
    <RivuletProvider client={a.client}>
      <Page />
    </RivuletProvider>,
  )
  await expect.element(screen.getByText('A B')).toBeVisible()
  b.store.put(['title'], 'C')
  await expect.element(screen.getByText('A C')).toBeVisible()
})
